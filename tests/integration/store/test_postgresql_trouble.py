"""A PostgreSQL that refuses, is gone, hangs or is crowded: one clear sentence, in time, and it goes on afterwards."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from datetime import timedelta
from threading import Barrier

import psycopg
import pytest
from sqlalchemy import Connection, text, update

from bot.errors import StoreError
from bot.store import SqlStore, open_store
from bot.store.database_errors import sentence
from bot.store.postgresql import unhurried
from bot.store.tables import accounts
from tests.contract.stores import ANCHOR, add
from tests.postgres import Server, empty_database, fresh_database, shared_server

SOON = timedelta(milliseconds=500)


@pytest.fixture
def server() -> Iterator[Server]:
    """The server, which runs again afterwards, whatever a test did to it."""
    shared = shared_server()
    yield shared
    shared.restart()


@pytest.fixture
def url() -> str:
    """The address of an empty store."""
    return fresh_database()


@pytest.fixture
def hasty(url: str) -> Iterator[SqlStore]:
    """A second store on the same database, which waits for nobody for long."""
    opened = open_store(f"{url}?connect_timeout=2", patience=SOON)
    yield opened
    opened.close()


def refusal(url: str) -> str:
    """The sentence with which this store is refused, without its address."""
    with pytest.raises(StoreError) as caught:
        open_store(url).close()
    return complaint(caught)


def complaint(caught: pytest.ExceptionInfo[StoreError]) -> str:
    """What is said, in one line and without the store's name and the password in it."""
    said = str(caught.value)
    assert shared_server().password not in said
    assert "\n" not in said
    before, _, after = said.partition("postgresql://")
    return f"{before}URL {after.partition(' ')[2]}"


def touch(connection: Connection, account: str) -> None:
    """Lock an account by changing it."""
    connection.execute(update(accounts).where(accounts.c.name == account).values(pauses=0))


class TestRefusing:
    """What is wrong from the beginning."""

    def test_not_started(self, server: Server, url: str) -> None:
        """Nobody listens."""
        server.stop()

        expected = "the state store URL can't be reached: does its server run, and is its address right in state.url?"
        assert expected == refusal(url)

    @pytest.mark.parametrize("where", ["howdah:s3cret@nowhere.invalid/howdah", "howdah:s3cret@/howdah?host=/nowhere"])
    def test_nowhere(self, where: str) -> None:
        """A host that has no address, and a folder that has no socket."""
        assert "URL can't be reached: does its server run" in refusal(f"postgresql://{where}")

    def test_wrong_password(self) -> None:
        """Neither the right password nor the wrong one is said."""
        sentence = refusal(shared_server().url_of("howdah", password="s3cret"))

        assert "the state store URL refuses this user and password: write the right ones into state.url" in sentence
        assert "s3cret" not in sentence

    def test_no_database(self) -> None:
        """A database has to be made by its administrator."""
        expected = "the state store URL isn't there: let the server's administrator make the database and its user"
        assert expected in refusal(shared_server().url_of("nothing"))

    def test_too_many_of_a_database(self) -> None:
        """Others have all its connections."""
        url = empty_database()
        shared_server().execute(f"ALTER DATABASE {url.rpartition('/')[2]} CONNECTION LIMIT 0")

        assert "the state store URL has no connection left for howdah: raise max_connections" in refusal(url)

    def test_too_many(self, server: Server, url: str, store: SqlStore) -> None:
        """The server has none left for anybody; it goes on as soon as there is one."""
        store.close()
        with ExitStack() as others:
            with suppress(psycopg.OperationalError):
                while True:
                    others.enter_context(psycopg.connect(url))
            with pytest.raises(StoreError) as caught:
                store.counts()

        assert "URL has no connection left for howdah" in complaint(caught)
        assert {} == store.counts()


class TestMidway:
    """What happens to a server while howdah runs."""

    def test_restarted(self, server: Server, store: SqlStore) -> None:
        """Between two calls nobody notices."""
        share = add(store, 7)
        server.restart()

        assert (share,) == store.shares()

    def test_restarted_in_a_transaction(self, server: Server, store: SqlStore) -> None:
        """What was being changed isn't, and the next call works again."""

        def change() -> None:
            with store.database.writing() as connection:
                touch(connection, "uk")
                server.restart()
                touch(connection, "uk")

        with pytest.raises(StoreError) as caught:
            change()

        expected = "the state store URL cut the connection: its server was stopped, or is just starting. "
        assert expected + "howdah goes on once it runs" == complaint(caught)
        assert {} == store.counts()

    def test_crashed(self, server: Server, store: SqlStore) -> None:
        """While the server is gone each call says so; what was recorded is there again after."""
        share = add(store, 7)
        server.crash()
        for _ in range(2):
            with pytest.raises(StoreError, match="can't be reached: does its server run"):
                store.shares()
        server.start()

        assert (share,) == store.shares()

    def test_hangs(self, server: Server, hasty: SqlStore) -> None:
        """A server that hangs holds up nobody for ever, and goes on where it stood."""
        share = add(hasty, 7)
        with server.paused(), pytest.raises(StoreError) as caught:
            hasty.shares()

        expected = "the state store URL doesn't answer: its server hangs, or the network on the way. "
        assert expected + "howdah goes on once it answers" == complaint(caught)
        assert (share,) == hasty.shares()

    def test_hangs_in_a_transaction(self, server: Server, hasty: SqlStore) -> None:
        """What was being changed isn't."""

        def change() -> None:
            with hasty.database.writing() as connection:
                touch(connection, "uk")
                server.pause()
                touch(connection, "uk")

        hasty.remember_latest("uk", ANCHOR)
        with pytest.raises(StoreError, match="doesn't answer"):
            change()
        server.go_on()

        assert ANCHOR == hasty.account("uk").latest

    def test_hangs_at_commit(self, server: Server, hasty: SqlStore) -> None:
        """A commit without an answer is an error, whether it was done or not."""

        def change() -> None:
            with hasty.database.writing() as connection:
                touch(connection, "uk")
                server.pause()

        hasty.remember_latest("uk", ANCHOR)
        with pytest.raises(StoreError, match="doesn't answer"):
            change()
        server.go_on()

        assert ANCHOR == hasty.account("uk").latest

    def test_standby(self, server: Server, store: SqlStore) -> None:
        """A standby can be read, and says what it is when it is to be written; once it is promoted it is."""
        share = add(store, 7)
        server.stop()
        (server.data / "standby.signal").touch()
        server.start()

        assert (share,) == store.shares()
        with pytest.raises(StoreError) as caught:
            store.remember_latest("uk", ANCHOR)

        expected = "the state store URL is read-only. Is it a standby? howdah has to write: name the primary server"
        assert expected == complaint(caught)

        server.execute("SELECT pg_promote()")
        store.remember_latest("uk", ANCHOR)

        assert ANCHOR == store.account("uk").latest


class TestOthers:
    """Who else is at it."""

    def test_locked(self, store: SqlStore, hasty: SqlStore) -> None:
        """A lock that lasts longer than our patience is named, and nothing is changed."""
        store.remember_latest("uk", ANCHOR)
        with store.database.writing() as connection:
            touch(connection, "uk")
            with pytest.raises(StoreError) as caught:
                hasty.remember_latest("uk", ANCHOR)

        expected = (
            "the state store URL is slow: a statement took too long, or waited too long for another program's lock"
        )
        assert expected == complaint(caught)
        hasty.remember_latest("uk", ANCHOR)

    def test_an_upgrade_takes_its_time(self, hasty: SqlStore) -> None:
        """What changes a large store's tables isn't cut off, and patience is short again afterwards."""
        with hasty.database.writing() as connection, unhurried(connection):
            connection.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": 2 * SOON.total_seconds()})

        with pytest.raises(StoreError), hasty.database.writing() as connection:
            connection.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": 2 * SOON.total_seconds()})

    def test_locks_in_another_order(self, store: SqlStore) -> None:
        """Of two that wait for each other one is undone, and told so in words; the other goes on."""
        for account in ("uk", "de"):
            store.remember_latest(account, ANCHOR)
        together = Barrier(2)

        def change(names: tuple[str, str]) -> str:
            try:
                with store.database.writing() as connection:
                    touch(connection, names[0])
                    together.wait()
                    touch(connection, names[1])
            except StoreError as error:
                return str(error).partition(" undid ")[2]
            return ""

        with ThreadPoolExecutor(2) as threads:
            told = sorted(threads.map(change, [("uk", "de"), ("de", "uk")]))

        expected = "a change, since another program had locked the same rows in another order: make it again"
        assert ["", expected] == told

    def test_turns(self, store: SqlStore) -> None:
        """More threads than connections take turns; a daemon has nine at most."""
        with ThreadPoolExecutor(1) as threads, ExitStack() as held:
            for _ in range(8):
                held.enter_context(store.database.reading())
            with store.database.reading():
                waiting = threads.submit(store.counts)

            assert {} == waiting.result()

    def test_no_turn(self, store: SqlStore, hasty: SqlStore) -> None:
        """Who waits too long for a connection is told."""
        with ExitStack() as held:
            for _ in range(9):
                held.enter_context(hasty.database.reading())
            with pytest.raises(StoreError) as caught:
                hasty.counts()

        expected = "the state store URL is slow: no connection became free in time. Is its server short of something?"
        assert expected == complaint(caught)


@pytest.mark.parametrize(
    ("error", "meant"),
    [
        (psycopg.errors.DiskFull("kein Platz mehr"), "the disk is full: the state store db can't be written"),
        (psycopg.errors.ReadOnlySqlTransaction("nur lesen"), "the state store db is read-only. Is it a standby?"),
        (psycopg.errors.AdminShutdown("wird beendet"), "the state store db cut the connection"),
        (psycopg.errors.QueryCanceled("abgebrochen"), "the state store db is slow: a statement took too long"),
    ],
)
def test_other_languages(error: psycopg.Error, meant: str) -> None:
    """A server may speak the language of its administrator: what counts is its code."""
    assert sentence("db", error).startswith(meant)
