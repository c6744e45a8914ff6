"""The real commands between a small WordPress and a small Mastodon: a config, a token file and a store in a folder."""

import json
import os
import pty
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.sandbox.mastodon import SandboxMastodon
from tests import commands
from tests.commands import DAEMON, Done, logs_given_back
from tests.sandbox.wordpress import EditableWordPress

# Whoever finds this anywhere in what a command printed or logged has found a leak.
TOKEN = "Rk4-mJ2wq_8ZtVbXo71sHdYpLc"
SITE = "uk"
ACCOUNT = "herald"
PATIENCE = 60.0

Settings = Mapping[str, str | int | bool | list[str]]

SITE_SETTINGS: Settings = {
    "accounts": [ACCOUNT],
    "poll_every": "1s",
    "settle": "0s",
    "max_age": "3650d",
    "allow_private": True,
}
ACCOUNT_SETTINGS: Settings = {
    "token_file": "herald.token",
    "timeout": "10s",
    "answer_deadline": "1s",
    "backoff": "1m",
    "allow_private": True,
}


class Running:
    """A command that runs. heard holds the lines of its standard error."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._changed = threading.Condition()
        self.heard: list[str] = []
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def wait_for(self, text: str, *, times: int = 1) -> None:
        """Until so many lines of its standard error have this text in them."""
        with self._changed:
            found = self._changed.wait_for(lambda: sum(text in line for line in self.heard) >= times, PATIENCE)
        assert found, f"{text!r} not heard in {self.heard}"

    def end(self) -> Done:
        """Wait for its end."""
        code = self._process.wait(PATIENCE)
        self._listener.join(PATIENCE)
        assert self._process.stdout is not None
        return _done(code, self._process.stdout.read(), "".join(self.heard))

    def close(self) -> None:
        """Kill it where it still runs."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait(PATIENCE)
        self._listener.join(PATIENCE)
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()

    def _listen(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            with self._changed:
                self.heard.append(line)
                self._changed.notify_all()


class Howdah:
    """One folder with a config, and `howdah` run with it: in this process, which is quick, or in one of its own."""

    def __init__(self, folder: Path, *, wordpress: str, mastodon: str, token: str = TOKEN) -> None:
        self.folder = folder
        self.config = folder / "config.toml"
        self.token_file = folder / "herald.token"
        self.token_file.touch(mode=0o600)
        self.token_file.write_text(token)
        self._tables: dict[str, dict[str, Any]] = {
            f"sites.{SITE}": {"url": wordpress, **SITE_SETTINGS},
            f"accounts.{ACCOUNT}": {"instance": mastodon, **ACCOUNT_SETTINGS},
        }
        self._write()

    def set(self, table: str, settings: Settings) -> None:
        """Change settings of a table, or add one."""
        self._tables[table] = self._tables.get(table, {}) | dict(settings)
        self._write()

    def run(self, *arguments: str) -> Done:
        """Run a command to its end, in this process."""
        done = CliRunner().invoke(cli, ["--config", str(self.config), *arguments], prog_name="howdah")
        return _done(done.exit_code, done.stdout, done.stderr)

    def process(self, *arguments: str) -> Done:
        """Run a command to its end, in a process of its own."""
        done = commands.run(self.command(*arguments), patience=PATIENCE)
        return _done(done.code, done.out, done.err)

    @contextmanager
    def start(self, *arguments: str) -> Iterator[Running]:
        """Start a command; it is killed at the end of the block where it still runs."""
        process = subprocess.Popen(
            self.command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
        )
        running = Running(process)
        try:
            yield running
        finally:
            running.close()

    def daemon(self, *options: str) -> AbstractContextManager[Running]:
        """Start the daemon, as start() does."""
        return self.start(*options, *DAEMON)

    def shares(self, *options: str) -> list[dict[str, Any]]:
        """What `list --json` prints."""
        return self.run("list", "--json", *options).lines

    def command(self, *arguments: str) -> list[str]:
        """What to call."""
        return [sys.executable, "-m", "bot", "--config", str(self.config), *arguments]

    def _write(self) -> None:
        # A JSON string, number, boolean or list of strings is the same in TOML.
        text = (
            "\n".join([f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in keys.items())])
            for name, keys in self._tables.items()
        )
        self.config.write_text("\n".join(text) + "\n")


def on_terminal(command: list[str], environ: Mapping[str, str] | None = None) -> Done:
    """What a command leaves behind on a terminal of 80 columns, its standard error among the rest."""
    ours, theirs = pty.openpty()
    try:
        process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", **(environ or {})},
        )
        os.close(theirs)
        said = b"".join(_pieces(ours)).decode().replace("\r\n", "\n")
        return _done(process.wait(PATIENCE), said, "")
    finally:
        os.close(ours)


def _pieces(file: int) -> Iterator[bytes]:
    """Everything until the terminal's other end is closed, which Linux says with an error."""
    with suppress(OSError):
        while piece := os.read(file, 4096):
            yield piece


def _done(code: int, out: str, err: str) -> Done:
    """What a command left behind; no token is in it, whatever happened."""
    assert TOKEN not in out + err, "a token leaked"
    return Done(code=code, out=out, err=err)


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    with logs_given_back():
        yield


@pytest.fixture
def wordpress() -> Iterator[EditableWordPress]:
    """A site with one post that was there before."""
    with EditableWordPress(plugin=True) as site:
        site.publish(title="Yesterday's news", date=site.now() - timedelta(days=1))
        yield site


@pytest.fixture
def mastodon() -> Iterator[SandboxMastodon]:
    """An instance with one account."""
    with SandboxMastodon(linked="all") as instance:
        instance.add_account(ACCOUNT, token=TOKEN)
        yield instance


@pytest.fixture
def howdah(tmp_path: Path, wordpress: EditableWordPress, mastodon: SandboxMastodon) -> Howdah:
    """A config for both; nothing has been run yet."""
    return Howdah(tmp_path, wordpress=wordpress.url, mastodon=mastodon.url)
