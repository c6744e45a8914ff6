"""The ticks: each asks the store what is due and hands it to a worker pool; none decides anything."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler

from bot.crosspost.collect import collect, due_looks
from bot.crosspost.context import Context
from bot.crosspost.events import tell
from bot.crosspost.events.process import TickCrashed, TickFailed
from bot.crosspost.resting import take_up
from bot.daemon.progress import Progress
from bot.daemon.workers import WorkerPool
from bot.domain.notices import KeptNotice
from bot.errors import HowdahError

# Handed out at a time.
_MOST_NOTICES = 100
# In this time another daemon may have done what was handed out here.
_LONG = timedelta(milliseconds=500)


class Tick:
    """One tick: ask what is due and hand it out. What goes wrong is logged once until it goes well again."""

    def __init__(
        self,
        name: str,
        hand_out: Callable[[Context, WorkerPool], None],
        *,
        context: Context,
        pool: WorkerPool,
        progress: Progress,
    ) -> None:
        self._name = name
        self._context = context
        self._hand_out = hand_out
        self._pool = pool
        self._progress = progress
        self._trouble = ""

    def __call__(self) -> None:
        """Tick."""
        try:
            self._hand_out(self._context, self._pool)
        except HowdahError as error:
            if self._is_new(str(error)):
                tell(TickFailed(error=str(error)))
        except Exception as error:  # noqa: BLE001 - outermost: the scheduler would tell of it in its own words, every time
            if self._is_new(type(error).__name__):
                tell(TickCrashed())
        else:
            self._trouble = ""
        self._progress.returned(self._name, worked=not self._trouble)

    def _is_new(self, trouble: str) -> bool:
        """Whether the last tick went otherwise; remembers this one."""
        before, self._trouble = self._trouble, trouble
        return trouble != before


def look(context: Context, pool: WorkerPool, *, accounts: WorkerPool) -> None:
    """Hand out the sites that are due for a look; what one makes due at once is delivered right after."""

    def work(name: str) -> None:
        if collect(context, name):
            _hand_out(context, context.sites[name].policy.accounts, accounts)

    for name in due_looks(context):
        pool.take(name, partial(work, name), server=context.sites[name].host)


def deliver(context: Context, pool: WorkerPool) -> None:
    """Hand out the accounts that have something to send."""
    _hand_out(context, context.accounts, pool)


def _hand_out(context: Context, names: Collection[str], accounts: WorkerPool) -> None:
    """Hand out those of these accounts that have something to send."""
    since = context.clock.elapsed()
    for name in _due_accounts(context, names):
        accounts.take(name, partial(_attend, context, name, since), server=context.accounts[name].instance)


def _attend(context: Context, name: str, since: timedelta) -> None:
    """Attend to an account that had something to send then; ask again where it has waited long for a thread.

    Other daemons were told the same, and to begin with an account takes six transactions.
    """
    if context.clock.elapsed() - since < _LONG or _due_accounts(context, [name]):
        from bot.crosspost.deliver import attend  # all that publishes comes along: only where something is due

        attend(context, name)


def _due_accounts(context: Context, names: Collection[str]) -> tuple[str, ...]:
    return context.store.due_accounts(names, sites=context.sites, now=context.clock.now())


def follow_up(context: Context, pool: WorkerPool) -> None:
    """By the same pool and name as delivering: one of the two at a time works on an account."""
    if not any(posting.policy.follows for posting in context.accounts.values()):
        return
    from bot.crosspost.follow import accounts_to_follow, follow  # only where an account follows

    for name in accounts_to_follow(context):
        pool.take(name, partial(follow, context, name), server=context.accounts[name].instance)


def take_up_tokens(context: Context, pool: WorkerPool) -> None:
    """Let accounts go on whose token was replaced, and shares that a wrong clock has put off."""
    pool.take("tokens", partial(take_up, context))


def take_notice(context: Context, kept: KeptNotice, *, pool: WorkerPool, accounts: WorkerPool) -> None:
    """Hand out one notice; what it makes due is delivered right after. One at a time for each post."""

    def work() -> None:
        from bot.crosspost.notices import handle_notice  # only where a site announces something

        handle_notice(context, kept)
        _hand_out(context, context.sites[kept.site].policy.accounts, accounts)

    pool.take(f"{kept.site}/{kept.notice.post_id}", work, server=context.sites[kept.site].host)


def take_notices(context: Context, pool: WorkerPool, *, accounts: WorkerPool) -> None:
    """Hand out the notices that are still open: the site was silent, or howdah was stopped meanwhile."""
    for kept in context.store.open_notices(context.sites, limit=_MOST_NOTICES):
        take_notice(context, kept, pool=pool, accounts=accounts)


def write(context: Context, pool: WorkerPool) -> None:
    """Hand out the sites that are to be told something. Under names of their own: a look needn't wait for it."""
    if not any(watched.policy.write_back for watched in context.sites.values()):
        return
    from bot.crosspost.write_back import sites_to_write, write_back  # only where a site is written to

    for name in sites_to_write(context):
        host = context.sites[name].host
        pool.take(f"write to {name}", partial(write_back, context, name), server=f"write to {host}")


def scheduler() -> BackgroundScheduler:
    """A scheduler that drops no tick and runs none twice at a time."""
    # A tick that is late still runs, once: the default grace of one second drops it without a word.
    return BackgroundScheduler(
        timezone="UTC",
        executors={"default": {"type": "threadpool", "max_workers": 1}},  # a tick is only handed on there
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )


def add_tick(scheduler: BackgroundScheduler, tick: Callable[[], None], *, name: str, seconds: float) -> None:
    """Tick every so many seconds, the first time as soon as the scheduler starts."""
    scheduler.add_job(tick, "interval", name=name, seconds=seconds, next_run_time=datetime.now(UTC))


def keep_ticking(scheduler: BackgroundScheduler) -> None:
    """Let each tick come within its period where the machine's clock, which the scheduler goes by, was set back."""
    now = datetime.now(UTC)
    for job in scheduler.get_jobs():
        if job.next_run_time > now + job.trigger.interval:
            job.modify(next_run_time=now)
