"""The stores that have to hold the contract, and what the tests put into them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from bot.domain.models import Anchor, Attempt, Post, Share, State, Status
from bot.domain.selecting.plan import Plan, PlannedShare, SeenPost, as_seen
from bot.domain.transitions.change import Change, Pause
from bot.ports import Store
from bot.store import open_store
from tests.fakes.store import FakeStore
from tests.makers import HOUR, MINUTE, NOON
from tests.postgres import fresh_database

OWNER = "this-process"
KEY = "0b6f8a3e-key"
STATUS = Status(text="Seven\n\nhttps://news.example/7/", spoiler_text="Zürich", sensitive=True, language="de")
ANCHOR = Anchor(id="109", created_at=NOON - HOUR)

# From an empty folder to an empty store. PostgreSQL's leases go by our clock here, not by its own, which can't be set.
STORES: dict[str, Callable[[Path], Store]] = {
    "fake": lambda _folder: FakeStore(),
    "sqlite": lambda folder: open_store(f"sqlite:///{folder / 'howdah.db'}"),
    "postgresql": lambda _folder: open_store(fresh_database(), has_clock=False),
}


def ids(shares: tuple[Share, ...]) -> list[int]:
    """The posts of shares, in their order."""
    return [share.post_id for share in shares]


def post(post_id: int, **fields: Any) -> SeenPost:
    """A seen post, dated post_id minutes after noon, so that ids and dates have the same order."""
    seen = SeenPost(
        id=post_id,
        link=f"https://news.example/{post_id}/",
        title=f"Post {post_id}",
        published_at=NOON + post_id * MINUTE,
        modified_at=NOON + post_id * MINUTE,
    )
    return replace(seen, **fields)


def planned(post_id: int, *, account: str = "uk", **fields: Any) -> PlannedShare:
    """A share to add: pending and due since noon."""
    share = PlannedShare(post_id=post_id, account=account, state=State.PENDING, next_attempt_at=NOON)
    return replace(share, **fields)


def plan(*posts: SeenPost, shares: tuple[PlannedShare, ...] | None = None, **fields: Any) -> Plan:
    """The first look at site "uk": these posts, and a pending share on account "uk" for each of them."""
    look = Plan(
        site="uk",
        posts=posts,
        shares=tuple(planned(seen.id) for seen in posts) if shares is None else shares,
        expected_looked_at=None,
        looked_at=None,
        next_look_at=NOON + MINUTE,
        activated_at=NOON,
    )
    return replace(look, **fields)


def add(store: Store, post_id: int, *, site: str = "uk", now: datetime = NOON, **fields: Any) -> Share:
    """Add one post of a site and its share."""
    looked_at = store.site(site).looked_at
    look = plan(
        post(post_id),
        shares=(planned(post_id, **fields),),
        site=site,
        expected_looked_at=looked_at,
        looked_at=looked_at,
    )
    return store.add(look, now=now)[0]


def ask(store: Store, post_id: int, *, number: int = 1, account: str = "uk", now: datetime = NOON) -> Share:
    """Share a post of site "uk" by hand."""
    at = NOON + post_id * MINUTE
    asked = as_seen(Post(id=post_id, link=f"https://news.example/{post_id}/", title="Asked", published_at=at))
    return store.add_by_hand("uk", asked, account=account, number=number, text="", now=now)


def begin(store: Store, share: Share, *, now: datetime = NOON, **fields: Any) -> Share:
    """Send a share as far as this process can: lease its lane, freeze what is sent, commit."""
    store.lease(share.account, owner=OWNER, now=now, until=now + MINUTE)
    frozen = replace(share, status=STATUS, idempotency_key=KEY, media_ids=("m1", "m2"), anchor=ANCHOR)
    return store.begin(replace(frozen, **fields), owner=OWNER, lease_until=now + 2 * MINUTE, now=now)


def changed(
    share: Share, *, step: str = "decide", outcome: str = "tried", at: datetime = NOON, **fields: Any
) -> Change:
    """A change to these fields of a share."""
    return Change(share=replace(share, **fields), attempt=Attempt(at=at, step=step, outcome=outcome, detail="why"))


def move(store: Store, share: Share, *, now: datetime = NOON, **fields: Any) -> Share:
    """Change these fields of a share."""
    return store.apply(share, changed(share, **fields), now=now)


def pause(share: Share, *, length: timedelta = HOUR) -> Change:
    """Nothing becomes of the share, and its account rests that long from noon."""
    return replace(changed(share), pause=Pause(until=NOON + length, reason="it asked for it"))
