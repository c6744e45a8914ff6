"""A share that may be on the account already, where what the account lists doesn't tell."""

import pytest

from bot.domain.models import Attempt, State
from bot.domain.transitions.reconciling import hidden, is_let_go, unproven
from tests.makers import NOON, share

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
