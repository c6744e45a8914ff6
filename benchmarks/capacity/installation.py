"""An installation of sites, accounts and machines, simulated event by event by howdah's own rules.

When a site is looked at, how long a failed one is left alone, how long a machine looks on without a trace, when an
account may send, how long a lease outlives its machine, how many threads there are: all of it is called or taken from
where howdah decides it. Sites, instances and readers are drawn by chance; costs are those that were measured.
"""

import heapq
import random
import statistics
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count

from bot.crosspost.context import lease_length
from bot.crosspost.quiet import record_every
from bot.crosspost.threads import MOST_SITE_THREADS, SHARED_THREADS
from bot.domain.policy import AccountPolicy, SitePolicy
from bot.domain.selecting.plan import look_wait
from bot.domain.transitions.budget import STATUSES, UPLOADS, opens_at
from bot.domain.transitions.outcome import site_wait

_START = datetime(2026, 1, 1, tzinfo=UTC)
# How long a site that says nothing keeps a thread.
_SILENCE = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What is simulated. Seconds, unless a name says otherwise.

    posts_a_day: of an average site; some have many more. answer, publish: the median of how long a site takes to
    answer, and of all that a status takes. silent: the share of sites that never answer. images: the share of posts
    with one. uncounted: the first seconds, in which every site is new to every machine. dies_at: when the first machine
    is cut off, 0 for never.
    """

    sites: int = 10_000
    accounts: int = 2_000
    machines: int = 3
    threads: int = MOST_SITE_THREADS
    poll_every: float = 120.0
    posts_a_day: float = 5.0
    answer: float = 0.4
    publish: float = 2.0
    silent: float = 0.01
    images: float = 0.8
    seconds: float = 3.5 * 3600.0
    uncounted: float = 1800.0
    dies_at: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Milliseconds of a core: of howdah's process, then of the database."""

    quiet: tuple[float, float]
    recorded: tuple[float, float]
    status: tuple[float, float]
    tick: tuple[float, float]


@dataclass(slots=True)
class _Site:
    account: int
    posts: deque[float]
    silent: bool
    failures: int = 0
    until: float = 0.0
    owner: "_Machine | None" = None


@dataclass(slots=True)
class _Account:
    due: deque[tuple[float, bool]] = field(default_factory=deque)
    sent: deque[datetime] = field(default_factory=deque)
    uploaded: deque[datetime] = field(default_factory=deque)
    busy: bool = False
    longest: int = 0


@dataclass(slots=True, eq=False)
class _Machine:
    alive: bool = True
    looking: int = 0
    sending: int = 0
    free_at: float = 0.0
    used: float = 0.0
    quiet: deque[tuple[float, int]] = field(default_factory=deque)


@dataclass(slots=True)
class Result:
    """What came of it. Seconds.

    late: how long looks that were due waited for a thread; seen: from publication to the look that found the post;
    shared: from publication to the status; waiting: the most looks that waited at once; queue: the most posts that
    waited on one account; unsent: posts that were published and not shared, though they had ten minutes; cores and
    database: how much of a core the busiest machine and the database used.
    """

    looks: int = 0
    late: list[float] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)
    shared: list[float] = field(default_factory=list)
    waiting: int = 0
    queue: int = 0
    unsent: int = 0
    cores: float = 0.0
    database: float = 0.0


def simulate(installation: Installation, work: Work, *, seed: int = 1) -> Result:
    """Simulate an installation for as long as it says."""
    return _Simulation(installation, work, random.Random(seed)).run()  # noqa: S311 - chance, no secret


def seconds_until_sent(posts: int, *, each: float, pictured: bool) -> float:
    """How long one account needs for so many posts that are due at once, on an instance with Mastodon's limits."""
    now, used = _START, list[datetime]()
    windows = (STATUSES, UPLOADS) if pictured else (STATUSES,)
    for _ in range(posts):
        now = max(now, *(opens_at(window, used, None, now=now) or now for window in windows))
        used.append(now)
        now += timedelta(seconds=each)
    return (now - _START).total_seconds()


def of_hundred(values: list[float], percent: int) -> float:
    """What so many of a hundred values stay under; 0.0 where there are none."""
    if len(values) < 2:
        return values[0] if values else 0.0
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


class _Simulation:
    def __init__(self, installation: Installation, work: Work, chance: random.Random) -> None:
        self._installation, self._work, self._chance = installation, work, chance
        self._policy = SitePolicy(
            name="site", accounts=("account",), poll_every=timedelta(seconds=installation.poll_every)
        )
        self._account_policy = AccountPolicy(name="account")
        self._record = record_every(self._policy.poll_every).total_seconds()
        self._settle = self._policy.settle.total_seconds()
        self._now = 0.0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._machines = [_Machine() for _ in range(installation.machines)]
        self._accounts = [_Account() for _ in range(installation.accounts)]
        self._sites = [self._site(number) for number in range(installation.sites)]
        self._open: deque[tuple[float, int]] = deque()  # sites that the store says are due: for any machine
        self._database = 0.0
        self._result = Result()

    def run(self) -> Result:
        """Let one event follow the other until the time is over."""
        for number in range(len(self._sites)):
            self._at(self._chance.uniform(0, self._installation.poll_every), partial(self._is_due, number))
        if self._installation.dies_at:
            self._at(self._installation.dies_at, self._die)
        while self._events and self._events[0][0] <= self._installation.seconds:
            self._now, _, happen = heapq.heappop(self._events)
            happen()
        return self._result_of()

    def _site(self, number: int) -> _Site:
        rate = self._installation.posts_a_day / 86400 * self._chance.lognormvariate(-0.5, 1.0)
        at, posts = 0.0, deque[float]()
        while (at := at + self._chance.expovariate(rate)) < self._installation.seconds:
            posts.append(at)
        return _Site(number % self._installation.accounts, posts, self._chance.random() < self._installation.silent)

    def _at(self, when: float, happen: Callable[[], None]) -> None:
        heapq.heappush(self._events, (when, next(self._order), happen))

    def _is_due(self, number: int) -> None:
        """A look is due: for the machine that looks on at this site, or for whoever has a thread."""
        site = self._sites[number]
        if site.owner is not None and self._now < site.until:
            site.owner.quiet.append((self._now, number))
            machines = [site.owner]
        else:
            self._open.append((self._now, number))
            machines = self._machines
        self._result.waiting = max(
            self._result.waiting, len(self._open) + sum(len(one.quiet) for one in self._machines)
        )
        for machine in self._chance.sample(machines, len(machines)):
            self._look_on(machine)

    def _look_on(self, machine: _Machine) -> None:
        while machine.alive and machine.looking < self._installation.threads and (machine.quiet or self._open):
            own = machine.quiet and (not self._open or machine.quiet[0] <= self._open[0])
            due, number = (machine.quiet if own else self._open).popleft()
            machine.looking += 1
            self._note(self._result.late, self._now - due)
            self._look(machine, number, recorded=not own)

    def _look(self, machine: _Machine, number: int, *, recorded: bool) -> None:
        site = self._sites[number]
        answer = (
            _SILENCE if site.silent else min(self._chance.lognormvariate(0, 0.8) * self._installation.answer, _SILENCE)
        )
        done = self._spend(machine, self._work.recorded if recorded else self._work.quiet) + answer
        self._at(done, partial(self._looked, machine, number, recorded=recorded))

    def _looked(self, machine: _Machine, number: int, *, recorded: bool) -> None:
        if not machine.alive:
            return
        machine.looking -= 1
        self._result.looks += self._now > self._installation.uncounted
        site, spread = self._sites[number], self._chance.random()
        if site.silent:
            site.failures, site.owner = site.failures + 1, None
            wait = site_wait(self._policy.poll_every, site.failures, None, spread=spread)
        else:
            found = self._find(site)
            wait = look_wait(self._policy.poll_every, active=found, spread=spread)
            if recorded or found:
                site.owner, site.until = machine, self._now + max(wait.total_seconds(), self._record)
        due = self._now + wait.total_seconds()
        self._at(min(due, site.until) if site.owner else due, partial(self._is_due, number))
        self._look_on(machine)

    def _find(self, site: _Site) -> bool:
        found = False
        while site.posts and site.posts[0] <= self._now:
            published = site.posts.popleft()
            self._note(self._result.seen, self._now - published)
            pictured = self._chance.random() < self._installation.images
            self._at(self._now + self._settle, partial(self._share, site.account, (published, pictured)))
            found = True
        return found

    def _share(self, number: int, post: tuple[float, bool]) -> None:
        account = self._accounts[number]
        account.due.append(post)
        account.longest = max(account.longest, len(account.due))
        self._send_on(number)

    def _send_on(self, number: int) -> None:
        account = self._accounts[number]
        if account.busy or not account.due:
            return
        account.busy = True
        opens = self._opens_at(account, pictured=account.due[0][1])
        if opens > self._now:
            self._at(opens, partial(self._go_on, number))
            return
        free = [one for one in self._machines if one.alive and one.sending < SHARED_THREADS]
        if not free:
            self._at(self._now + 1, partial(self._go_on, number))
            return
        machine, (published, pictured) = self._chance.choice(free), account.due.popleft()
        machine.sending += 1
        done = (
            self._spend(machine, self._work.status) + self._chance.lognormvariate(0, 0.6) * self._installation.publish
        )
        self._at(done, partial(self._sent, machine, number, published, pictured=pictured))

    def _go_on(self, number: int) -> None:
        self._accounts[number].busy = False
        self._send_on(number)

    def _opens_at(self, account: _Account, *, pictured: bool) -> float:
        now = _START + timedelta(seconds=self._now)
        windows = [(STATUSES, account.sent)] + ([(UPLOADS, account.uploaded)] if pictured else [])
        opens = [opens_at(window, tuple(used), None, now=now) for window, used in windows]
        return max(((at - _START).total_seconds() for at in opens if at is not None), default=self._now)

    def _sent(self, machine: _Machine, number: int, published: float, *, pictured: bool) -> None:
        account, instant = self._accounts[number], _START + timedelta(seconds=self._now)
        machine.sending -= 1
        if not machine.alive:
            self._take_over(number, published)
            return
        account.sent.append(instant)
        if len(account.sent) > STATUSES.calls:
            account.sent.popleft()
        if pictured:
            account.uploaded.append(instant)
            if len(account.uploaded) > UPLOADS.calls:
                account.uploaded.popleft()
        self._note(self._result.shared, self._now - published)
        self._go_on(number)

    def _take_over(self, number: int, published: float) -> None:
        """The sender is gone: its lease runs out, and the account is read after the answer's deadline."""
        policy = self._account_policy
        rest = lease_length(policy) + policy.answer_deadline
        self._at(self._now + rest.total_seconds(), partial(self._found, number, published))

    def _found(self, number: int, published: float) -> None:
        self._note(self._result.shared, self._now - published)
        self._go_on(number)

    def _die(self) -> None:
        """A machine is gone: what it had in hand or looked on at comes due when the store says so."""
        gone = self._machines[0]
        gone.alive = False
        for number, site in enumerate(self._sites):
            if site.owner is gone:
                site.owner = None
                self._at(max(site.until, self._now), partial(self._is_due, number))
        gone.quiet.clear()

    def _note(self, values: list[float], value: float) -> None:
        if self._now > self._installation.uncounted:
            values.append(value)

    def _spend(self, machine: _Machine, cost: tuple[float, float]) -> float:
        """Use the machine's one core after whoever uses it now, and the database's; when that is done."""
        seconds = cost[0] / 1000
        machine.free_at = max(machine.free_at, self._now) + seconds
        machine.used += seconds
        self._database += cost[1] / 1000
        return machine.free_at

    def _result_of(self) -> Result:
        installation, result = self._installation, self._result
        old = self._now - 600
        result.unsent = sum(1 for site in self._sites if not site.silent for at in site.posts if at < old)
        result.unsent += sum(1 for account in self._accounts for at, _ in account.due if at < old)
        result.queue = max(account.longest for account in self._accounts)
        ticks = self._work.tick
        result.cores = max(machine.used for machine in self._machines) / installation.seconds + ticks[0] / 1000
        result.database = self._database / installation.seconds + installation.machines * ticks[1] / 1000
        return result
