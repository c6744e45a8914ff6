"""The ports: what the use cases need from the world, each with its contract.

Every adapter and every fake passes the contract suite of its port (tests/contract). Adapters translate and decide
nothing. Nobody here sleeps: waiting is the clock's.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.answers import Answer, DeleteReply, UploadAnswer
from bot.domain.change import Change
from bot.domain.models import (
    AccountState,
    Anchor,
    Attempt,
    Followed,
    FoundStatus,
    Limits,
    ListedPost,
    Listing,
    Look,
    MediaFile,
    MediaState,
    Post,
    Profile,
    RateLimit,
    Share,
    SiteInfo,
    SiteState,
    State,
    Status,
)
from bot.domain.plan import Plan
from bot.domain.policy import Order

MaySend = Callable[[], bool]


def always() -> bool:
    """Send, whenever it is."""
    return True


class Clock(Protocol):
    """Time, and the wish to stop."""

    def now(self) -> datetime:
        """The present instant, aware and in UTC. It may jump: somebody sets the clock."""
        ...

    def elapsed(self) -> timedelta:
        """How long it is since some instant in the past; never jumps, and goes on while the process is stopped."""
        ...

    def wait(self, duration: timedelta) -> bool:
        """Wait, at most that long; True as soon as howdah has been asked to stop."""
        ...

    def stopping(self) -> bool:
        """Whether howdah has been asked to stop: finish the item in hand and begin no other."""
        ...


class Site(Protocol):
    """A WordPress site and one of its post types. May be used by several threads at once.

    Methods raise SiteUnavailableError where nothing can be concluded from the answer (network, 5xx, HTML instead of
    JSON, a shape that isn't WordPress's), SiteMovedError where the REST root isn't there any more. Only public
    addresses are connected to, unless the site allows private ones. Every call is bounded in time and size.
    """

    @property
    def name(self) -> str:
        """The site's name in the config."""
        ...

    def find_root(self) -> str:
        """Find the REST root from the site's address; ends in "/", or is a "…?rest_route=/" root."""
        ...

    def about(self, root: str) -> SiteInfo:
        """What the site says of itself; it has no language where that can't be had."""
        ...

    def list_new(self, root: str, *, after: datetime, exclude: Collection[int]) -> Look:
        """Walk the posts dated after an instant, but for the excluded ids; one light request where one is enough.

        Gap-free as reference/wordpress-rest.md §7 proves: by key and ties, never by offset. An answer that can't be
        read raises and the walk yields nothing; one that is readable but doesn't add up is an incomplete Look.
        """
        ...

    def read(self, root: str, post_id: int) -> Post:
        """Read one post with its terms, author and featured image. PostGoneError where it surely isn't public."""
        ...

    def read_several(self, root: str, post_ids: Collection[int]) -> tuple[Post, ...]:
        """Read several posts in one request, each as read() gives it; those that aren't public are missing."""
        ...

    def glance(self, root: str, post_ids: Collection[int]) -> tuple[ListedPost, ...]:
        """The light listing of some posts, 100 in one request, in no order; those that aren't public are missing.

        That one is missing proves nothing: read() tells.
        """
        ...

    def find_post(self, root: str, link: str) -> int | None:
        """The id of the post that has this link; None where the site knows none."""
        ...

    def fetch_image(self, url: str, *, max_bytes: int) -> MediaFile:
        """Download an image. ImageError where it is too big, isn't an image by its first bytes, or can't be had."""
        ...


class Darkroom(Protocol):
    """Makes of an image what an instance takes. May be used by several threads at once.

    Bounded in time and memory, whatever the bytes; raises nothing but ImageError: for what is broken, of an unknown
    kind, too large to be looked at, or can't be brought within the limits. What comes out shows the image upright, is
    of a type that the instance takes and smaller than its bounds, and says nothing of where, when and with what it was
    taken; its colour profile stays. What meets all that already comes out as it is.
    """

    def fit(self, file: MediaFile, limits: Limits) -> MediaFile:
        """The image as the instance takes it; an animation keeps moving where the instance takes it whole."""
        ...

    def still(self, file: MediaFile, limits: Limits) -> MediaFile:
        """The same, but of an animation only its first frame."""
        ...


class Account(Protocol):
    """One account on one instance. Used by one thread at a time, the one that holds the account's lease.

    Reading methods raise AccountUnavailableError (try later) or AccountBarredError (401, 403). publish, upload, edit,
    delete and boost answer with values and raise nothing for what a server says. The token goes to the instance's own
    host only; redirects are never followed. A POST never travels on a connection that was used before.
    """

    @property
    def name(self) -> str:
        """The account's name in the config."""
        ...

    def limits(self) -> Limits:
        """What the instance allows: v2, then v1, and its software by nodeinfo. Needs no token."""
        ...

    def verify(self) -> Profile:
        """Whose token this is."""
        ...

    def upload(self, file: MediaFile, *, description: str, focus: tuple[float, float] | None = None) -> UploadAnswer:
        """Upload a file with its alternative text and the point that matters in it, as Image has it."""
        ...

    def media_state(self, media_id: str) -> MediaState:
        """What became of an uploaded file."""
        ...

    def publish(self, status: Status, *, media_ids: Sequence[str], key: str, may_send: MaySend = always) -> Answer:
        """Publish a status under an Idempotency-Key; exactly one request, never repeated here.

        Where the instance can be told whom a status may notify, it is told those of status.mentions; for anybody else
        it is Refused, who then are its unexpected.

        may_send is asked at the last moment, when only the bytes are still to leave; where it says no, none leaves
        and the reply is NotSent.
        """
        ...

    def edit(self, status_id: str, status: Status, *, media_ids: Sequence[str]) -> Answer:
        """Replace a status: everything but its visibility, which stays. To repeat it does no harm.

        What isn't given is taken away: the files whose ids are missing, the content warning; only the language stays.
        The status has another id afterwards on some servers (snac): it is Published.id.
        """
        ...

    def delete(self, status_id: str) -> DeleteReply:
        """Delete a status with its files. One that isn't there (any more) is Refused with 404."""
        ...

    def boost(self, status_id: str) -> Answer:
        """Boost a status. Most servers boost it once, however often they are asked. Published is the boost's own."""
        ...

    def boosted(self, status_id: str) -> bool | None:
        """Whether the account has boosted a status; None where there is no such status."""
        ...

    def latest(self) -> Anchor | None:
        """The account's newest own status; None where it has none."""
        ...

    def statuses_since(self, anchor: Anchor | None) -> Listing:
        """The account's own statuses, newest first, back to the anchor (exclusive); to the first one without anchor.

        complete is False where the bound on pages was reached before the anchor.
        """
        ...


class Store(Protocol):
    """The state store. May be used by several threads and processes at once.

    Every method is one transaction, durable when it returns, and raises StoreError (and nothing else of the
    database's). Every change of a share is compare-and-set on (share, state, attempts, updated_at): where the row has
    moved on, LeaseLostError. Lists are ordered as said. Instants keep milliseconds.

    Leases run by the clock of the store where several machines share it (PostgreSQL); the caller's now counts only
    where all callers are on one machine.
    """

    def close(self) -> None:
        """Close every connection. Nothing may be called after."""
        ...

    def now(self) -> datetime:
        """The present instant by the clock that everybody who uses this store has in common."""
        ...

    def origin(self) -> str:
        """A name for the database as it stands now.

        Another one where something may have been lost since: its server was started anew, another server took its
        place (fail-over), its file was replaced (a backup that was restored).
        """
        ...

    def settle(self, *, sites: Mapping[str, str], accounts: Mapping[str, str]) -> None:
        """Note the address of each site and the instance of each account (name → address).

        Where one isn't what was noted before, what was learnt there is forgotten: a site's root; an account's limits,
        rates, latest status and pause. Posts and shares stay: they belong to the name. What was shared from
        another address, or on another instance, isn't followed any more.
        """
        ...

    # --- sites and posts

    def site(self, name: str) -> SiteState:
        """What is remembered of a site; an empty SiteState where nothing is."""
        ...

    def remember_root(self, name: str, root: str) -> None:
        """Remember where the site's REST root is; '' forgets it."""
        ...

    def seen(self, site: str, ids: Collection[int]) -> frozenset[int]:
        """Which of these post ids a look at this site ever found. Nothing is ever forgotten.

        A post that was only shared by hand wasn't found by a look: it is still new to the next.
        """
        ...

    def newest_seen(self, site: str, *, since: datetime, limit: int) -> tuple[int, ...]:
        """The ids of seen posts published after an instant, newest first, at most so many: what a walk may skip."""
        ...

    def add(self, plan: Plan, *, now: datetime) -> tuple[Share, ...]:
        """Record a look: its posts as seen, its shares, and the cursor, all or nothing.

        Returns the shares that were added, in the plan's order. Posts and shares that are there already are left as
        they are, but for posts that were only shared by hand: they are seen from now on. plan.activated_at is kept
        where the site has none yet. An incomplete look (plan.error) counts as a failure, a complete one ends the
        count. Raises LeaseLostError, and changes nothing, where another process moved the cursor since
        plan.expected_looked_at.
        """
        ...

    def look_failed(self, site: str, *, error: str, next_look_at: datetime) -> None:
        """Record that a look came to nothing: failures + 1; the cursor stays."""
        ...

    def due_sites(self, names: Collection[str], *, now: datetime) -> tuple[str, ...]:
        """Which of these sites are due for a look: never looked at, or next_look_at ≤ now. Sorted by next_look_at.

        Without those on which a lease runs, whoever's.
        """
        ...

    def lease_site(self, site: str, *, owner: str, now: datetime, until: datetime) -> bool:
        """Take or extend the lease on looking at a site; False while another owner's lease runs."""
        ...

    def release_site(self, site: str, *, owner: str) -> None:
        """Let others look at the site. Nothing happens where it belongs to another owner by now."""
        ...

    # --- accounts and their lanes

    def account(self, name: str) -> AccountState:
        """What is remembered of an account; an empty AccountState where nothing is."""
        ...

    def lease(self, account: str, *, owner: str, now: datetime, until: datetime) -> bool:
        """Take or extend the lease on an account's lane; False while another owner's lease runs."""
        ...

    def release(self, account: str, *, owner: str) -> None:
        """Give the lane back. Nothing happens where it belongs to another owner by now."""
        ...

    def owners(self) -> frozenset[str]:
        """Whoever holds a lease that was not given back, on an account or a site, whether it still runs or not."""
        ...

    def give_back(self, owner: str) -> None:
        """Give back every lease of an owner that is gone."""
        ...

    def due_accounts(self, names: Collection[str], *, sites: Collection[str], now: datetime) -> tuple[str, ...]:
        """Which of these accounts have something to do now, in the order of their names.

        That is: a pending share that is due and whose site is among sites, an unknown share that is due whatever its
        site, or a `sending` share whose sender is gone; and the account is neither paused nor leased by a lease that
        still runs.
        """
        ...

    def resume(self, account: str) -> None:
        """End a pause: a person mended something."""
        ...

    def remember_limits(self, account: str, limits: Limits, *, now: datetime) -> None:
        """Remember what the instance allows."""
        ...

    def remember_latest(self, account: str, anchor: Anchor) -> None:
        """Remember the account's newest own status."""
        ...

    def remember_statuses(self, account: str, listing: Listing) -> None:
        """Remember what was read of the account: its newest status, and those with links that belong to no share.

        An empty listing changes nothing.
        """
        ...

    def statuses_with(self, account: str, link: str) -> tuple[FoundStatus, ...]:
        """The remembered statuses that have this link and belong to no share, newest first."""
        ...

    def sent_at(self, account: str, *, since: datetime) -> tuple[datetime, ...]:
        """When statuses were sent on this account after an instant, oldest first, whatever came of them."""
        ...

    def acted_at(self, account: str, steps: Collection[str], *, since: datetime) -> tuple[datetime, ...]:
        """When requests of these kinds (Attempt.step) were made on this account after an instant, oldest first."""
        ...

    def record_upload(self, share: Share, *, attempt: Attempt, rate: RateLimit | None) -> None:
        """Record one upload in the share's history, with what the answer said about the account's limits.

        Or another line about an image (step "image": why it was left out), which counts as no upload.
        """
        ...

    def uploaded_at(self, account: str, *, since: datetime) -> tuple[datetime, ...]:
        """When files were uploaded on this account after an instant, oldest first, whatever came of them."""
        ...

    # --- shares on their road

    def due(
        self, account: str, *, sites: Collection[str], now: datetime, limit: int, order: Order = Order.OLDEST
    ) -> tuple[Share, ...]:
        """The account's next pending shares that are due: by hand first, then the oldest post, or the newest.

        That is by date, then by id; a post without a date is older than all others. The shares of one post come in
        the order of their numbers either way.
        Empty while the account has a `sending` or `unknown` share: at most one publish is in flight, and order holds.
        """
        ...

    def unknown_due(self, account: str, *, now: datetime) -> tuple[Share, ...]:
        """The account's unknown shares whose time to reconcile has come, oldest first."""
        ...

    def sending(self, account: str) -> tuple[Share, ...]:
        """The account's `sending` shares: to whoever holds the lane's lease anew, shares whose sender is gone."""
        ...

    def put_off(self, account: str, *, until: datetime) -> None:
        """Let the account's pending shares that would come due before an instant come due then.

        Those that were asked for by hand stay. Neither history nor updated_at tells of it: a share that was read
        before can still be begun.
        """
        ...

    def begin(self, share: Share, *, owner: str, lease_until: datetime, now: datetime) -> Share:
        """Turn pending into sending; attempts + 1. Status, link, key, media ids and anchor are the given share's.

        Committed and durable before it returns, so that a byte may leave. Extends the lease. LeaseLostError where
        owner doesn't hold the lane any more.
        """
        ...

    def apply(self, share: Share, change: Change, *, now: datetime) -> Share:
        """Record what was decided about a share.

        That is: the row as change.share has it, its account's pause, recovery, rate and latest status, and the
        attempt. share is the row as it was read: compare-and-set on it.
        """
        ...

    def known_status_ids(self, account: str, ids: Collection[str]) -> frozenset[str]:
        """Which of these statuses belong to a share already."""
        ...

    # --- following what was shared

    def to_follow(
        self, account: str, *, sites: Collection[str], since: datetime, now: datetime, limit: int
    ) -> tuple[tuple[Share, Followed], ...]:
        """The account's shared shares whose posts are due for a look, those that wait longest first.

        Only of posts of these sites that were published after an instant (shared after it, where the date isn't
        known), and with a status that howdah made and knows by its id. One that was never looked at is due; its
        Followed is empty.
        """
        ...

    def keep_following(self, followed: Collection[Followed]) -> None:
        """Remember how it stands with these shares."""
        ...

    def gone(self, account: str, site: str, *, since: datetime) -> int:
        """How many of a site's posts on the account are gone and still followed, or were gone since an instant."""
        ...

    # --- what people ask and decide

    def shares(
        self,
        *,
        site: str | None = None,
        account: str | None = None,
        state: State | None = None,
        post_id: int | None = None,
        limit: int | None = None,
    ) -> tuple[Share, ...]:
        """Shares by these conditions, newest first (by creation, then id)."""
        ...

    def get(self, share_ids: Collection[int]) -> tuple[Share, ...]:
        """These shares, in order of their id."""
        ...

    def attempts(self, share: Share) -> tuple[Attempt, ...]:
        """A share's history, oldest first."""
        ...

    def find_post(self, site: str | None, link: str) -> tuple[str, int] | None:
        """(site, post id) of the recorded post with this link, a trailing slash or scheme aside; None where unknown."""
        ...

    def add_by_hand(
        self, site: str, post: Post, *, title: str, account: str, number: int, text: str, now: datetime
    ) -> Share:
        """Add a pending share with exactly this number, due now, marked as by hand; records the post.

        LeaseLostError, and nothing is changed, where the post has a share with this or a higher number on the account
        already: whoever asked has decided by what is no longer so.
        """
        ...

    def counts(self) -> dict[tuple[str, str, State], int]:
        """How many shares there are by (site, account, state); only what is not 0."""
        ...

    def next_due_at(self, *, sites: Collection[str], accounts: Collection[str]) -> datetime | None:
        """When the next share of these accounts comes due, pauses counted in; None where there is none.

        Pending ones of these sites, unknown ones of any site.
        """
        ...

    def oldest_pending(self) -> Share | None:
        """The pending share that has waited longest; None where there is none."""
        ...
