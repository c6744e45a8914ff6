"""The processes: daemons, and a person at the command line, each with a context of its own over simulated ports."""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

from bot.crosspost import backfill, mend, resting
from bot.crosspost import share as by_hand
from bot.crosspost.collect import collect, due_looks
from bot.crosspost.context import Context, Posting, Watched
from bot.crosspost.deliver import attend
from bot.crosspost.follow import follow
from bot.crosspost.mend import boost
from bot.crosspost.notices import handle_notice
from bot.crosspost.quiet import QuietSites
from bot.crosspost.write_back import write_back
from bot.daemon.loop import NOTICE_TICKS
from bot.domain.models import State
from bot.domain.policy import AccountPolicy, Filters, OnDelete, OnEdit, SitePolicy
from bot.errors import HowdahError
from bot.web.errors import WebError
from bot.web.routes import hooks
from bot.wiring import StoreClock, StoredRoot
from bot.wordpress import Ways, WordPressSite
from tests.simulation.account import SimulatedAccount
from tests.simulation.calls import Caller, SimulatedFitter, SimulatedStore
from tests.simulation.guards import SOUND, Variant
from tests.simulation.instance import Instance
from tests.simulation.invariants import Watch
from tests.simulation.ledger import Ledger
from tests.simulation.notices import KEY
from tests.simulation.scenario import EXCLUDED, FRIEND, Ill, Scenario
from tests.simulation.turns import TurnExecutor
from tests.simulation.wordpress import LOGIN, Newspaper, SimulatedHttp
from tests.simulation.world import SECOND, Process, World

_TICK = SECOND


class SimulatedClock(StoreClock):
    """The real clock of a process, over the world's time; waiting is a turn. Stopping is never asked for."""

    def __init__(self, caller: Caller, read: Callable[[], datetime]) -> None:
        world = caller.world
        super().__init__(threading.Event(), read=read, steady=lambda: world.ms / SECOND)
        self._caller = caller

    def wait(self, duration: timedelta) -> bool:
        """Let time pass."""
        ms = max(1, duration // timedelta(milliseconds=1))
        self._caller.call("clock.wait", (duration,), {}, lambda: self._caller.world.sleep(ms))
        return False


@dataclass(slots=True)
class Town:
    """Everything that a process finds when it starts. offset: what the machine's clock is off by."""

    world: World
    settings: Scenario
    ledger: Ledger
    watch: Watch
    papers: Mapping[str, Newspaper]
    instances: Mapping[str, Instance]
    variant: Variant = field(default_factory=lambda: SOUND)
    offset: timedelta = timedelta(0)

    def clock(self) -> datetime:
        """What the machine's clock shows."""
        return self.world.now() + self.offset


class Member:
    """A process with its context."""

    def __init__(self, name: str, town: Town, *, on_kill: Callable[[], None]) -> None:
        self.process = Process(name)
        self.town = town
        self.world = town.world
        caller = Caller(self.process, town.world, town.settings, on_kill=on_kill)
        self.http = SimulatedHttp(caller, dict(town.papers), town.settings)
        self.http.rewrite = town.variant.url
        self.clock = SimulatedClock(caller, town.clock)
        self.context = self._context(caller)

    def _context(self, caller: Caller) -> Context:
        town, settings = self.town, self.town.settings
        store: Any = SimulatedStore(town.ledger.store, caller, watch=self._watched)
        accounts = {
            name: town.variant.account(SimulatedAccount(instance, caller)) for name, instance in town.instances.items()
        }
        jitter = town.world.random(f"jitter of {self.process.name}")
        context = Context(
            store=town.variant.store(store),
            clock=self.clock,
            sites={
                name: Watched(
                    site=WordPressSite(
                        name,
                        town.papers[name].origin,
                        http=self.http,
                        ways=Ways(source=settings.source),
                        memory=StoredRoot(store, name),
                        login=LOGIN if settings.has(Ill.WRITING) else None,
                        clock=lambda: town.world.ms / SECOND,
                    ),
                    policy=site_policy(settings, name),
                )
                for name in settings.sites
            },
            accounts={
                name: Posting(
                    account=account, policy=account_policy(settings, name), instance=settings.instance_of(name)
                )
                for name, account in accounts.items()
            },
            fitter=SimulatedFitter(caller),
            owner=self.process.name,
            jitter=jitter.random,
            quiet=QuietSites(),
            executor=TurnExecutor(self.process, town.world) if settings.makes_ahead else None,
        )
        return town.variant.context(context)

    def _watched(self, name: str, arguments: tuple[Any, ...], result: Any) -> None:
        self.town.watch.called(self.process.name, name, arguments, result, faults=self.http.faults)


class Daemon(Member):
    """A daemon as in bot/daemon: a tick each second that asks the store what is due; a thread for each site and lane.

    Ticks that can find nothing are left out: that keeps a simulated hour short, and changes nothing else.
    """

    def begin(self, *, at: int) -> None:
        """Start, at that time."""
        for name in self.context.sites:
            self.world.spawn(self.process, name, partial(self._loop, partial(self._collect, name)), at=at)
        for name in self.context.accounts:
            self.world.spawn(self.process, name, partial(self._loop, partial(self._attend, name)), at=at)
        for name, watched in self.context.sites.items():
            if watched.policy.write_back:
                job = partial(self._loop, partial(self._write, name))
                self.world.spawn(self.process, f"write to {name}", job, at=at)
        if self.town.settings.has(Ill.NOTICES):
            self.world.spawn(self.process, "notices", partial(self._loop, self._look_at_notices), at=at)
        self.world.spawn(self.process, "main", self._resume, at=at)

    def hear(self, site: str, headers: Mapping[str, str], body: bytes) -> None:
        """A request arrives at the hook of a site."""
        work = partial(self._safely, partial(self._take_down, site, headers, body))
        self.world.spawn(self.process, "hook", work)

    def _take_down(self, site: str, headers: Mapping[str, str], body: bytes) -> None:
        live = SimpleNamespace(context=self.context, settings=SimpleNamespace(hook_key=lambda _site: KEY))
        call: Any = SimpleNamespace(names={"site": site}, headers=headers, body=body, live=live)
        with suppress(WebError):
            hooks.announce(call)

    def _look_at_notices(self) -> None:
        """What a silent site leaves open is looked at again with the next tick."""
        ledger = self.town.ledger
        self.world.wait_for(lambda: self.world.ms if ledger.open_notices() else None)
        self._safely(self._do_notices)
        self.world.sleep(NOTICE_TICKS * _TICK if ledger.open_notices() else 0)

    def _do_notices(self) -> None:
        for kept in self.context.store.open_notices(self.context.sites, limit=9):
            handle_notice(self.context, kept)

    def _resume(self) -> None:
        """Starting anew means that a person may have mended it."""
        for name in self.context.accounts:
            self._safely(partial(self.context.store.resume, name))

    def _loop(self, step: Callable[[], None]) -> None:
        while True:
            step()
            self.world.sleep(_TICK)

    def _collect(self, name: str) -> None:
        self.world.wait_for(lambda: self._ms(self._look_due(name)))
        self._safely(lambda: self._collect_if_due(name))

    def _collect_if_due(self, name: str) -> None:
        if name in due_looks(self.context):
            collect(self.context, name)

    def _look_due(self, name: str) -> datetime:
        """When a look comes due, as the store says, or as this process remembers of a quiet site."""
        stored, sites = self.town.ledger.look_due(name), self.context.quiet
        at = sites.next_look_at(name) if sites is not None else None
        if sites is None or at is None or name not in sites.due(now=max(at, self.clock.now())):
            return stored
        return min(stored, at)

    def _write(self, name: str) -> None:
        self.world.wait_for(lambda: self._ms(self.town.ledger.write_due(name)))
        self._safely(lambda: write_back(self.context, name))

    def _attend(self, name: str) -> None:
        """As the daemon's accounts pool: delivering and following take turns."""
        self.world.wait_for(lambda: self._ms(self._work_due(name)))
        self._safely(lambda: self._attend_if_due(name))
        if self.context.accounts[name].policy.follows:
            self._safely(lambda: follow(self.context, name))

    def _work_due(self, name: str) -> datetime | None:
        followed = self.context.accounts[name].policy.follows
        dues = (self.town.ledger.work_due(name), self.town.ledger.follow_due(name) if followed else None)
        return min((due for due in dues if due is not None), default=None)

    def _attend_if_due(self, name: str) -> None:
        if self.context.store.due_accounts([name], sites=self.context.sites, now=self.clock.now()):
            attend(self.context, name)

    def _safely(self, job: Callable[[], object]) -> None:
        try:
            job()
        except HowdahError as error:
            self.world.trace.note(self.world.ms, self.process.name, f"job ended: {error}")

    def _ms(self, instant: datetime | None) -> int | None:
        """When an instant of this process's clock is, by the world's."""
        if instant is None:
            return None
        ahead = (instant - self.clock.now()) // timedelta(milliseconds=1)
        return self.world.ms + max(0, ahead + 1)


class Person(Member):
    """Somebody at the command line: shares, retries, skips, edits, deletes, boosts, backfills, lets things rest."""

    def begin(self, *, at: int, acts: int) -> None:
        """Do so many things from that time on."""
        self.world.spawn(self.process, "shell", lambda: self._work(acts), at=at)

    def _work(self, acts: int) -> None:
        jitter = self.world.random(f"wishes of {self.process.name}")
        for _ in range(acts):
            self.world.sleep(jitter.randint(1, max(1, self.town.settings.duration // acts)))
            if self.world.calm:
                return
            self._act(jitter)

    def _act(self, jitter: Any) -> None:
        site, account = jitter.choice(self.town.settings.sites), jitter.choice(self.town.settings.accounts)
        ids = sorted(self.town.papers[site].posts) or [1]
        post_id = jitter.choice(ids)
        wish = by_hand.Wish(text=jitter.choice(("", "", "Look at this")), queued=jitter.random() < 0.3)
        shares = [one for one in self.town.ledger.store.shares() if one.state is not State.SHARED]
        choices: dict[str, Callable[[], object]] = {
            "share": lambda: by_hand.request(self.context, site, post_id, account=account, wish=wish),
            "share --again": lambda: by_hand.request_again(self.context, site, post_id, account=account, wish=wish),
        }
        now = self.context.clock.now()
        until = now + timedelta(seconds=jitter.randint(1, 300))
        choices["pause site"] = lambda: resting.pause_site(self.context.store, site, until=until, now=now)
        choices["pause account"] = lambda: resting.pause_account(self.context.store, account, until=until, now=now)
        choices["resume"] = lambda: resting.resume_account(self.context.store, account)
        choices["edit"] = lambda: mend.edit_status(
            self.context, site, post_id, account=account, text=f"In other words {jitter.random():.3f}"
        )
        choices["delete"] = lambda: mend.delete_status(self.context, site, post_id, account=account)
        choices["boost"] = lambda: boost(self.context, site, post_id, account=account)
        choices["backfill"] = lambda: self._backfill(site, account)
        if shares:
            one = jitter.choice(shares)
            choices["retry"] = lambda: by_hand.retry(self.context, one)
            choices["skip"] = lambda: by_hand.skip(self.context, one)
        word = jitter.choice(tuple(choices))
        if word.startswith("share"):
            self.town.watch.named(site, post_id)
        self.world.strike(f"person: {word}")
        self.world.trace.note(self.world.ms, self.process.name, f"howdah {word} {site}/{post_id} {account}")
        try:
            choices[word]()
        except HowdahError as error:
            self.world.trace.note(self.world.ms, self.process.name, f"{type(error).__name__}: {error}")

    def _backfill(self, site: str, account: str) -> None:
        """Queue what is older than the first look, and whatever else nobody has decided about."""
        posts = backfill.find_older(
            self.context, site, backfill.Span(since=self.world.start - timedelta(days=30)), on_progress=lambda _: None
        )
        those = backfill.wanted(self.context, site, posts, account=account, limit=None)
        backfill.backfill(self.context, site, those, account=account, on_progress=lambda _: None)


def site_policy(settings: Scenario, name: str) -> SitePolicy:
    """What the owner decided about a site."""
    return SitePolicy(
        name=name,
        accounts=settings.accounts,
        poll_every=settings.poll,
        settle=settings.settle,
        first_run=settings.first_run,
        max_burst=settings.max_burst,
        filters=Filters(exclude_title=EXCLUDED if settings.has(Ill.FILTERS) else ""),
        write_back=settings.has(Ill.WRITING),
    )


def account_policy(settings: Scenario, name: str) -> AccountPolicy:
    """What the owner decided about an account."""
    return AccountPolicy(
        name=name,
        timeout=settings.timeout,
        answer_deadline=settings.answer_deadline,
        backoff=timedelta(seconds=1),
        attempts=settings.attempts,
        min_interval=settings.min_interval,
        max_per_day=settings.max_per_day,
        visibility="private" if settings.has(Ill.HIDDEN) else "public",
        mentions=(FRIEND,),
        on_edit=OnEdit.EDIT if settings.has(Ill.EDITS) else OnEdit.IGNORE,
        on_delete=OnDelete.DELETE if settings.has(Ill.DELETIONS) else OnDelete.IGNORE,
    )
