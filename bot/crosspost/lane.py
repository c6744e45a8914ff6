"""A lane at work: an account's lease, and what is known of the account while it lasts.

What the lease protects is kept here: nobody else publishes on the account meanwhile. Its pace is counted from the store
once for many shares, and kept up by whoever spends.
"""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.crosspost.ahead import MakeAhead, ReadAhead
from bot.crosspost.context import Context, Posting, lease_length
from bot.crosspost.events.shares import report
from bot.domain.models import AccountState, RateLimit, Share
from bot.domain.policy import AccountPolicy
from bot.domain.transitions import budget, publishing
from bot.domain.transitions.change import Basis, Ended
from bot.domain.transitions.pauses import takes_turns
from bot.errors import LeaseLostError
from bot.ports import Account, Store

# Shares taken from the store, and posts read from their site, at a time.
BATCH = 20
# Clocks of several machines differ by less. What was done later than that was recorded under a wrong clock: it would
# hold up all that follows until then.
_AHEAD = timedelta(hours=1)


class Pace:
    """When statuses were sent that are there, or may be, and when the window was spent on; both ascending.

    Of each only as many as a window or the rhythm counts: an instance may allow thousands in an hour.
    """

    def __init__(self, store: Store, policy: AccountPolicy) -> None:
        self._store = store
        self._policy = policy
        self._sent: deque[datetime] = deque(maxlen=max(policy.max_per_day, 1))
        self._spent: deque[datetime] = deque(maxlen=budget.STATUSES.calls)

    def count(self, *, now: datetime) -> None:
        """Count both anew, as far back as any window or rhythm reaches."""
        since, most = now - budget.reach(self._policy), self._sent.maxlen
        sent = self._store.sent_at(self._policy.name, since=since, newest=most)
        self._sent.clear()
        self._sent.extend(at for at in sent if at < now + _AHEAD)
        self.count_spent(now=now)

    def count_spent(self, *, now: datetime) -> None:
        """Count what the window is spent on: edits and boosts count in it too."""
        since, most = now - budget.STATUSES.period, self._spent.maxlen
        spent = self._store.acted_at(self._policy.name, budget.SPENDING, since=since, newest=most)
        self._spent.clear()
        self._spent.extend(at for at in spent if at < now + _AHEAD)

    def spend(self, at: datetime, *, is_status: bool = False) -> None:
        """Count one more request; is_status: whether there is a status since, or may be."""
        self._spent.append(at)
        if is_status:
            self._sent.append(at)

    def opens_at(self, rate: RateLimit | None, *, now: datetime) -> datetime | None:
        """When the instance's window opens again; None where it is open. rate: what the instance said last of it."""
        return budget.opens_at(budget.STATUSES, self._spent, rate, now=now)

    def lets_another(self, at: datetime) -> bool:
        """Whether the owner's rhythm allows another status right after one that is sent at this instant."""
        return budget.rhythm(self._policy, [*self._sent, at], now=at) is None

    def rests_until(self, *, now: datetime) -> datetime | None:
        """When the owner's rhythm allows the next status; None where it does now."""
        return budget.rhythm(self._policy, self._sent, now=now)


class Lane:
    """One account while this process holds its lease.

    state: what is remembered of the account, kept up. origin: the store's, as the last shares were taken from it.
    ended: what came of the last publish, to be recorded with the beginning of the next. recorded: the shares of which
    something was recorded, each as it is by now. pace: when it may send. ahead: the next shares' posts. making: what is
    made of the very next. has_found_statuses: whether links are remembered that others shared.
    """

    def __init__(self, context: Context, posting: Posting) -> None:
        self.context = context
        self.posting = posting
        self.policy = posting.policy
        self.name = posting.policy.name
        self.state = AccountState(name=self.name)
        self.pace = Pace(context.store, self.policy)
        self.ahead = ReadAhead(context)
        self.making = MakeAhead(context, self.ahead)
        self.origin = ""
        self.has_found_statuses = True
        self.ended: Ended | None = None
        self.recorded: dict[int, Share] = {}
        self._leased_at = context.clock.elapsed()
        self._has_counted = False

    @property
    def account(self) -> Account:
        """The account, to be asked something that takes its time: what is known by then is recorded first."""
        self.record_ended()
        return self.posting.account

    def record_ended(self) -> None:
        """Record what came of the last publish, where it isn't recorded yet.

        LeaseLostError where another process has changed the share meanwhile; StoreError. So of all that records first.
        """
        if self.ended is not None:
            ended, self.ended = self.ended, None
            after = self.context.store.apply(ended.share, ended.change, now=self.context.clock.now())
            self.note_recorded(ended, after)

    def note_recorded(self, ended: Ended, after: Share) -> None:
        """Tell what was recorded."""
        self.recorded[after.id] = after
        report(ended.share, ended.change)

    def lease(self) -> bool:
        """Take the account's lease; False while somebody else has it."""
        return self._have(self.context.store.lease)

    def keep(self) -> None:
        """Extend the lease where some of it is over.

        LeaseLostError where somebody else has it by now, or had it meanwhile: they may have sent what isn't counted.
        """
        since = self.context.clock.elapsed() - self._leased_at
        if since > self.policy.timeout and not self._have(self.context.store.extend):
            raise LeaseLostError(f"another process attends to account {self.name}, or did meanwhile")

    def _have(self, take: Callable[..., bool]) -> bool:
        """Have the lease from now on, where the store says so."""
        self._leased_at, now = self.context.clock.elapsed(), self.context.clock.now()
        return take(self.name, owner=self.context.owner, now=now, until=now + lease_length(self.policy))

    def release(self) -> None:
        """Give the lease back."""
        self.context.store.release(self.name, owner=self.context.owner)

    def due(self) -> tuple[Share, ...]:
        """The next shares that are due, with everything known of the account and the posts brought up to date."""
        self.record_ended()
        context, now = self.context, self.context.clock.now()
        self.state = context.store.account(self.name)
        if context.clock.stopping() or self.rests():
            return ()
        shares = context.store.due(self.name, sites=context.sites, now=now, limit=BATCH, order=self.policy.order)
        if takes_turns(self.state.pause_reason):
            first = context.store.longest_untried(self.name, sites=context.sites, now=now)
            shares = publishing.in_turn(shares, first)
        if shares:
            self.origin = context.store.origin()
            self.has_found_statuses = context.store.has_found_statuses(self.name)
            if not self._has_counted:
                self.pace.count(now=now)  # whatever is sent from here on is spent there
                self._has_counted = True
            self.ahead.fetch(shares)
        return shares

    def opens_at(self) -> datetime | None:
        """When the instance's window for statuses opens again; None where it is open."""
        return self.pace.opens_at(self.state.statuses_rate, now=self.context.clock.now())

    def basis(self) -> Basis:
        """What is decided by now of the account's shares; draws the jitter."""
        context = self.context
        return Basis(policy=self.policy, now=context.clock.now(), spread=context.jitter(), pauses=self.state.pauses)

    def rests(self) -> bool:
        """Whether the account is paused, or rests, now."""
        now = self.context.clock.now()
        return self.state.is_paused(now=now) or self.state.is_at_rest(now=now)

    def is_let_rest(self, share: Share) -> bool:
        """Whether a person lets the account, or the share's site, rest by now."""
        return self.context.store.at_rest(share.site, share.account, now=self.context.clock.now())
