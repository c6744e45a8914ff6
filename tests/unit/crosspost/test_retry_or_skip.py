"""Which shares of a post are meant by one who names only the post."""

from bot.crosspost.share import to_retry, to_skip
from bot.domain.models import State
from tests.makers import share

FAILED = share(id=1, number=1, state=State.FAILED)
SHARED = share(id=2, number=2, state=State.SHARED)
HELD = share(id=3, account="de", state=State.HELD)


def test_the_last_on_each_account_that_stands_still() -> None:
    """One that was shared since is not tried anew."""
    assert [HELD] == to_retry([SHARED, FAILED, HELD])


def test_where_none_does_each_is_refused_with_its_reason() -> None:
    """So that a person learns why."""
    assert [SHARED] == to_retry([FAILED, SHARED])


def test_what_is_not_settled() -> None:
    """All that may still be sent; where each is settled, all of them."""
    skipped = share(id=4, state=State.SKIPPED)

    assert [FAILED, HELD] == to_skip([FAILED, SHARED, HELD, skipped])
    assert [SHARED, skipped] == to_skip([SHARED, skipped])


def test_a_status_that_does_not_follow_its_post_is_unsettled() -> None:
    """A person leaves it as it is; the status of another share that follows is not meant."""
    refused = share(id=5, number=2, state=State.SHARED, error="edit: refused (422)")

    assert [refused] == to_skip([SHARED, refused])
