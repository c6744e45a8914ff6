"""Which notices to people are due."""

from msgspec.structs import replace

from bot.domain.models import Cause
from bot.domain.transitions.alerting import QUIET, Notices, due
from tests.makers import DAY, HOUR, MINUTE, NOON

CAUSE = Cause(key="site:uk", kind="site", text="down", since=NOON)
TOLD = replace(CAUSE, told_at=NOON)
GONE = replace(TOLD, gone_at=NOON + HOUR)


def asked(*causes: Cause, after: object = HOUR, kinds: tuple[str, ...] = ("site",)) -> Notices:
    """What is due so long after noon."""
    return due(causes, kinds=kinds, remind_every=DAY, now=NOON + after)  # type: ignore[operator]


def test_a_new_cause_is_told_once() -> None:
    """And after that not again, but for a reminder a day."""
    assert Notices(new=(CAUSE,)) == asked(CAUSE)
    assert Notices() == asked(TOLD)
    assert Notices(reminders=(TOLD,)) == asked(TOLD, after=DAY)


def test_its_end_is_told_where_it_lasts() -> None:
    """What may be back in a moment isn't solved yet."""
    assert Notices() == asked(GONE, after=HOUR + QUIET - MINUTE / 60)
    assert Notices(solved=(GONE,)) == asked(GONE, after=HOUR + QUIET)


def test_what_nobody_was_told_of_is_forgotten() -> None:
    """There is no "solved" for it."""
    unseen = replace(GONE, told_at=None)

    assert Notices(over=(unseen,)) == asked(unseen, after=DAY)


def test_only_what_is_wanted() -> None:
    """Other kinds are noted, and not told; their end is no news either."""
    assert Notices() == asked(CAUSE, kinds=("disk",))
    assert Notices(over=(GONE,)) == asked(GONE, after=DAY, kinds=("disk",))
