"""A publish that nobody answered, and the key under which it is sent again."""

from datetime import timedelta
from functools import partial

import pytest
from msgspec.structs import replace

from bot.domain.models import State
from bot.domain.transitions import publishing
from bot.domain.transitions.publishing import idempotency_key
from tests.makers import HOUR, NOON, SECOND, account_policy, basis, sent, share

POLICY = account_policy()
DEADLINE = POLICY.answer_deadline


class TestWithoutAnAnswer:
    """A sender that is gone, or stood still."""

    def test_a_killed_sender_leaves_an_unknown_share(self):
        """Nobody knows what came of it: it is looked for after the deadline, from when it would have been given up."""
        change = publishing.abandoned(sent(), policy=POLICY, now=NOON + POLICY.timeout + SECOND)

        assert (State.UNKNOWN, NOON + POLICY.timeout + DEADLINE) == (change.share.state, change.share.next_attempt_at)

    def test_a_killed_sender_found_late_is_looked_for_at_once(self):
        """After a long downtime the deadline is over."""
        change = publishing.abandoned(sent(sent_at=None), policy=POLICY, now=NOON + HOUR)

        assert NOON + HOUR + DEADLINE == change.share.next_attempt_at
        assert NOON + HOUR == publishing.abandoned(sent(), policy=POLICY, now=NOON + HOUR).share.next_attempt_at

    def test_sent_by_a_clock_that_was_ahead(self):
        """Where the clock was set back since, it is looked for after one deadline from now, not in hours."""
        change = publishing.abandoned(sent(sent_at=NOON + HOUR), policy=POLICY, now=NOON)

        assert NOON + POLICY.answer_deadline == change.share.next_attempt_at

    def test_a_sender_that_stood_still(self):
        """Begun but not sent: due again soon, and an attempt is used up."""
        change = publishing.sent_too_late(sent(), basis=basis(NOON + HOUR))

        assert (State.PENDING, NOON + HOUR + 30 * SECOND, 1) == (
            change.share.state,
            change.share.next_attempt_at,
            change.share.failures,
        )

    def test_a_sender_that_always_stands_still(self):
        """Ends like any other that doesn't work; unless an earlier send may be there: then it can't just end."""
        late = partial(publishing.sent_too_late, basis=basis(NOON + HOUR, attempts=3))

        assert State.FAILED is late(sent(failures=2)).share.state
        assert State.PENDING is late(sent(failures=2, unanswered=1)).share.state


INSTANCE = "https://social.example"


def test_the_same_share_has_the_same_key_wherever_it_is_computed():
    """A store restored from a backup comes to the same key; texts are not in it, nor what a store leaves of time."""
    made = share().created_at + timedelta(microseconds=999)
    restored = share(updated_at=NOON, title="Another title", id=99, created_at=made)

    assert idempotency_key(share(), instance=INSTANCE) == idempotency_key(restored, instance=INSTANCE)


@pytest.mark.parametrize(
    "fields",
    [
        {"site": "eu"},
        {"post_id": 8},
        {"link": "https://b.example/7/"},
        {"created_at": NOON},
        {"account": "eu"},
        {"number": 2},
        {"attempts": 1},
    ],
)
def test_every_part_makes_another_key(fields):
    """Another post, account, share or life is another key."""
    other = replace(share(), **fields)

    assert idempotency_key(share(), instance=INSTANCE) != idempotency_key(other, instance=INSTANCE)


def test_another_instance_makes_another_key():
    """Some servers keep one table of keys for all users."""
    assert idempotency_key(share(), instance=INSTANCE) != idempotency_key(share(), instance="https://b.example")


def test_the_key_is_a_plain_header_value():
    """Header values are latin-1; a hexadecimal digest always is."""
    assert 64 == len(idempotency_key(share(site="ü/\n"), instance=INSTANCE))
