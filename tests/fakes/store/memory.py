"""What the parts of the fake store have in common: its tables, its lock, and the statements that several use."""

import threading
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from msgspec.structs import replace

from bot.domain.models import AccountState, Attempt, Cause, Followed, FoundStatus, ReadBack, Share, SiteState, State
from bot.domain.notices import Notice
from bot.domain.selecting.plan import Plan, PlannedShare, SeenPost

IN_FLIGHT = (State.SENDING, State.UNKNOWN)
BEFORE_ALL = datetime.min.replace(tzinfo=UTC)

_S = TypeVar("_S", bound="Memory")
_P = ParamSpec("_P")
_R = TypeVar("_R")


def one_at_a_time(method: Callable[Concatenate[_S, _P], _R]) -> Callable[Concatenate[_S, _P], _R]:
    """What a transaction is for the real one: nobody sees the half of a change."""

    @wraps(method)
    def locked(store: _S, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        with store._lock:
            return method(store, *args, **kwargs)

    return locked


class Memory:
    """The tables, each a mapping by its key. Only methods that are one_at_a_time touch them."""

    def __init__(self) -> None:
        self.another_origin = "here"
        self.room: int | None = None
        self._lock = threading.RLock()
        self._sites: dict[str, SiteState] = {}
        self._posts: dict[tuple[str, int], SeenPost] = {}
        self._listed: set[tuple[str, int]] = set()
        self._followed: dict[int, Followed] = {}
        self._shares: dict[int, Share] = {}
        self._attempts: list[tuple[Share, Attempt]] = []
        self._accounts: dict[str, AccountState] = {}
        self._urls: dict[str, str] = {}
        self._instances: dict[str, str] = {}
        self._leases: dict[str, tuple[str, datetime]] = {}
        self._site_leases: dict[str, tuple[str, datetime]] = {}
        self._read_back: dict[tuple[str, str], ReadBack | None] = {}
        self._statuses: dict[tuple[str, str, str], FoundStatus] = {}
        self._write_back_since: dict[str, datetime] = {}
        self._writes: dict[int, tuple[datetime, int]] = {}
        self._notices: dict[tuple[str, str], tuple[Notice, datetime, bool]] = {}
        self._causes: dict[str, Cause] = {}
        self._claims: dict[str, datetime] = {}

    @one_at_a_time
    def site(self, name: str) -> SiteState:
        """The site's state."""
        return self._sites.get(name, SiteState(name=name))

    @one_at_a_time
    def account(self, name: str) -> AccountState:
        """The account's state."""
        return self._accounts.get(name, AccountState(name=name))

    def _insert(self, plan: Plan, *, now: datetime) -> tuple[Share, ...]:
        """Keep the posts and shares that aren't kept yet."""
        for old, new in plan.renamed:
            self._rename(plan.site, old, new)
        for post in plan.posts:
            self._posts.setdefault((plan.site, post.id), post)
            self._listed.add((plan.site, post.id))
        return tuple(
            self._new(plan.site, planned.post_id, planned.account, now=now, **_fields(planned))
            for planned in plan.shares
            if 1 not in self._numbers(plan.site, planned.post_id, planned.account)
        )

    def _rename(self, site: str, old: int, new: int) -> None:
        """Another id for a post, where that has no shares yet."""
        if (site, old) not in self._posts or any((s.site, s.post_id) == (site, new) for s in self._shares.values()):
            return
        self._posts[site, new] = replace(self._posts.pop((site, old)), id=new)
        if (site, old) in self._listed:
            self._listed.remove((site, old))
            self._listed.add((site, new))
        for number, share in self._shares.items():
            if (share.site, share.post_id) == (site, old):
                self._shares[number] = replace(share, post_id=new)

    def _new(self, site: str, post_id: int, account: str, *, now: datetime, **fields: object) -> Share:
        post = self._posts[site, post_id]
        share = Share(
            **{
                "id": len(self._shares) + 1,
                "site": site,
                "post_id": post_id,
                "account": account,
                "number": 1,
                "state": State.PENDING,
                "link": post.link,
                "title": post.title,
                "created_at": now,
                "updated_at": now,
            }
            | fields  # type: ignore[arg-type] # fields of a share
        )
        self._shares[share.id] = share
        return share

    def _numbers(self, site: str, post_id: int, account: str) -> list[int]:
        key = (site, post_id, account)
        return [share.number for share in self._shares.values() if (share.site, share.post_id, share.account) == key]

    def _waits(self, share: Share, sites: Collection[str]) -> bool:
        if share.state is State.UNKNOWN:
            return True
        in_flight = any(other.account == share.account and other.state in IN_FLIGHT for other in self._shares.values())
        return share.state is State.PENDING and share.site in sites and not in_flight

    def _site_rests(self, site: str, *, now: datetime) -> bool:
        until = self.site(site).rests_until
        return until is not None and until > now


def _fields(planned: PlannedShare) -> dict[str, object]:
    return {name: getattr(planned, name) for name in ("state", "error", "url", "next_attempt_at")}
