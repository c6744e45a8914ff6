"""A lane at work: what is known of its account and of its next posts, so that no share asks for it anew.

Holds only what the lease protects (nobody else publishes on the account meanwhile) and what is seconds old.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.crosspost.context import Context, Posting, lease_length
from bot.crosspost.events import report
from bot.domain.models import AccountState, Limits, Post, Share
from bot.domain.transitions import budget
from bot.domain.transitions.change import Change, Ended
from bot.errors import AccountError, LeaseLostError, SiteError
from bot.ports import Account

# Shares taken from the store, and posts read from their site, at a time.
BATCH = 20
# A post that was read longer ago is read again before it is shared.
FRESH = timedelta(seconds=10)
# Instances change their limits seldom.
LIMITS_LAST = timedelta(days=1)


class Lane:
    """One account while this process holds its lease.

    ended: what came of the last publish, to be recorded with the beginning of the next. recorded: the shares of which
    something was recorded, each as it is by now.
    """

    def __init__(self, context: Context, posting: Posting) -> None:
        self.context = context
        self.posting = posting
        self.policy = posting.policy
        self.name = posting.policy.name
        self.state = AccountState(name=self.name)
        self.sent: list[datetime] = []
        self.spent: list[datetime] = []
        self.origin = ""
        self.ended: Ended | None = None
        self.recorded: dict[int, Share] = {}
        self._leased_at = context.clock.elapsed()
        self._posts: dict[tuple[str, int], tuple[Post, datetime]] = {}

    @property
    def account(self) -> Account:
        """The account, to be asked something that takes its time: what is known by then is recorded first."""
        self.settle()
        return self.posting.account

    def settle(self) -> None:
        """Record what came of the last publish, where it isn't recorded yet."""
        if self.ended is not None:
            ended, self.ended = self.ended, None
            after = self.context.store.apply(ended.share, ended.change, now=self.context.clock.now())
            self.took(ended, after)

    def took(self, ended: Ended, after: Share) -> None:
        """Tell what was recorded."""
        self.recorded[after.id] = after
        report(ended.share, ended.change)

    def lease(self) -> bool:
        """Take the account's lease, or extend it; False while somebody else has it."""
        self._leased_at, now = self.context.clock.elapsed(), self.context.clock.now()
        until = now + lease_length(self.policy)
        return self.context.store.lease(self.name, owner=self.context.owner, now=now, until=until)

    def keep(self) -> None:
        """Extend the lease where some of it is over; LeaseLostError where somebody else has it by now."""
        since = self.context.clock.elapsed() - self._leased_at
        if since > self.policy.timeout and not self.lease():
            raise LeaseLostError(f"another process attends to account {self.name} now")

    def release(self) -> None:
        """Give the lease back."""
        self.context.store.release(self.name, owner=self.context.owner)

    def due(self) -> tuple[Share, ...]:
        """The next shares that are due, with everything known of the account and the posts brought up to date."""
        self.settle()
        context, now = self.context, self.context.clock.now()
        self.state = context.store.account(self.name)
        if context.clock.stopping() or self.rests():
            return ()
        shares = context.store.due(self.name, sites=context.sites, now=now, limit=BATCH, order=self.policy.order)
        if shares:
            self.origin = context.store.origin()
            self.sent = list(context.store.sent_at(self.name, since=now - budget.reach(self.policy)))
            self.count_spent()
            self._read_ahead(shares)
        return shares

    def count_spent(self) -> None:
        """Count what the account's window for statuses is spent on: edits and boosts count in it too."""
        since = self.context.clock.now() - budget.STATUSES.period
        self.spent = list(self.context.store.acted_at(self.name, budget.SPENDING, since=since))

    def opens_at(self) -> datetime | None:
        """When the account's window for statuses opens again; None where it is open."""
        now = self.context.clock.now()
        return budget.opens_at(budget.STATUSES, self.spent, self.state.statuses_rate, now=now)

    def rests(self) -> bool:
        """Whether the account is paused, or rests, now."""
        now = self.context.clock.now()
        return any(until is not None and until > now for until in (self.state.paused_until, self.state.rests_until))

    def is_let_rest(self, share: Share) -> bool:
        """Whether a person lets the account, or the share's site, rest by now."""
        return self.context.store.at_rest(share.site, share.account, now=self.context.clock.now())

    def read(self, share: Share) -> Post:
        """The share's post, read seconds ago or now. Raises what Site.read raises."""
        key = (share.site, share.post_id)
        read_ahead = self._posts.pop(key, None) or self.context.just_read.get(key)
        if read_ahead is not None and self.context.clock.now() - read_ahead[1] < FRESH:
            return read_ahead[0]
        self.settle()
        return self.context.sites[share.site].site.read(share.post_id, link=share.link)

    def limits(self) -> Limits:
        """What the account's instance allows: as remembered for a day, else asked, else as remembered for longer."""
        now, state = self.context.clock.now(), self.state
        if state.limits is not None and state.limits_at is not None and now - state.limits_at < LIMITS_LAST:
            return state.limits
        try:
            return self._ask_limits()
        except AccountError:
            if state.limits is None:
                raise
            return state.limits

    def refresh_limits(self) -> bool:
        """Ask the instance for its limits anew; whether they are others than those remembered."""
        before = self.state.limits
        try:
            return self._ask_limits() != before
        except AccountError:
            return False

    def _ask_limits(self) -> Limits:
        now, limits = self.context.clock.now(), self.account.limits()
        self.context.store.remember_limits(self.name, limits, now=now)
        self.state = replace(self.state, limits=limits, limits_at=now)
        return limits

    def take_note(self, change: Change) -> None:
        """Follow what a recorded change did to the account."""
        state = self.state
        if change.recovered:
            state = replace(state, paused_until=None, pause_reason="", pauses=0)
        if change.pause is not None:
            until, reason = change.pause.until, change.pause.reason
            state = replace(state, paused_until=until, pause_reason=reason, pauses=state.pauses + 1)
        if change.latest is not None:
            state = replace(state, latest=change.latest)
        if change.statuses_rate is not None:
            state = replace(state, statuses_rate=change.statuses_rate)
        self.state = state

    def _read_ahead(self, shares: Sequence[Share]) -> None:
        """Read the posts of several shares in one request a site; a single one is read when its turn comes."""
        for site in sorted({share.site for share in shares}):
            wanted = [share.post_id for share in shares if share.site == site and not share.idempotency_key]
            if len(wanted) > 1:
                self._posts |= {
                    (site, post.id): (post, self.context.clock.now()) for post in self._several(site, wanted)
                }

    def _several(self, site: str, post_ids: Sequence[int]) -> Iterable[Post]:
        try:
            return self.context.sites[site].site.read_several(post_ids)
        except SiteError:
            return ()  # each is read by itself then, and what is wrong is said of it
