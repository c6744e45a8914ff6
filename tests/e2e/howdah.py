"""The real `howdah` command and daemon, in processes of their own, with a config and a store in a folder."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from tests import commands
from tests.commands import DAEMON, Done
from tests.e2e.servers.process import Process

SITE = "gazette"
ACCOUNT = "fedi"
PATIENCE = 90.0  # seconds until what is waited for must have happened
PAUSE = 0.25
COMMAND = str(Path(sys.executable).with_name("howdah"))

Setting = str | int | bool
ShareLine = dict[str, Any]

# Short waits, and nothing held back: old posts are shared, and many at once.
SITE_SETTINGS: dict[str, Setting] = {
    "poll_every": "1s",
    "settle": "0s",
    "first_run": "skip",
    "max_age": "36500d",
    "max_burst": 1000,
    "allow_private": True,
}
ACCOUNT_SETTINGS: dict[str, Setting] = {
    "timeout": "5s",
    "answer_deadline": "2s",
    "backoff": "1s",
    "allow_private": True,
}


class Server(Protocol):
    """Where an account lives: the address that howdah is told, and a token."""

    @property
    def url(self) -> str:
        """The address."""
        ...

    @property
    def token(self) -> str:
        """A token that may read and write."""
        ...


class MakeHowdah(Protocol):
    """Makes a howdah with a folder of its own between WordPress and an instance: snac, where none is named."""

    def __call__(
        self,
        instance: Server | None = None,
        *,
        site: Mapping[str, Setting] | None = None,
        account: Mapping[str, Setting] | None = None,
    ) -> "Howdah":
        """Site and account are settings on top of the usual ones."""
        ...


class Howdah:
    """One site, one account, one store, in a folder. `site` and `account` are settings on top of those above."""

    def __init__(
        self,
        folder: Path,
        *,
        wordpress_url: str,
        instance: Server,
        site: Mapping[str, Setting] | None = None,
        account: Mapping[str, Setting] | None = None,
        web: Mapping[str, Setting] | None = None,
    ) -> None:
        """Write the config and the token file; nothing is started. web: the table [web], none where it is None."""
        self.folder = folder
        token_file = folder / "fedi.token"
        token_file.touch(mode=0o600)
        token_file.write_text(instance.token)
        sections: dict[str, dict[str, Any]] = {
            "state": {"url": "sqlite:///howdah.db"},
            f"sites.{SITE}": {"url": wordpress_url, **SITE_SETTINGS, **(site or {})},
            f"accounts.{ACCOUNT}": {"instance": instance.url, **ACCOUNT_SETTINGS, **(account or {})},
        }
        sections[f"sites.{SITE}"]["accounts"] = [ACCOUNT]
        sections[f"accounts.{ACCOUNT}"]["token_file"] = token_file.name
        if web is not None:
            sections["web"] = dict(web)
        (folder / "config.toml").write_text("\n".join(_table(name, keys) for name, keys in sections.items()))

    def run(self, *arguments: str) -> Done:
        """Run one command to its end."""
        return commands.run(self.command(*arguments), patience=PATIENCE * 2)

    def sync(self, *options: str) -> list[ShareLine]:
        """One pass that must go well: what it touched."""
        return self._must("sync", "--json", *options).lines

    def shares(self) -> list[ShareLine]:
        """All shares, newest first."""
        return self._must("list", "--limit", "1000", "--json").lines

    def shares_of(self, post_id: int) -> list[ShareLine]:
        """The shares of one post, newest first."""
        return [share for share in self.shares() if share["post_id"] == post_id]

    def wait_until(self, settled: Callable[[list[ShareLine]], bool]) -> list[ShareLine]:
        """Read the list of shares until settled() holds of it; AssertionError where it takes too long."""
        deadline = time.monotonic() + PATIENCE
        shares = self.shares()
        while not settled(shares):
            assert time.monotonic() < deadline, f"not settled: {shares}\n{self._daemon_log()}"
            time.sleep(PAUSE)
            shares = self.shares()
        return shares

    @contextmanager
    def daemon(self) -> Iterator[Process]:
        """The daemon, for as long as the block runs; killed at its end where it still runs."""
        process = Process(self.command("--verbose", *DAEMON), log=self.folder / "daemon.log")
        try:
            yield process
        finally:
            process.kill()

    def _daemon_log(self) -> str:
        log = self.folder / "daemon.log"
        return log.read_text(errors="replace")[-4000:] if log.exists() else "no daemon"

    def _must(self, *arguments: str) -> Done:
        done = self.run(*arguments)
        assert done.code == 0, f"{' '.join(arguments)}: exit {done.code}: {done.err}"
        return done

    def command(self, *arguments: str) -> list[str]:
        """What to call."""
        return [COMMAND, "--config", str(self.folder / "config.toml"), *arguments]


def shared(*post_ids: int) -> Callable[[list[ShareLine]], bool]:
    """Whether each of these posts has a share, and all shares of theirs are in state "shared"."""

    def settled(shares: list[ShareLine]) -> bool:
        theirs = [share for share in shares if share["post_id"] in post_ids]
        return {share["post_id"] for share in theirs} == set(post_ids) and _all_shared(theirs)

    return settled


def _all_shared(shares: list[ShareLine]) -> bool:
    return all(share["state"] == "shared" for share in shares)


def _table(name: str, keys: Mapping[str, Any]) -> str:
    # A JSON string, number, boolean or list of strings is the same in TOML.
    return "\n".join([f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in keys.items()), ""])
