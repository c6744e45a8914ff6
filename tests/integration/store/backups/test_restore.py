"""A store out of one file, on any database: all of it, or nothing, while others use it."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text

import bot.store
from bot.domain.models import State
from bot.errors import RefusedError, StoreError, UserError
from bot.store import SqlStore
from bot.store.backup import Contents, back_up, examine
from bot.store.database import Database
from bot.store.restore import restore
from bot.store.tables import metadata, shares
from tests.contract.stores import OWNER, add, begin, move
from tests.integration.store.backups.conftest import (
    PLACES,
    SHORT_OF_SPACE,
    complaint,
    each_place,
    fill,
    opened,
    rows,
    somebody,
    url_of,
)
from tests.integration.store.conftest import start
from tests.makers import MINUTE, NOON


def tries_to_lock(store: SqlStore) -> bool:
    """Whether anybody has asked for the tables of this PostgreSQL, and has them, waits for them or tries again."""
    found = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND query ~ '^(LOCK TABLE|ROLLBACK TO)'"
    with store.database.engine.connect() as connection:
        return bool(connection.execute(text(found)).all())


class TestRoundTrip:
    """A backup is restored in another place."""

    @each_place
    @pytest.mark.parametrize("other", PLACES)
    def test_everything_is_there(self, store: SqlStore, other: str, file: Path, tmp_path: Path) -> None:
        """Whatever the databases: every row as it was, and new ones are numbered on."""
        fill(store)
        back_up(url_of(store), file, replace=False)
        with opened(other, tmp_path / "other") as restored:
            restore(url_of(restored), file, replace=False)

            assert rows(store) == rows(restored)
            assert all(rows(restored).values())
            assert max(share.id for share in store.shares()) + 1 == add(restored, 100).id

    @each_place
    def test_nobody_holds_a_lease(self, store: SqlStore, file: Path) -> None:
        """Whoever held one when the backup was made is gone."""
        fill(store)
        assert frozenset({OWNER}) == store.owners()
        back_up(url_of(store), file, replace=False)
        restore(url_of(store), file, replace=True)

        assert frozenset() == store.owners()
        assert store.lease("uk", owner="another", now=NOON, until=NOON + MINUTE)

    @each_place
    def test_whoever_has_it_open_notices(self, store: SqlStore, file: Path) -> None:
        """What was added since is gone, for open stores too, and they see that it is another store."""
        fill(store)
        before, origin = rows(store), store.origin()
        back_up(url_of(store), file, replace=False)
        for number in range(100, 103):
            add(store, number)
        restore(url_of(store), file, replace=True)

        assert before == rows(store)
        assert origin != store.origin()

    @each_place
    def test_no_account_was_read_under_it(self, store: SqlStore, file: Path) -> None:
        """Neither under the restored store nor under the backup, should somebody use it as the store."""
        store.remember_origin("uk", store.origin(), now=NOON)
        back_up(url_of(store), file, replace=False)
        with closing(sqlite3.connect(file)) as backup:
            [(kept,)] = backup.execute("SELECT origin FROM accounts")
        restore(url_of(store), file, replace=True)

        assert "" != store.account("uk").origin == kept != store.origin()

    @each_place
    def test_what_is_in_it(self, store: SqlStore, file: Path) -> None:
        """Said by whoever makes it, reads it and restores it."""
        fill(store)
        made = back_up(url_of(store), file, replace=False)

        expected = Contents(posts=8, shares=8, newest_share_at=NOON, size=file.stat().st_size)
        assert [expected] * 3 == [made, examine(file), restore(url_of(store), file, replace=True)]

    @each_place
    def test_an_empty_one(self, store: SqlStore, file: Path) -> None:
        """A store that knows nothing is one, too."""
        back_up(url_of(store), file, replace=False)

        contents = restore(url_of(store), file, replace=False)
        assert (0, 0, None) == (contents.posts, contents.shares, contents.newest_share_at)

    def test_of_an_older_schema(self, store: SqlStore, file: Path) -> None:
        """It is upgraded on its way; the backup itself stays as it is."""
        database = Database(f"sqlite:///{file}")
        config = Config()
        config.set_main_option("script_location", str(Path(bot.store.__file__).parent / "migrations"))
        with database.writing() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "0001")
            connection.exec_driver_sql("INSERT INTO accounts (name, latest_id, latest_at) VALUES ('uk', '7', 0)")
        database.close()
        before = file.read_bytes()
        restore(url_of(store), file, replace=False)

        latest = store.account("uk").latest
        assert latest is not None
        assert "7" == latest.id
        assert before == file.read_bytes()


class TestRefusing:
    """What can't be restored is refused, and the store stays as it is."""

    @pytest.fixture(autouse=True)
    def _full(self, store: SqlStore) -> Iterator[None]:
        fill(store)
        before = rows(store)
        yield
        assert before == rows(store)

    @each_place
    def test_a_store_that_knows_something(self, store: SqlStore, file: Path) -> None:
        """Unless that is wanted."""
        back_up(url_of(store), file, replace=False)

        expected = "the state store isn't empty: it knows 8 posts and 8 shares, the backup 8 and 8. "
        assert complaint(RefusedError, restore, url_of(store), file, replace=False).startswith(expected)

    def test_no_backup(self, store: SqlStore, file: Path, tmp_path: Path) -> None:
        """Nothing, a folder, and the store itself."""
        assert f"there is no backup {file}" in complaint(UserError, restore, url_of(store), file)
        assert "there is no backup" in complaint(UserError, restore, url_of(store), file.parent)
        itself = tmp_path / "store" / "howdah.db"
        assert "belongs to the state store itself" in complaint(UserError, restore, url_of(store), itself)

    def test_something_else(self, store: SqlStore, file: Path) -> None:
        """A text, an empty file, another program's database."""
        file.write_text("My dear diary\n" * 100)
        assert "can't be used: file is not a database" in complaint(StoreError, restore, url_of(store), file)
        file.write_bytes(b"")
        assert "is no backup of a howdah's" in complaint(StoreError, restore, url_of(store), file)
        with closing(sqlite3.connect(file)) as other:
            other.execute("CREATE TABLE posts (id)")
        assert "is no backup of a howdah's" in complaint(StoreError, restore, url_of(store), file)

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ("UPDATE alembic_version SET version_num = '9999'", "was made by a newer howdah (schema 9999): upgrade"),
            ("UPDATE alembic_version SET version_num = '0000'", "was made by a newer howdah (schema 0000): upgrade"),
            ("DELETE FROM alembic_version", "is no backup of a howdah's"),
            ("DELETE FROM posts", "is damaged"),
        ],
    )
    def test_a_strange_one(self, store: SqlStore, file: Path, change: str, said: str) -> None:
        """From a newer howdah or one that nobody knows, or with rows that refer to nothing."""
        back_up(url_of(store), file, replace=False)
        with closing(sqlite3.connect(file)) as other:
            other.execute(change)
            other.commit()

        assert said in complaint(StoreError, restore, url_of(store), file)

    def test_a_damaged_one(self, store: SqlStore, file: Path) -> None:
        """Wherever the damage is."""
        back_up(url_of(store), file, replace=False)
        whole = file.read_bytes()
        file.write_bytes(whole[:40960] + b"\xa5" * 8192 + whole[49152:])

        assert f"the backup {file} is damaged" in complaint(StoreError, restore, url_of(store), file)

    def test_one_that_may_not_be_read(self, store: SqlStore, file: Path) -> None:
        """Said in a sentence."""
        back_up(url_of(store), file, replace=False)
        file.parent.chmod(0)
        with somebody():
            said = complaint(StoreError, restore, url_of(store), file)
        file.parent.chmod(0o700)

        assert "Permission denied" in said

    @each_place
    def test_one_that_breaks_off(self, store: SqlStore, file: Path) -> None:
        """What can't be stored after all, or finds no space, undoes all that was done before it."""
        back_up(url_of(store), file, replace=False)
        with closing(sqlite3.connect(file)) as other:
            title = "\0" if "postgresql" in url_of(store) else "long " * 100_000
            other.execute("UPDATE posts SET title = ? WHERE post_id = 8", [title])
            other.commit()
        if "postgresql" in url_of(store):
            assert "NUL" in complaint(StoreError, restore, url_of(store), file)
            return
        with start(SHORT_OF_SPACE, "restore", url_of(store), str(file), str(1 << 19)) as process:
            assert str(file) in process.communicate()[0]


class TestTheStoreItself:
    """What has to be so for a restore."""

    @each_place
    def test_nothing_is_just_being_sent(self, store: SqlStore, file: Path) -> None:
        """It would be on the account only after that was read. What was sent some time ago is in nobody's way."""
        back_up(url_of(store), file, replace=False)
        now = datetime.now(UTC)
        begun = begin(store, add(store, 7), now=now)
        assert "a status is just being sent" in complaint(RefusedError, restore, url_of(store), file)
        unknown = move(store, begun, state=State.UNKNOWN)
        assert "its outcome isn't known" in complaint(RefusedError, restore, url_of(store), file)
        move(store, unknown, sent_at=now - timedelta(minutes=6))
        restore(url_of(store), file, replace=True)

        assert () == store.shares()

    def test_it_is_not_damaged(self, store: SqlStore, file: Path, tmp_path: Path) -> None:
        """A damaged file can't be written; moved away, with whatever it leaves beside, it is in nobody's way."""
        fill(store)
        before = rows(store)
        back_up(url_of(store), file, replace=False)
        store.database.close()
        path = tmp_path / "store" / "howdah.db"
        whole = path.read_bytes()
        for damaged in (b"\xa5" * len(whole), whole[:40960] + b"\xa5" * 8192 + whole[49152:]):
            path.write_bytes(damaged)
            assert f"{path} is damaged: stop howdah, move" in complaint(StoreError, restore, url_of(store), file)
        journal = bytes.fromhex("d9d505f920a163d7") + b"\xff" * 4096
        path.rename(file.with_name("damaged"))
        path.with_name("howdah.db-journal").write_bytes(journal)
        path.with_name("howdah.db-wal").write_bytes(b"\xff" * 4096)
        restore(url_of(store), file, replace=False)

        assert before == rows(store)

    def test_it_is_within_reach(self, store: SqlStore, file: Path) -> None:
        """Where it can't be opened that is said as ever."""
        back_up(url_of(store), file, replace=False)
        with TemporaryDirectory() as name:  # pytest's own folders are closed to others
            closed, backup = Path(name, "howdah.db"), Path(name, "backup")
            backup.write_bytes(file.read_bytes())
            closed.touch(mode=0)
            Path(name).chmod(0o755)
            with somebody():
                said = complaint(StoreError, restore, f"sqlite:///{closed}", backup)

        assert f"the state store {closed} can't be opened: Permission denied" == said


class TestMeanwhile:
    """Others use the store while it is restored."""

    @pytest.mark.parametrize("place", ["postgresql"])
    def test_they_want_what_a_restore_holds(self, store: SqlStore, file: Path) -> None:
        """It waits for whoever holds rows and wants more without holding any, so that no change of theirs is undone."""
        fill(store)
        back_up(url_of(store), file, replace=False)
        with ThreadPoolExecutor(1) as threads:
            with store.database.engine.begin() as other:
                other.execute(shares.update().values(error="theirs"))
                restoring = threads.submit(restore, url_of(store), file, replace=True)
                while not tries_to_lock(store):
                    pass
                for table in metadata.tables.values():
                    other.execute(select(table).with_for_update())

            assert len(store.shares()) == restoring.result().shares

    @pytest.mark.parametrize("place", ["postgresql"])
    def test_they_hold_it_all_the_time(self, store: SqlStore, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A restore that never gets its turn says so, and changed nothing."""
        monkeypatch.setattr("bot.store.restore._TRIED", timedelta(milliseconds=10))
        fill(store)
        back_up(url_of(store), file, replace=False)
        before = rows(store)
        with store.database.engine.begin() as other:
            other.execute(shares.update().values(error="theirs"))
            with pytest.raises(StoreError, match="is in use by others all the time"):
                restore(url_of(store), file, replace=True)
            other.rollback()

        assert before == rows(store)
