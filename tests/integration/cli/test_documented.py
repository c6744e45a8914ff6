"""Each command that the documentation and the helps tell people to type is run, against the sandbox, and works."""

import json
import re
import shlex
import sqlite3
from collections.abc import Callable
from contextlib import closing

import click
import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.sandbox.mastodon import SandboxMastodon
from bot.sandbox.wordpress import SandboxWordPress
from tests.integration.cli.conftest import ACCOUNT, SITE, Howdah
from tests.sandbox.faults import Status
from tests.unit.cli.test_documented import commands, documented, examples_of

# Those that go on until they are stopped, or speak with a person or a receiver, have tests of their own.
_ELSEWHERE = {"run", "demo", "init", "login", "alerts"}
_NAMES = {"blog", "uk"}
_POST = re.compile(r"https://\S+/|(?:[a-z]+/)?\d{3,}|POST")


def calls() -> list[tuple[str, ...]]:
    """Each call with all that it needs, once."""
    helps = [line for words in commands() for line in examples_of(words)]
    every = [tuple(arguments) for _, arguments in documented()] + [tuple(arguments) for arguments in helps]
    return [call for call in dict.fromkeys(every) if not _ELSEWHERE & set(call) and _is_whole(call)]


def _is_whole(call: tuple[str, ...]) -> bool:
    """Whether a call is more than a command's name in a sentence, where the command needs more."""
    needs_more = ("db", "backup"), ("db", "restore")
    return call not in needs_more and (len(call) > 1 or call[0] in ("status", "list", "check", "sync"))


class World:
    """A site, an account and a config for both, in which every documented call makes sense."""

    def __init__(self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon) -> None:
        self.howdah, self._wordpress, self._mastodon = howdah, wordpress, mastodon
        self._put_down_states()
        howdah.run("sync")

    def run(self, call: tuple[str, ...]) -> click.testing.Result:
        """Run a call, with this world's names in place of the documentation's, and agree to what is asked."""
        prepare = {"boost": self._shared, "edit": self._shared, "delete": self._shared, "show": self._shared}
        prepare |= {"retry": self._failed, "skip": self._failed}
        post = prepare.get(call[0], self._new)
        words = [self._word(word, post, before=before) for before, word in zip(("", *call), call, strict=False)]
        if call[:2] == ("db", "restore") and "--force" not in call:
            (self.howdah.folder / "howdah.db").unlink()  # it is meant for a store that knows nothing
        done = CliRunner().invoke(cli, ["--config", str(self.howdah.config), *words], input="y\n", prog_name="howdah")
        self.howdah.run("resume", SITE)  # whatever rests: each call begins from the same world
        return done

    def _word(self, word: str, post: Callable[[], str], *, before: str) -> str:
        if _POST.fullmatch(word):
            return post()
        if word in _NAMES:
            return ACCOUNT if before == "--account" else SITE
        name = word.rpartition("/")[2]
        if name.startswith("howdah") and name.endswith(".db"):
            return str(self.howdah.folder / f"copy-{name}")
        return str(self.howdah.folder / name) if (self.howdah.folder / name).is_file() else word

    def _new(self) -> str:
        return f"{SITE}/{self._wordpress.publish(title='An elephant')}"

    def _shared(self) -> str:
        post = self._new()
        assert 0 == self.howdah.run("share", post).code
        return post

    def _failed(self) -> str:
        rule = self._mastodon.faults.add(match="POST /api/v1/statuses", fault=Status(422, {"error": "no"}))
        post = self._new()
        self.howdah.run("share", post)
        self._mastodon.faults.remove(rule)
        return post

    def _put_down_states(self) -> None:
        """What the other tools remember, and a backup."""
        folder, link = self.howdah.folder, self._wordpress.link(1)
        for name in ("feed2toot.db", "FILE"):
            (folder / name).write_text(f"{link}\n")
        (folder / ".feediverse").write_text("updated: 2026-01-01\n")
        listing = [{"id": 1, "link": link, "share_on_mastodon": {"url": f"{self._mastodon.url}/@{ACCOUNT}/1"}}]
        (folder / "posts.json").write_text(json.dumps(listing))
        with closing(sqlite3.connect(folder / "cache.sqlite")) as database:
            database.execute("CREATE TABLE share (url TEXT)")
            database.commit()


def test_each_documented_call_works(howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon) -> None:
    """Exit code 0, unless it says by its code that a person is needed; nothing on stderr that is an error."""
    howdah.set(f"accounts.{ACCOUNT}", {"images": "card"})
    world = World(howdah, wordpress, mastodon)
    wrong = []
    for call in calls():
        done = world.run(call)
        needed = int("--check" in call)  # shares failed on the way here
        if done.exit_code not in (0, needed) or "Error:" in done.stderr:
            wrong.append(f"howdah {shlex.join(call)}: {done.exit_code}: {done.stderr}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("command", ["share", "retry", "skip", "backfill", "adopt", "import", "db", "edit", "list"])
def test_it_is_among_them(command: str) -> None:
    """The calls are found."""
    assert command in {call[0] for call in calls()}
