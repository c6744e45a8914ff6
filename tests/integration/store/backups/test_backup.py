"""A store in one file, on any database: all of it, or nothing, while others use it."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import RefusedError, StoreError, UserError
from bot.store import SqlStore, open_store
from bot.store.backup import back_up, copy_file
from tests.contract.stores import add
from tests.integration.store.backups.conftest import SHORT_OF_SPACE, complaint, each_place, fill, somebody, url_of
from tests.integration.store.conftest import start


class TestWriting:
    """A backup is made."""

    @each_place
    def test_for_its_owner_alone(self, store: SqlStore, file: Path) -> None:
        """It is one file, and nothing else is left in its folder."""
        fill(store)
        back_up(url_of(store), file, replace=False)

        assert {file.name: 0o600} == {path.name: path.stat().st_mode & 0o777 for path in file.parent.iterdir()}

    def test_is_replaced_only_where_that_is_wanted(self, store: SqlStore, file: Path) -> None:
        """An older one may be the better one."""
        back_up(url_of(store), file, replace=False)
        before = file.read_bytes()
        fill(store)
        said = complaint(RefusedError, back_up, url_of(store), file, replace=False)

        assert f"{file} exists: name another file, or replace it with --force" == said
        assert before == file.read_bytes()
        assert 8 == back_up(url_of(store), file, replace=True).posts

    def test_in_no_place(self, store: SqlStore, file: Path, tmp_path: Path) -> None:
        """Neither in the store's own files nor where no file can be."""
        of_store = [tmp_path / "store" / f"howdah.db{ending}" for ending in ("", "-journal", "-wal")]
        for path in of_store:
            assert "belongs to the state store itself" in complaint(UserError, back_up, url_of(store), path)
        missing, folder = tmp_path / "none" / "b", file.parent

        assert f"there is no folder {missing.parent}" in complaint(UserError, back_up, url_of(store), missing)
        assert "a folder or a device is there" in complaint(UserError, back_up, url_of(store), folder)

    def test_over_a_link(self, store: SqlStore, tmp_path: Path) -> None:
        """What it leads to is never written: the link is refused, or replaced where that is wanted."""
        victim, link = tmp_path / "victim", tmp_path / "link"
        victim.write_text("somebody's")
        link.symlink_to(victim)
        said = complaint(RefusedError, back_up, url_of(store), link, replace=False)
        back_up(url_of(store), link, replace=True)

        assert f"{link} is a link: name another file, or replace the link with --force" == said
        assert "somebody's" == victim.read_text()
        assert link.is_file()
        assert not link.is_symlink()

    def test_of_no_store(self, file: Path, tmp_path: Path) -> None:
        """A store that isn't there isn't made for the purpose."""
        store = tmp_path / "none.db"

        expected = f"there is no state store {store}: nothing to back up"
        assert expected == complaint(StoreError, back_up, f"sqlite:///{store}", file)
        assert not store.exists()

    def test_of_a_damaged_store(self, store: SqlStore, file: Path, tmp_path: Path) -> None:
        """It is no backup then, wherever the damage is."""
        fill(store)
        store.database.close()
        path = tmp_path / "store" / "howdah.db"
        whole = path.read_bytes()
        path.write_bytes(whole[:40960] + b"\xa5" * 8192 + whole[49152:])

        assert f"the backup {file} is damaged" in complaint(StoreError, back_up, url_of(store), file)
        path.write_bytes(b"\xa5" * len(whole))
        assert "not an SQLite database" in complaint(StoreError, back_up, url_of(store), file)
        assert [] == list(file.parent.iterdir())

    def test_in_a_closed_folder(self, store: SqlStore, file: Path) -> None:
        """Said in a sentence."""
        file.parent.chmod(0o500)
        with somebody():
            said = complaint(StoreError, back_up, url_of(store), file)
        file.parent.chmod(0o700)

        assert f"the backup {file} can't be written: Permission denied" == said

    @each_place
    def test_without_space(self, store: SqlStore, file: Path) -> None:
        """There is no half a backup, and the one that stood there before stays."""
        fill(store)
        file.write_text("the one before")
        with start(SHORT_OF_SPACE, "back_up", url_of(store), str(file), "8192") as process:
            said = process.communicate()[0]

        assert str(file) in said
        assert ["the one before"] == [path.read_text() for path in file.parent.iterdir()]


class TestMeanwhile:
    """Others use the store while it is copied."""

    def test_they_write(self, store: SqlStore, file: Path) -> None:
        """The copy is of one moment."""
        done = threading.Event()
        writer = threading.Thread(target=write_until, args=(url_of(store), done))
        writer.start()
        try:
            contents = back_up(url_of(store), file, replace=False)
        finally:
            done.set()
            writer.join()

        assert contents.posts == contents.shares <= len(store.shares())

    def test_they_write_without_end(self, tmp_path: Path) -> None:
        """The copy ends all the same, though it is begun anew each time that somebody wrote."""
        with closing(sqlite3.connect(tmp_path / "busy", check_same_thread=False)) as other:
            other.executescript("CREATE TABLE a (n); CREATE TABLE long (blob); CREATE TABLE z (n);")
            other.executescript("INSERT INTO a VALUES (0); INSERT INTO long VALUES (zeroblob(40000000));")
            other.executescript("INSERT INTO z VALUES (0);")
            done = threading.Event()
            writer = threading.Thread(target=count_until, args=(other, done))
            writer.start()
            with (
                closing(sqlite3.connect(tmp_path / "busy")) as source,
                closing(sqlite3.connect(tmp_path / "copy")) as target,
            ):
                try:
                    copy_file(source, target)
                finally:
                    done.set()
                    writer.join()

                assert target.execute("SELECT n FROM a").fetchone() == target.execute("SELECT n FROM z").fetchone()

    def test_they_hold_it(self, tmp_path: Path) -> None:
        """A lock that isn't given back is said, and not waited for without end."""
        with (
            closing(sqlite3.connect(tmp_path / "held", isolation_level=None)) as other,
            closing(sqlite3.connect(tmp_path / "held", timeout=0.01)) as source,
            closing(sqlite3.connect(tmp_path / "copy")) as target,
        ):
            other.execute("CREATE TABLE a (n)")
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(sqlite3.OperationalError, match="locked by another program for too long"):
                copy_file(source, target)


def write_until(url: str, done: threading.Event) -> None:
    """Add posts, each with its share, one after the other."""
    store = open_store(url)
    number = 10_000
    while not done.is_set():
        add(store, number)
        number += 1
    store.close()


def count_until(connection: sqlite3.Connection, done: threading.Event) -> None:
    """Count in two places at once."""
    while not done.wait(0.003):  # with no pause at all SQLite lets nobody else in
        connection.executescript("BEGIN; UPDATE a SET n = n + 1; UPDATE z SET n = n + 1; COMMIT;")
