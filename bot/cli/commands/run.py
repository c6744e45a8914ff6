"""`howdah run` and `howdah sync`: the daemon, and one pass of what it does."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from bot.cli import logs
from bot.cli.failures import Problems
from bot.cli.options import site_names, site_option
from bot.cli.session import Session, known_site, pass_session, tokens

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from bot.cli.commands.run_web import Serving
    from bot.cli.watch import Watch
    from bot.config import Config
    from bot.crosspost.context import Context
    from bot.crosspost.sync import Pass
    from bot.report.health import Health


@click.command()
@click.option("--logs-of", metavar="SITE", shell_complete=site_names, help="Log of this site and its accounts alone.")
@click.option("--tick", type=float, hidden=True, help="Seconds until what is due is asked for again.")
@pass_session
def run(session: Session, *, logs_of: str | None, tick: float | None) -> None:
    """Watch the sites and share what is new: the daemon.

    It runs until it is told to stop. SIGTERM and SIGINT (Ctrl-C) finish the share in hand and end it; SIGHUP reads
    the config anew, and keeps the old one where the new is wrong; so does a terminal that is closed, which doesn't end
    it. A token file that is changed is read anew within a minute. What happens is logged on stderr.

    \b
    howdah run
    howdah --log-format json run
    howdah --verbose run --logs-of blog
    """
    import threading

    from bot.cli.commands.run_web import Serving
    from bot.cli.watch import Watch
    from bot.daemon import TICK_SECONDS, Daemon

    stop = threading.Event()

    def idle() -> tuple[str, ...]:
        return daemon.progress.idle()  # another one after each reload

    serving, watch = Serving(idle), Watch(idle)
    tick_seconds = TICK_SECONDS if tick is None else tick
    daemon = Daemon(lambda: _open(session, stop, serving, watch, logs_of=logs_of), stop=stop, tick_seconds=tick_seconds)
    daemon.run()


@click.command()
@site_option("This site alone; else all.")
@click.option("--no-wait", is_flag=True, help="Leave what comes due within `settle` to the next pass.")
@click.option("--json", "as_json", is_flag=True, help="Print each share that was touched, as `list --json` does.")
@pass_session
def sync(session: Session, *, site: str | None, no_wait: bool, as_json: bool) -> None:
    """Look at the sites and share what is due, once.

    One pass, for cron. What comes due within `settle` is waited for, unless --no-wait. Ctrl-C finishes the share in
    hand; the rest is left to the next pass.

    \b
    howdah sync
    howdah sync --site uk --no-wait
    """
    from bot.cli.watch import beating

    config = session.config()
    sites = [known_site(config, site)] if site is not None else list(config.sites)
    with beating(config):
        _sync(session, config, sites, no_wait=no_wait, as_json=as_json)


def _sync(session: Session, config: Config, sites: Sequence[str], *, no_wait: bool, as_json: bool) -> None:
    """The pass, what came of it, and who has to be told."""
    from bot.cli.stop import stop_on_signal
    from bot.cli.watch import look_once, receivers_of
    from bot.report.health import health_of
    from bot.report.needs import stuck
    from bot.wiring import open_context

    receivers = receivers_of(config)  # a file of addresses that can't be read is said before anything is sent
    with (
        stop_on_signal() as stop,
        open_context(config, stop=stop, token_of=tokens(config)) as context,
        _spinner(sites, quiet=session.quiet),
    ):
        done = _pass(context, sites, no_wait=no_wait)
        stopped = stop.is_set()
        health = health_of(config, context.store, now=context.clock.now())
        untold = look_once(config, context.store, health, receivers)
    waiting = [need.text for need in stuck(health) if need.share is None or need.share.site in sites]
    _say(done, as_json=as_json, quiet=session.quiet)
    if not as_json and not session.quiet:
        _say_backlogs(health)
    _end(done, stopped=stopped, untold=untold, waiting=waiting)


@contextmanager
def _open(
    session: Session, stop: threading.Event, serving: Serving, watch: Watch, *, logs_of: str | None
) -> Iterator[Context]:
    """The context by the config as it stands now, with the status page where it has one.

    logs_of: the site of which alone is logged; None for all. ConfigError also where no account has a token that can be
    read.
    """
    from bot.wiring import open_context

    config = session.config()
    if logs_of is not None:
        logs.only([known_site(config, logs_of)], config.sites[logs_of].accounts)
    with (
        open_context(config, stop=stop, token_of=tokens(config)) as context,
        serving.of(config, context),
        watch.over(config, context),
    ):
        yield context


def _pass(context: Context, sites: Sequence[str], *, no_wait: bool) -> Pass:
    from bot.crosspost import sync as passes

    return passes.sync(context, sites=sites, wait=timedelta(0) if no_wait else None)


def _spinner(sites: Sequence[str], *, quiet: bool) -> AbstractContextManager[object]:
    """A spinner on a terminal; cron mails every line, so that without one there is none."""
    import sys

    from bot.cli.terminal.spinner import Spinner
    from bot.report.wording import listed

    if not sys.stderr.isatty():
        return nullcontext()
    return Spinner(f"looking at {listed(sites)}, and sharing what is due …", quiet=quiet)


def _say(done: Pass, *, as_json: bool, quiet: bool) -> None:
    from bot.cli.terminal.output import say_json
    from bot.cli.terminal.share_table import say_outcomes
    from bot.report.json_lines import share_line

    if as_json:
        for share in done.shares:
            say_json(share_line(share))
    elif not quiet:
        told = [share for share in done.shares if share not in done.followed]
        say_outcomes(told, followed=done.followed, unseen=done.unseen, resting=done.resting)


def _say_backlogs(health: Health) -> None:
    """Tell of the accounts on which several posts wait still; what rests without end has no forecast."""
    from bot.cli.terminal.output import say
    from bot.domain.models import FOREVER

    for account in health.accounts:
        told = health.queues[account.name].forecast
        if account.rests_until != FOREVER and told is not None and told.waiting > 1:
            say(f"{account.name}: {told.said(now=health.now)}")


def _end(done: Pass, *, stopped: bool, untold: Sequence[str], waiting: Sequence[str]) -> None:
    problems = Problems()
    for trouble in untold:
        problems.add(f"not told: {trouble}")
    for problem in (*done.problems, *waiting):
        problems.add(problem)
    if stopped:
        problems.add("stopped before the pass was done; the next one goes on where this one ended.")
    problems.end(done=True)
