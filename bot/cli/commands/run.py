"""`howdah run` and `howdah sync`: the daemon, and one pass of what it does."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from bot.cli.failures import Problems
from bot.cli.session import Session, known_site, pass_session, tokens

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from bot.config import Config
    from bot.crosspost.context import Context
    from bot.crosspost.sync import Pass
    from bot.domain.transitions.forecast import Forecast


class TokenFiles:
    """The token files as they were when they were read. changed() says of each change once, right or wrong."""

    def __init__(self) -> None:
        self._stamps_now: Callable[[], dict[Path, str]] = dict
        self._seen: dict[Path, str] = {}

    def look(self, config: Config) -> None:
        """Remember what this config's token files look like, before they are read."""
        self._stamps_now = config.token_stamps
        self._seen = config.token_stamps()

    def changed(self) -> bool:
        """Whether any of them is another one than it was at the last look or the last change."""
        before, self._seen = self._seen, self._stamps_now()
        return self._seen != before


@click.command()
@pass_session
def run(session: Session) -> None:
    """Watch the sites and share what is new: the daemon.

    It runs until it is told to stop. SIGTERM and SIGINT (Ctrl-C) finish the share in hand and end it; SIGHUP reads
    the config anew, and keeps the old one where the new is wrong. A token file that is changed is read anew within a
    minute. What happens is logged on stderr.
    """
    import threading

    from bot.daemon import Daemon

    stop, tokens_seen = threading.Event(), TokenFiles()
    Daemon(lambda: _open(session, stop, tokens_seen), stop=stop, tokens_changed=tokens_seen.changed).run()


@click.command()
@click.option("--site", metavar="NAME", help="This site alone; else all.")
@click.option("--no-wait", is_flag=True, help="Leave what comes due within `settle` to the next pass.")
@click.option("--json", "as_json", is_flag=True, help="Print each share that was touched, as `list --json` does.")
@pass_session
def sync(session: Session, *, site: str | None, no_wait: bool, as_json: bool) -> None:
    """Look at the sites and share what is due, once.

    One pass, for cron. What comes due within `settle` is waited for, unless --no-wait. Ctrl-C finishes the share in
    hand; the rest is left to the next pass.
    """
    from bot.cli.stop import stop_on_signal
    from bot.wiring import open_context

    config = session.config()
    sites = [known_site(config, site)] if site is not None else list(config.sites)
    with (
        stop_on_signal() as stop,
        open_context(config, stop=stop, token_of=tokens(config)) as context,
        _progress(sites, quiet=session.quiet),
    ):
        done = _pass(context, sites, no_wait=no_wait)
        stopped = stop.is_set()
        backlogs = _backlogs(context)
    _say(done, as_json=as_json, quiet=session.quiet)
    if not as_json and not session.quiet:
        _say_backlogs(backlogs)
    _end(done, stopped=stopped)


def _open(session: Session, stop: threading.Event, tokens_seen: TokenFiles) -> AbstractContextManager[Context]:
    """The context by the config as it stands now."""
    from bot.wiring import open_context

    config = session.config()
    tokens_seen.look(config)
    return open_context(config, stop=stop, token_of=tokens(config))


def _pass(context: Context, sites: Sequence[str], *, no_wait: bool) -> Pass:
    from bot.crosspost import sync as passes

    return passes.sync(context, sites=sites, wait=timedelta(0) if no_wait else None)


def _progress(sites: Sequence[str], *, quiet: bool) -> AbstractContextManager[object]:
    """A spinner on a terminal; cron mails every line, so that without one there is none."""
    import sys

    from bot.cli.terminal.progress import Progress
    from bot.report.wording import listed

    if not sys.stderr.isatty():
        return nullcontext()
    return Progress(f"looking at {listed(sites)}, and sharing what is due …", quiet=quiet)


def _say(done: Pass, *, as_json: bool, quiet: bool) -> None:
    from bot.cli.terminal.output import say_json
    from bot.cli.terminal.share_table import say_outcomes
    from bot.report.lines import share_line

    if as_json:
        for share in done.shares:
            say_json(share_line(share))
    elif not quiet:
        say_outcomes([share for share in done.shares if share not in done.followed], followed=done.followed)


def _backlogs(context: Context) -> dict[str, Forecast]:
    """The accounts on which several posts wait still."""
    from bot.crosspost.backlog import backlog

    now = context.clock.now()
    waits = {
        name: backlog(context.store, at.policy, sites=context.sites, now=now) for name, at in context.accounts.items()
    }
    return {name: told for name, told in waits.items() if told is not None and told.waiting > 1}


def _say_backlogs(backlogs: Mapping[str, Forecast]) -> None:
    from datetime import UTC, datetime

    from bot.cli.terminal.output import say

    for name, told in backlogs.items():
        say(f"{name}: {told.said(now=datetime.now(UTC))}")


def _end(done: Pass, *, stopped: bool) -> None:
    problems = Problems()
    for problem in done.problems:
        problems.add(problem)
    if stopped:
        problems.add("stopped before the pass was done; the next one goes on where this one ended.")
    problems.end(done=True)
