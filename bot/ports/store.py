"""The state store."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from bot.domain.models import (
    AccountState,
    Anchor,
    Asked,
    Attempt,
    Carrier,
    Cause,
    Day,
    DueWrite,
    Followed,
    FoundStatus,
    Limits,
    Listing,
    PageKey,
    Post,
    RateLimit,
    Share,
    SharePage,
    SiteState,
    State,
)
from bot.domain.notices import Kept, Notice
from bot.domain.policy import Order
from bot.domain.selecting.marks import Mark
from bot.domain.selecting.plan import Plan, SeenPost
from bot.domain.transitions.change import Change, Ended


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

    def try_writing(self) -> None:
        """Write something that changes nothing, down to the disk. StoreError where that can't be."""
        ...

    def flaw(self) -> str:
        """What is wrong with the database itself, as it says; '' where it finds nothing. Reads all of it."""
        ...

    def note_addresses(self, *, sites: Mapping[str, str], accounts: Mapping[str, str]) -> None:
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

    def rest_site(self, site: str, *, until: datetime | None) -> None:
        """Let a site rest until then, as a person wants it; None ends it.

        Meanwhile it isn't due for a look, and none of its pending shares is due; what was shared isn't followed.
        """
        ...

    def seen(self, site: str, ids: Collection[int]) -> frozenset[int]:
        """Which of these post ids a look at this site ever found. Nothing is ever forgotten.

        A post that was only shared by hand wasn't found by a look: it is still new to the next.
        """
        ...

    def ids_by_link(self, site: str, links: Collection[str]) -> Mapping[str, int]:
        """The id of the post at this site that has each of these links, as they are given; others are missing.

        Of several posts with one link, that with the largest id. Links are the same however they are spelt.
        """
        ...

    def newest_seen(self, site: str, *, since: datetime, limit: int) -> tuple[int, ...]:
        """The ids of seen posts published after an instant, newest first, at most so many: what a walk may skip."""
        ...

    def add(self, plan: Plan, *, now: datetime) -> tuple[Share, ...]:
        """Record a look: its posts as seen, its shares, and the cursor, all or nothing.

        Returns the shares that were added, in the plan's order. Posts and shares that are there already are left as
        they are, but for posts that were only shared by hand: they are seen from now on. Before that, the posts and
        shares of plan.renamed get the ids that WordPress has for them, as far as those have no shares.
        plan.activated_at is kept where the site has none yet. An incomplete look (plan.error) counts as a failure, a
        complete one ends the count. Raises LeaseLostError, and changes nothing, where another process moved the cursor
        since plan.expected_looked_at.
        """
        ...

    def look_failed(self, site: str, *, error: str, next_look_at: datetime) -> None:
        """Record that a look came to nothing: failures + 1; the cursor stays."""
        ...

    def end_wait(self, site: str, *, now: datetime) -> None:
        """Let a site be looked at now, where it failed and is left alone for a while: it was found to work again."""
        ...

    def due_sites(self, names: Collection[str], *, now: datetime) -> tuple[str, ...]:
        """Which of these sites are due for a look: never looked at, or next_look_at ≤ now. Sorted by next_look_at.

        Without those on which a lease runs, whoever's, and those that a person lets rest.
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
        site, or a `sending` share whose sender is gone; and the account neither is paused nor rests, nor is it leased
        by a lease that still runs.
        """
        ...

    def pause(self, account: str, *, until: datetime, reason: str) -> None:
        """Send nothing on an account before then, for a reason that was found while nothing was sent."""
        ...

    def resume(self, account: str) -> None:
        """End a pause: a person mended something. What a person lets rest goes on resting."""
        ...

    def rest_account(self, account: str, *, until: datetime | None) -> None:
        """Let an account rest until then, as a person wants it; None ends it. It isn't among due_accounts meanwhile."""
        ...

    def at_rest(self, site: str, account: str, *, now: datetime) -> bool:
        """Whether a person lets the site or the account rest now."""
        ...

    def remember_limits(self, account: str, limits: Limits, *, now: datetime) -> None:
        """Remember what the instance allows."""
        ...

    def remember_latest(self, account: str, anchor: Anchor) -> None:
        """Remember the account's newest own status."""
        ...

    def remember_statuses(self, account: str, listing: Listing) -> None:
        """Remember what was read of the account: its newest status, and those with links that belong to no share.

        And of which visibilities there are statuses in its listing. An empty listing changes nothing.
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
        """The account's next pending shares that are due: at once before all others, then by the post's age.

        Backfilled ones come after all others, the oldest first.
        Oldest or newest first is by date, then by id; a post without a date is older than all others. The shares of
        one post come in the order of their numbers either way.
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

        Those that go at once stay. Neither history nor updated_at tells of it: a share that was read
        before can still be begun.
        """
        ...

    def begin(
        self, share: Share, *, owner: str, lease_until: datetime, now: datetime, ended: Ended | None = None
    ) -> Share:
        """Turn pending into sending; attempts + 1. Status, link, key, media ids and anchor are the given share's.

        Committed and durable before it returns, so that a byte may leave. Extends the lease. LeaseLostError where
        owner doesn't hold the lane any more. ended: what came of the share that was sent before, recorded with it as
        apply() does it, both or neither.
        """
        ...

    def apply(self, share: Share, change: Change, *, now: datetime) -> Share:
        """Record what was decided about a share.

        That is: the row as change.share has it, its account's pause, recovery, rate and latest status, and the
        attempt. share is the row as it was read: compare-and-set on it.
        """
        ...

    def carriers(self, urls: Collection[str]) -> tuple[Carrier, ...]:
        """The posts of which shares have one of these addresses, in no order."""
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

    # --- what sites are told

    def note_write_back(self, names: Collection[str], *, now: datetime) -> None:
        """Note which sites are written to. What became of a post before its site was among them isn't written."""
        ...

    def due_writes(self, site: str, *, now: datetime, limit: int) -> tuple[DueWrite, ...]:
        """Posts of a site whose field is to be written, those that wait longest first, at most so many.

        Each change to a share that is shared, failed, held or skipped by then makes its post due, in the change's own
        transaction.
        """
        ...

    def end_write(self, write: DueWrite) -> None:
        """Nothing more is to be written of this; what became of the post meanwhile stays due."""
        ...

    def put_off_write(self, write: DueWrite, *, until: datetime) -> None:
        """A write that came to nothing is due again then, failures + 1; what became of the post meanwhile isn't."""
        ...

    # --- what sites announce

    def accept_notice(self, site: str, notice: Notice, *, now: datetime) -> bool:
        """Keep a notice until it is done; False, and nothing is changed, where its id is known. Ids last 30 days."""
        ...

    def open_notices(self, sites: Collection[str], *, limit: int) -> tuple[Kept, ...]:
        """The notices of these sites that are not done yet, oldest first."""
        ...

    def end_notice(self, site: str, notice_id: str, *, now: datetime) -> None:
        """A notice is done; its id stays known."""
        ...

    def add_found(self, plan: Plan, *, now: datetime) -> tuple[Share, ...]:
        """Record posts that were found beside the looks, as add() does; the cursor, and when to look next, stay."""
        ...

    def found_since(self, site: str, *, since: datetime) -> int:
        """How many posts of a site got their first shares after an instant, whatever became of them."""
        ...

    def hasten(self, site: str, post_id: int, *, now: datetime) -> None:
        """Let a post's shares that only wait to settle come due now; neither history nor updated_at tells of it."""
        ...

    def share_again(
        self, site: str, notice: Notice, post: Post, *, title: str, accounts: Collection[str], now: datetime
    ) -> tuple[Share, ...]:
        """Add a share by hand with the next number on each account on which none is under way, and end the notice.

        All or nothing: an `again` is obeyed once. Nothing is added where the notice is done already.
        """
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

    def find_status(self, url: str) -> tuple[str, int] | None:
        """(site, post id) of the post whose status has this url, a trailing slash or scheme aside; None if unknown."""
        ...

    def add_by_hand(
        self,
        site: str,
        post: Post,
        *,
        title: str,
        account: str,
        number: int,
        text: str,
        now: datetime,
        asked: Asked = Asked.NAMED,
        due: datetime | None = None,
    ) -> Share:
        """Add a pending share with exactly this number, asked for so, due then (now, without one); records the post.

        LeaseLostError, and nothing is changed, where the post has a share with this or a higher number on the account
        already: whoever asked has decided by what is no longer so.
        """
        ...

    def add_shared(
        self, site: str, account: str, marks: Collection[Mark], *, note: str, now: datetime
    ) -> frozenset[int]:
        """Record posts as shared on an account by other means, all or nothing; returns the ids of those added.

        Those that have a share there are left as they are. The posts aren't seen by it: a look still finds them, for
        other accounts. note: what the history says of each.
        """
        ...

    def unshared(self, site: str, account: str, ids: Collection[int]) -> frozenset[int]:
        """Which of these posts have no share on the account, but for one that a look has skipped: nobody decided."""
        ...

    def add_backfill(self, site: str, account: str, found: Collection[SeenPost], *, now: datetime) -> int:
        """Queue those of these posts that are unshared, due now, behind all that is new; returns how many that were.

        All or nothing. Those that have a share already, or that anybody has decided about, are left as they are.
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

    # --- what pages show

    def page(
        self,
        *,
        site: str | None = None,
        account: str | None = None,
        state: State | None = None,
        search: str = "",
        after: PageKey | None = None,
        remembered: bool = True,
        limit: int,
    ) -> SharePage:
        """Shares by these conditions, newest first (by creation, then id), from a key on.

        remembered: with those that the first look at their site only remembered.
        search: in the title or the link, whatever its case, or the post's id. It looks through a bounded number of
        shares at a time, however many there are.
        """
        ...

    def remembered(self, *, site: str | None = None, account: str | None = None) -> int:
        """How many shares the first looks only remembered."""
        ...

    def days(self, *, since: datetime) -> tuple[Day, ...]:
        """What was shared and what failed, by the day (UTC) that it was queued on, oldest first.

        Only what howdah sent itself, or gave up. Days on which there was nothing are missing.
        """
        ...

    def published_at(self, site: str, post_id: int) -> datetime | None:
        """When a post was published; None where that isn't known."""
        ...

    # --- what needs a person

    def causes(self) -> tuple[Cause, ...]:
        """What needs a person, and what did and whose end isn't told yet; by their keys."""
        ...

    def note_causes(self, present: Collection[Cause], *, now: datetime) -> None:
        """Note what needs a person now. A new one is kept as it is given; of a known one, only the text changes.

        What isn't among them any more is gone since now; what is back isn't gone.
        """
        ...

    def claim_causes(self, keys: Collection[str], *, now: datetime, unclaimed_since: datetime) -> frozenset[str]:
        """Those of these causes that this process may tell of now: no other has claimed them since an instant."""
        ...

    def told_causes(self, keys: Collection[str], *, now: datetime) -> None:
        """Somebody was told of these; their claims end."""
        ...

    def forget_causes(self, keys: Collection[str]) -> None:
        """These are over, and nobody has to be told any more."""
        ...
