"""`howdah db`: a backup while howdah runs, and a store that is older than the world: nothing is shared twice."""

import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.sandbox.mastodon import SandboxMastodon
from bot.sandbox.mastodon_base import Idempotency
from bot.sandbox.wordpress import SandboxWordPress
from tests.integration.cli.conftest import SITE, Howdah
from tests.postgres import fresh_database
from tests.sandbox.faults import Delay

# From a folder to the address of an empty store.
STORES: dict[str, Callable[[Path], str]] = {
    "sqlite": lambda folder: f"sqlite:///{folder / 'howdah.db'}",
    "postgresql": lambda _folder: fresh_database(),
}


@pytest.fixture(params=STORES)
def howdah(request: pytest.FixtureRequest, howdah: Howdah) -> Howdah:
    """A howdah that has looked once, on each kind of database."""
    howdah.set("state", {"url": STORES[request.param](howdah.folder)})
    howdah.run("sync")
    return howdah


def backup_of(howdah: Howdah) -> str:
    """Where the backup is, or will be."""
    return str(howdah.folder / "howdah.backup")


def publish(wordpress: SandboxWordPress, *titles: str) -> list[int]:
    """New posts, oldest first."""
    return [wordpress.publish(title=title) for title in titles]


def urls(howdah: Howdah) -> dict[int, str]:
    """Where each post was shared."""
    return {line["post_id"]: line["share_on_mastodon"]["url"] for line in howdah.shares("--state", "shared")}


def on_account(mastodon: SandboxMastodon) -> list[str]:
    """The titles of what stands there, oldest first."""
    return [status.text.splitlines()[0] for status in mastodon.statuses]


class TestOlderThanTheWorld:
    """Three posts are shared, a backup is made, five more are shared; then the backup is restored."""

    @pytest.mark.parametrize("idempotency", ["1h", "none"])
    def test_nothing_is_shared_twice(
        self,
        howdah: Howdah,
        wordpress: SandboxWordPress,
        mastodon: SandboxMastodon,
        idempotency: Idempotency,
    ) -> None:
        """All eight stand as shared, where they were; a new post is shared, whether or not the instance keeps keys."""
        mastodon.idempotency = idempotency
        publish(wordpress, *"123")
        howdah.run("sync")
        howdah.run("db", "backup", backup_of(howdah))
        publish(wordpress, *"45678")
        howdah.run("sync")
        before = urls(howdah)
        restored = howdah.run("db", "restore", "--force", backup_of(howdah))
        assert 3 == len(urls(howdah))
        publish(wordpress, "new")
        synced = howdah.run("sync")

        assert (0, 0, 8) == (restored.code, synced.code, len(before))
        assert before.items() < urls(howdah).items()
        assert [*"12345678", "new"] == on_account(mastodon)
        assert "" == howdah.run("sync", "--json").out

    def test_nor_what_was_just_being_sent(
        self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon
    ) -> None:
        """The daemon waits for an answer while the backup is made; the restored store doesn't know how it went on."""
        mastodon.idempotency = "none"
        arrived, answer = threading.Event(), threading.Event()
        mastodon.faults.add(match="POST /api/v1/statuses", fault=Delay(answer), times=1)
        mastodon.on_request = lambda request: arrived.set() if request.path == "/api/v1/statuses" else None
        with howdah.daemon() as daemon:
            publish(wordpress, "1")
            assert arrived.wait(60)
            howdah.run("db", "backup", backup_of(howdah))
            answer.set()
            last = publish(wordpress, *"23456")[-1]
            daemon.wait_for(f"shared: {SITE}/{last} ")
            daemon.signal(signal.SIGTERM)
            daemon.end()
        before = urls(howdah)
        howdah.run("db", "restore", "--force", backup_of(howdah))
        assert ["sending"] == [line["state"] for line in howdah.shares("--limit", "1")]
        new = publish(wordpress, "new")[-1]
        with howdah.daemon() as daemon:
            daemon.wait_for(f"shared: {SITE}/{new} ")
            daemon.signal(signal.SIGTERM)
            daemon.end()

        assert 6 == len(before)
        assert before.items() < urls(howdah).items()
        assert [*"123456", "new"] == on_account(mastodon)

    def test_while_the_daemon_runs(
        self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon
    ) -> None:
        """It goes on with the restored store by itself."""
        mastodon.idempotency = "none"
        with howdah.daemon() as daemon:
            third = publish(wordpress, *"123")[-1]
            daemon.wait_for(f"shared: {SITE}/{third} ")
            backed_up = howdah.run("db", "backup", backup_of(howdah))
            eighth = publish(wordpress, *"45678")[-1]
            daemon.wait_for(f"shared: {SITE}/{eighth} ")
            before = urls(howdah)
            restored = howdah.run("db", "restore", "--force", backup_of(howdah))
            new = publish(wordpress, "new")[-1]
            daemon.wait_for(f"shared: {SITE}/{new} ")
            daemon.signal(signal.SIGTERM)
            done = daemon.end()

        assert (0, 0, 0) == (backed_up.code, restored.code, done.code)
        assert (8, 9) == (len(before), len(urls(howdah)))
        assert before.items() < urls(howdah).items()
        assert [*"12345678", "new"] == on_account(mastodon)
        assert not [line for line in daemon.heard if "ERROR" in line]


class TestMovingTheStore:
    """A store moves from one database to the other."""

    @pytest.mark.parametrize("other", STORES)
    def test_and_goes_on_there(
        self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon, other: str
    ) -> None:
        """With all that it knows: nothing is shared anew, and what comes is."""
        publish(wordpress, *"12")
        howdah.run("sync")
        before = howdah.shares()
        howdah.run("db", "backup", backup_of(howdah))
        (howdah.folder / "other").mkdir()
        howdah.set("state", {"url": STORES[other](howdah.folder / "other")})
        restored = howdah.run("db", "restore", backup_of(howdah))
        assert (0, before) == (restored.code, howdah.shares())
        publish(wordpress, "new")
        howdah.run("sync")

        assert [*"12", "new"] == on_account(mastodon)


class TestWords:
    """What the commands say."""

    def test_what_is_in_the_backup_and_what_comes_next(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """A line each."""
        publish(wordpress, "1")
        howdah.run("sync")
        backed_up = howdah.run("db", "backup", backup_of(howdah))
        refused = howdah.run("db", "restore", backup_of(howdah))
        restored = howdah.run("db", "restore", "--force", backup_of(howdah))

        newest = howdah.shares("--all")[0]["created_at"][:19].replace("T", " ")
        held = f"{backup_of(howdah)}: 2 posts, 2 shares, the newest of {newest} UTC"
        assert (0, f"{held}\n", "") == (backed_up.code, backed_up.out, backed_up.err)
        assert (0, f"restored {held}. The accounts are read before anything is sent\n") == (restored.code, restored.out)
        assert (1, "") == (refused.code, refused.out)
        assert refused.err.startswith("Error: the state store isn't empty: it knows 2 posts and 2 shares")
        assert 1 == len(refused.err.splitlines())

    def test_json(self, howdah: Howdah) -> None:
        """The same for scripts."""
        backed_up = howdah.run("db", "backup", "--json", backup_of(howdah))
        restored = howdah.run("db", "restore", "--force", "--json", backup_of(howdah))
        newest = howdah.shares("--all")[0]["created_at"]

        assert backed_up.object == restored.object
        size = Path(backup_of(howdah)).stat().st_size
        expected = {"posts": 1, "shares": 1, "newest_share_at": newest, "bytes": size}
        assert {"file": backup_of(howdah)} | expected == backed_up.object

    def test_quiet(self, howdah: Howdah) -> None:
        """Cron mails nothing where all is well."""
        done = [
            howdah.run("--quiet", "db", *words, backup_of(howdah)) for words in (["backup"], ["restore", "--force"])
        ]

        assert [(0, "", "")] * 2 == [(each.code, each.out, each.err) for each in done]

    def test_mistakes(self, howdah: Howdah) -> None:
        """2 for a wrong place, 1 for what is refused; one line on stderr, nothing on stdout."""
        folder = howdah.folder
        Path(backup_of(howdah)).write_text("no backup")
        calls = {
            ("backup", f"{folder}/none/b"): 2,
            ("backup", str(folder)): 2,
            ("backup", backup_of(howdah)): 1,
            ("restore", f"{folder}/none"): 2,
            ("restore", backup_of(howdah)): 1,
        }
        done = {call: howdah.run("db", *call) for call in calls}

        assert calls == {call: each.code for call, each in done.items()}
        assert [("", 1)] * len(done) == [(each.out, len(each.err.splitlines())) for each in done.values()]
