"""Values for tests, with defaults that don't matter to the test at hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from bot.domain.models import Anchor, ListedPost, OwnStatus, Share, State, Status
from bot.domain.policy import AccountPolicy, SitePolicy
from bot.domain.transitions.change import Basis

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def listed(post_id: int, *, at: datetime = NOON, **fields: Any) -> ListedPost:
    """A listed post, dated at an instant."""
    post = ListedPost(
        id=post_id,
        date=at.strftime("%Y-%m-%dT%H:%M:%S"),
        published_at=at,
        modified_at=at,
        link=f"https://news.example/{post_id}/",
        title=f"Post {post_id}",
    )
    return replace(post, **fields)


def site_policy(**fields: Any) -> SitePolicy:
    """A site's policy: one account, the defaults."""
    return replace(SitePolicy(name="uk", accounts=("uk",)), **fields)


def account_policy(**fields: Any) -> AccountPolicy:
    """An account's policy: the defaults."""
    return replace(AccountPolicy(name="uk"), **fields)


def basis(now: datetime = NOON, *, spread: float = 0.0, pauses: int = 0, **policy: Any) -> Basis:
    """What is decided by at an instant: an account's policy, with no jitter."""
    return Basis(policy=account_policy(**policy), now=now, spread=spread, pauses=pauses)


def share(**fields: Any) -> Share:
    """A pending share of post 7, due at noon."""
    row = Share(
        id=1,
        site="uk",
        post_id=7,
        account="uk",
        number=1,
        state=State.PENDING,
        link="https://news.example/7/",
        title="Post 7",
        next_attempt_at=NOON,
        created_at=NOON - MINUTE,
        updated_at=NOON - MINUTE,
    )
    return replace(row, **fields)


def sent(**fields: Any) -> Share:
    """The same share while it is being sent."""
    row = share(
        state=State.SENDING,
        attempts=1,
        idempotency_key="k1",
        status=Status(text="Post 7\n\nhttps://news.example/7/"),
        anchor=Anchor(id="100", created_at=NOON - HOUR),
        sent_at=NOON,
        next_attempt_at=None,
    )
    return replace(row, **fields)


def unknown(**fields: Any) -> Share:
    """A share whose publish at noon went unanswered."""
    return sent(
        state=State.UNKNOWN,
        failures=1,
        unanswered=1,
        error="no answer: timed out; looking whether it is on the account",
        **fields,
    )


def own_status(status_id: str = "101", *links: str, **fields: Any) -> OwnStatus:
    """One of the account's own statuses, with these links."""
    status = OwnStatus(
        id=status_id,
        url=f"https://social.example/@uk/{status_id}",
        created_at=NOON,
        links=links or ("https://news.example/7/",),
    )
    return replace(status, **fields)


def life(row: Share) -> tuple[object, ...]:
    """What belongs to the life of a key."""
    return (
        row.idempotency_key,
        row.status,
        row.media_ids,
        row.anchor,
        row.sent_at,
        row.unanswered,
        row.absences,
    )


# That of a share whose key has ended.
NO_LIFE = ("", None, (), None, None, 0, 0)
