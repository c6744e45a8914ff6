"""A disk that is full, read-only or damaged, and other programs on the file: one clear sentence, and nothing lost."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import event

from bot.errors import LeaseLostError, StoreError
from bot.store import SqlStore, open_store
from bot.store.database import journal_mode
from bot.store.database_errors import sentence
from bot.store.tables import Instant, sites
from tests.contract.stores import add, begin, changed, move, plan, planned, post
from tests.makers import NOON, SECOND

PAGE = 4096


@contextmanager
def pragma(store: SqlStore, setting: str) -> Iterator[None]:
    """The store with this setting on every connection, until the end of the block."""

    def give_up_at_once(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA {setting}")

    store.database.close()
    event.listen(store.database.engine, "connect", give_up_at_once)
    yield
    event.remove(store.database.engine, "connect", give_up_at_once)
    store.database.close()


def complaint(error: pytest.ExceptionInfo[StoreError], file: Path) -> str:
    """What is said, without the store's name."""
    return str(error.value).replace(str(file), "FILE")


class TestDisk:
    """What a disk does to a store."""

    def test_full(self, file: Path, store: SqlStore) -> None:
        """A full disk is said to be full; what was recorded stays, and it goes on once there is space."""
        share = add(store, 7)
        posts = [post(number, title="long " * 1000) for number in range(100, 200)]
        with pragma(store, f"max_page_count={file.stat().st_size // PAGE}"):
            with pytest.raises(StoreError) as caught:
                store.add(plan(*posts, looked_at=NOON), now=NOON)

            expected = "the disk is full: the state store FILE can't be written. Free some space; "
            assert expected + "nothing that was recorded is lost" == complaint(caught, file)
            assert (share,) == store.shares()
            assert store.site("uk").looked_at is None

        store.add(plan(*posts, looked_at=NOON), now=NOON)

        assert 101 == len(store.shares())

    def test_full_before_sending(self, file: Path, store: SqlStore) -> None:
        """Where the intent to send can't be recorded the share stays pending."""
        share = add(store, 7)
        with pragma(store, f"max_page_count={file.stat().st_size // PAGE}"), pytest.raises(StoreError):
            begin(store, replace(share, text_override="long " * 50_000))

        assert (share,) == store.get([share.id])

    def test_read_only(self, file: Path, store: SqlStore) -> None:
        """A read-only store can be read, and says so when it is to be written."""
        share = add(store, 7)
        with pragma(store, "query_only=ON"):
            assert (share,) == store.shares()

            with pytest.raises(StoreError) as caught:
                store.remember_root("uk", "root/")

        expected = "the state store FILE is read-only. Give the user that howdah runs as the right to write it"
        assert expected == complaint(caught, file)

    def test_file_is_gone(self, file: Path, store: SqlStore) -> None:
        """A file that was taken away under a running howdah isn't taken for an empty store."""
        add(store, 7)
        store.database.close()
        file.unlink()
        file.mkdir()

        with pytest.raises(StoreError) as caught:
            store.shares()

        expected = "the state store FILE can't be opened. Check its folder, and the right to read and write there"
        assert expected == complaint(caught, file)

    def test_replaced_by_an_empty_file(self, file: Path, store: SqlStore) -> None:
        """A file that was emptied under a running howdah isn't taken for an empty store."""
        add(store, 7)
        store.database.close()
        file.write_bytes(b"")

        with pytest.raises(StoreError, match="can't be used: no such table"):
            store.seen("uk", [7])

    def test_damaged_header(self, file: Path, url: str, store: SqlStore) -> None:
        """A damaged beginning is found when the store is opened."""
        store.close()
        file.write_bytes(b"\0" * 100 + file.read_bytes()[100:])

        with pytest.raises(StoreError) as caught:
            open_store(url)

        expected = "the state store FILE is not an SQLite database, or it is damaged. "
        assert expected + "Restore a backup, or name another file" == complaint(caught, file)

    def test_damaged_inside(self, file: Path, store: SqlStore) -> None:
        """Damage further in is found when it is met, and isn't taken for absence."""
        numbers = range(2000)
        store.add(plan(*(post(number) for number in numbers)), now=NOON)
        store.database.close()
        data = bytearray(file.read_bytes())
        for start in range(20 * PAGE, len(data) - PAGE, PAGE):
            data[start : start + PAGE] = b"\xa5" * PAGE
        file.write_bytes(data)

        with pytest.raises(StoreError) as caught:
            store.seen("uk", numbers)

        assert "the state store FILE is damaged. Stop howdah and restore a backup" == complaint(caught, file)


class TestOtherPrograms:
    """The file isn't ours alone."""

    @pytest.fixture
    def hasty(self, url: str, store: SqlStore) -> Iterator[SqlStore]:
        """A second store on the file, which waits for nobody."""
        opened = open_store(url, patience=timedelta(milliseconds=1))
        yield opened
        opened.close()

    def test_locked(self, file: Path, store: SqlStore, hasty: SqlStore) -> None:
        """A lock that lasts longer than our patience is named; the next call works again."""
        share = add(store, 7)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(StoreError) as caught:
                hasty.remember_root("uk", "root/")

        expected = "the state store FILE is locked by another program for too long. "
        assert expected + "Is a backup or a database browser open on it?" == complaint(caught, file)
        assert (share,) == hasty.shares()
        assert "" == hasty.site("uk").root

    @pytest.mark.skipif(
        journal_mode(sqlite3.sqlite_version_info) == "WAL", reason="with a write-ahead log readers are in nobody's way"
    )
    def test_reader_in_the_way(self, file: Path, store: SqlStore, hasty: SqlStore) -> None:
        """A change that can't be committed is undone, and isn't left open."""
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN")
            other.execute("SELECT * FROM shares").fetchall()
            with pytest.raises(StoreError, match="is locked by another program"):
                hasty.remember_root("uk", "root/")

        store.remember_root("us", "root/")

        assert ("", "root/") == (hasty.site("uk").root, hasty.site("us").root)

    def test_reading_beside_a_large_change(self, store: SqlStore, hasty: SqlStore) -> None:
        """Others read while more is written in one transaction than a connection keeps of the file."""
        with store.database.writing() as connection:
            many = [{"name": f"site {number}", "error": "long " * 1000} for number in range(300)]
            connection.execute(sites.insert(), many)

            assert () == hasty.shares()

        assert "long " * 1000 == hasty.site("site 299").error

    def test_two_stores(self, url: str, store: SqlStore) -> None:
        """What one process records another sees at once, and both change it in turn."""
        other = open_store(url)
        share = add(store, 7)
        begun = begin(other, share)

        assert (begun,) == store.sending("uk")
        with pytest.raises(LeaseLostError):
            move(store, share)

        other.close()


class TestWords:
    """What is said of errors that a test can't bring about."""

    @pytest.mark.parametrize(
        ("said", "meant"),
        [
            ("database or disk is full", "the disk is full"),
            ('could not extend file "base/1": No space left on device', "the disk is full"),
            ("attempt to write a readonly database", "is read-only"),
            ("cannot execute INSERT in a read-only transaction", "is read-only"),
            ("disk I/O error", "the disk reports an error"),
            ("database disk image is malformed", "is damaged"),
            ("something\nnew", "the state store db can't be used: something new"),
        ],
    )
    def test_sentence(self, said: str, meant: str) -> None:
        """Each names the store, in one line."""
        words = sentence("db", sqlite3.OperationalError(said))

        assert meant in words
        assert "the state store db" in words
        assert "\n" not in words

    def test_no_statement(self, store: SqlStore) -> None:
        """Neither statements nor what they carry are quoted."""
        with pytest.raises(StoreError) as caught:
            store.remember_root("uk", ["s3cret"])  # type: ignore[arg-type] # a mistake of ours

        assert "s3cret" not in str(caught.value)
        assert "UPDATE" not in str(caught.value)

    def test_naive_instant(self, store: SqlStore) -> None:
        """An instant without a zone is refused rather than guessed at."""
        naive = NOON.replace(tzinfo=None)

        with pytest.raises(AssertionError, match="naive"):
            Instant().process_bind_param(naive, store.database.engine.dialect)
        with pytest.raises(StoreError, match="naive"):
            store.look_failed("uk", error="", next_look_at=naive)

    def test_share_of_no_post(self, store: SqlStore) -> None:
        """A share can't stand without its post: nothing of such a look is recorded."""
        with pytest.raises(StoreError, match="FOREIGN KEY"):
            store.add(plan(post(7), shares=(planned(8),), looked_at=NOON), now=NOON)

        assert (frozenset(), None) == (store.seen("uk", [7]), store.site("uk").looked_at)

    def test_half_a_change(self, store: SqlStore) -> None:
        """A change whose history can't be recorded isn't made."""
        share = add(store, 7)
        change = changed(share, error="changed")
        broken = replace(change, attempt=replace(change.attempt, at=(NOON + SECOND).replace(tzinfo=None)))

        with pytest.raises(StoreError, match="naive"):
            store.apply(share, broken, now=NOON)

        assert (share,) == store.get([share.id])
