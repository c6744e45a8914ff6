"""A share that may be on the account already, where what the account lists doesn't tell."""

from datetime import datetime

import pytest

from bot.domain.models import AccountState, Anchor, Attempt, State
from bot.domain.transitions.reconciling import hidden, is_cut_short, is_let_go, read_under, unproven
from tests.makers import HOUR, NOON, share

LATEST = Anchor(id="1", created_at=NOON)

HELD, RETRY, READ = ("reconcile", "held"), ("decide", "retry"), ("read", "unavailable")


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], False),
        ([HELD], False),
        ([RETRY], False),
        ([RETRY, HELD], False),
        ([HELD, RETRY], True),
        ([RETRY, HELD, READ, RETRY, READ], True),
    ],
)
def test_who_let_it_go(steps: list[tuple[str, str]], expected: bool) -> None:
    """Only a decision that came after it was held was made in view of the account."""
    history = [Attempt(at=NOON, step=step, outcome=outcome) for step, outcome in steps]

    assert expected is is_let_go(history)


def test_it_is_held_with_the_reason_and_both_ways_on() -> None:
    """A person looks at the account, and decides."""
    change = unproven(share(), hidden("private"), now=NOON)

    assert (State.HELD, None) == (change.share.state, change.share.next_attempt_at)
    assert HELD == (change.attempt.step, change.attempt.outcome)
    for part in ("never listed a private status", "`howdah skip`", "`howdah retry`"):
        assert part in change.share.error


@pytest.mark.parametrize(
    ("origin", "latest", "complete", "expected"),
    [
        ("here", LATEST, True, ("here", NOON, False)),
        ("here", LATEST, False, ("here", NOON, False)),
        ("here", None, True, ("here", NOON, False)),
        ("here", None, False, ("here incomplete", NOON, True)),
        ("here incomplete", LATEST, True, ("here incomplete", NOON, True)),
        ("there", LATEST, True, ("here", NOON + HOUR, False)),
        ("there", LATEST, False, ("here incomplete", NOON + HOUR, True)),
        ("there incomplete", LATEST, True, ("here", NOON + HOUR, False)),
    ],
)
def test_what_is_known_once_an_account_was_read(
    origin: str, latest: Anchor | None, complete: bool, expected: tuple[str, datetime, bool]
) -> None:
    """Only the first listing under an origin tells what the store may not know, and it is remembered how it was."""
    before = AccountState(name="uk", origin=origin, latest=latest, unproven_before=NOON)
    after = read_under(before, "here", complete=complete, now=NOON + HOUR)

    assert expected == (after.origin, after.unproven_before, is_cut_short(after))
