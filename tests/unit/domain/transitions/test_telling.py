"""What WordPress is told of a post, and which notices to people are due."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.models import Cause, Share, ShareField, State
from bot.domain.transitions.telling import QUIET, Notices, due, told
from tests.makers import DAY, HOUR, MINUTE, NOON, share

URL = "https://social.example/@uk/1"
OTHER = "https://social.example/@de/2"


def shared(url: str = URL, **fields: Any) -> Share:
    """A share that stands."""
    return share(state=State.SHARED, url=url, **fields)


@pytest.mark.parametrize(
    ("shares", "field"),
    [
        ([], ShareField()),
        ([share()], ShareField()),
        ([share(error="trying again")], ShareField()),
        ([shared()], ShareField(url=URL)),
        ([shared(error="doesn't follow its post")], ShareField(url=URL)),
        ([shared(OTHER, account="de"), shared()], ShareField(url=URL)),
        ([shared(OTHER, account="de"), share(state=State.FAILED, error="no")], ShareField(url=OTHER)),
        ([shared(), shared("https://social.example/@uk/9", number=2)], ShareField(url="https://social.example/@uk/9")),
        ([shared(), share(number=2, state=State.FAILED, error="no")], ShareField(url=URL)),
        ([share(state=State.FAILED, error="no\n  way")], ShareField(error="no way")),
        ([share(account="de", state=State.HELD, error="d"), share(state=State.HELD, error="u")], ShareField(error="u")),
        ([share(account="de", state=State.SKIPPED, error="de"), share()], ShareField(error="de")),
        ([share(state=State.FAILED, error="x" * 301)], ShareField(error="x" * 299 + "…")),
        ([shared(OTHER, account="gone")], ShareField()),
        ([share(state=State.SKIPPED, url=URL, error="deleted by hand")], ShareField(error="deleted by hand")),
    ],
)
def test_one_field_for_all_accounts(shares: list[Share], field: ShareField) -> None:
    """The newest url of the first account that has one; an error only where none has."""
    assert field == told(shares, ("uk", "de"))


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
