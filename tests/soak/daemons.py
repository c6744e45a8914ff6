"""The real `howdah` in processes of its own: daemons to be killed, stopped and started, and commands beside them."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from tests import commands
from tests.commands import DAEMON, Done
from tests.e2e.howdah import COMMAND
from tests.e2e.servers.process import Process
from tests.soak.verdict import Row
from tests.soak.world import World

TIMEOUT = timedelta(seconds=1)  # of one call to the instance
_SITE = """
[sites.{name}]
url = {url}
accounts = {accounts}
poll_every = "1s"
settle = "0s"
max_burst = 1000000
allow_private = true
"""
_ACCOUNT = """
[accounts.{name}]
instance = {instance}
token_file = "{name}.token"
timeout = "{timeout}"
answer_deadline = "1s"
backoff = "1s"
allow_private = true
"""
_PATIENCE = 120.0


class Running(Process):
    """A running `howdah`."""

    @property
    def code(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._popen.poll()

    def wait(self) -> None:
        """Wait until it ends by itself."""
        self._popen.wait(_PATIENCE)

    def freeze(self) -> None:
        """Stop it where it stands (SIGSTOP)."""
        os.killpg(self._popen.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on (SIGCONT)."""
        os.killpg(self._popen.pid, signal.SIGCONT)


class Folder:
    """A folder with a config for a world, and `howdah` run with it. state: the store's URL, '' for a file in it."""

    def __init__(self, path: Path, world: World, *, state: str) -> None:
        """Write the config and the token files; nothing is run."""
        self.path = path
        for name, token in world.tokens.items():
            (path / f"{name}.token").touch(mode=0o600)
            (path / f"{name}.token").write_text(token)
        (path / "config.toml").write_text("".join(_config(world, state=state or "sqlite:///howdah.db")))

    def run(self, *arguments: str) -> Done:
        """Run a command to its end."""
        return commands.run(self._command(*arguments), patience=_PATIENCE)

    def must(self, *arguments: str) -> Done:
        """Run a command that has to go well."""
        done = self.run(*arguments)
        assert done.code == 0, f"{' '.join(arguments)}: exit code {done.code}: {done.err}"
        return done

    def start(self, *arguments: str, log: Path) -> Running:
        """Start a command that prints into a log. By the main thread: it dies with the thread that started it."""
        return Running(self._command(*arguments), log=log)

    def counts(self) -> dict[str, int]:
        """How many shares are in which state, as `status --json` says."""
        [said] = self.must("status", "--json").lines
        counts: dict[str, int] = said["shares"]
        return counts

    def rows(self) -> list[Row]:
        """All shares, as `list --json` says."""
        return [
            Row(
                post=f"{line['site']}/{line['post_id']}",
                account=line["account"],
                number=line["number"],
                state=line["state"],
                url=line["share_on_mastodon"]["url"],
                error=line["share_on_mastodon"]["error"],
            )
            for line in self.must("list", "--all", "--json").lines
        ]

    def _command(self, *arguments: str) -> list[str]:
        return [COMMAND, "--log-format", "json", "--config", str(self.path / "config.toml"), *arguments]


def _config(world: World, *, state: str) -> Iterator[str]:
    # A JSON string or list of strings is the same in TOML.
    yield f"[state]\nurl = {json.dumps(state)}\n"
    for name, site in world.sites.items():
        yield _SITE.format(name=name, url=json.dumps(site.url), accounts=json.dumps(world.accounts[name]))
    for name in world.tokens:
        yield _ACCOUNT.format(
            name=name, instance=json.dumps(world.instance.url), timeout=f"{TIMEOUT.total_seconds():.0f}s"
        )


class Daemon:
    """`howdah run`, one life after the other; all of them log into one file. It begins with the first."""

    def __init__(self, folder: Folder, name: str) -> None:
        self.name = name
        self.log = folder.path / f"{name}.log"
        self._folder = folder
        self.start()

    def start(self) -> None:
        """Begin a life."""
        self._born_at = self.log.stat().st_size if self.log.exists() else 0
        self._life = self._folder.start(*DAEMON, log=self.log)

    @property
    def running(self) -> bool:
        """Whether this life has said that it is running."""
        return b'"event": "running"' in self._said()

    @property
    def found_store_silent(self) -> bool:
        """Whether this life ended since the store gave no answer as it began: a busy machine does that."""
        *_, last = (b"", *self._said().splitlines())
        return self.code == 1 and b"the state store" in last and b"doesn't answer" in last

    @property
    def code(self) -> int | None:
        """The exit code of this life; None while it lasts."""
        return self._life.code

    def _said(self) -> bytes:
        """What this life has logged."""
        with self.log.open("rb") as log:
            log.seek(self._born_at)
            return log.read()

    def kill(self) -> None:
        """End this life at once (SIGKILL), frozen or not; nothing happens where it has ended."""
        self._life.kill()

    def freeze(self) -> None:
        """Stop it where it stands."""
        self._life.freeze()

    def thaw(self) -> None:
        """Let it go on."""
        self._life.thaw()

    def stop(self) -> int:
        """Ask it to end (SIGTERM), and wait for it: its exit code."""
        return self._life.stop()


@contextmanager
def daemons_of(folder: Folder, number: int) -> Iterator[list[Daemon]]:
    """So many daemons; none of them outlives the block."""
    with ExitStack() as stack:
        daemons = []
        for one in range(1, number + 1):
            daemons.append(Daemon(folder, f"daemon{one}"))
            stack.callback(daemons[-1].kill)
        yield daemons
