"""Opening the store: made and upgraded by itself, and refused in one clear sentence where it can't be used."""

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

import bot.store
from bot.domain.models import THERE_BEFORE, Post, State
from bot.domain.selecting.plan import as_seen
from bot.errors import StoreError
from bot.store import SqlStore, open_store
from bot.store.database import Database, journal_mode
from bot.store.schema import HEAD, refuse_full_disk
from bot.store.sites import new_share_row, seen_row
from bot.store.tables import metadata, posts, shares
from tests.contract.stores import add
from tests.integration.store.conftest import start
from tests.makers import NOON
from tests.postgres import empty_database

MIGRATIONS = Path(bot.store.__file__).parent / "migrations"

OPEN = """
import sys
from bot.store import open_store
print("ready", flush=True)
sys.stdin.readline()
store = open_store(sys.argv[1])
print(store.counts(), flush=True)
store.close()
"""

OPEN_AGAIN = """
import sys
from bot.store import open_store
open_store(sys.argv[1]).close()
print("alembic" in sys.modules)
"""


def refusal(url: str) -> str:
    """The sentence with which this store is refused."""
    with pytest.raises(StoreError) as caught:
        open_store(url).close()
    return str(caught.value)


class TestMaking:
    """A store makes itself."""

    def test_private(self, file: Path, store: SqlStore) -> None:
        """The file, and the journal beside it, can be read by their owner only."""
        add(store, 7)

        assert {0o600} == {path.stat().st_mode & 0o777 for path in file.parent.glob("howdah.db*")}

    def test_reopened(self, url: str, store: SqlStore) -> None:
        """What was recorded is there when the store is opened again."""
        share = add(store, 7)
        store.close()
        again = open_store(url)

        assert (share,) == again.shares()

        again.close()

    def test_empty_file(self, file: Path, url: str) -> None:
        """An empty file is as good as none."""
        file.touch()
        open_store(url).close()

        assert file.stat().st_size > 0

    def test_relative(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A relative path is one from where howdah runs."""
        monkeypatch.chdir(tmp_path)
        open_store("sqlite:///state.db").close()

        assert (tmp_path / "state.db").is_file()

    def test_odd_names(self, tmp_path: Path) -> None:
        """Signs that mean something elsewhere may stand in the path."""
        folder = tmp_path / "100% ü #1"
        folder.mkdir()
        open_store(f"sqlite:///{folder / 'how dah.db'}").close()

        assert (folder / "how dah.db").is_file()

    def test_two_at_once(self, url: str) -> None:
        """Processes that open a new store at the same moment all succeed."""
        with start(OPEN, url) as one, start(OPEN, url) as two, start(OPEN, url) as three:
            processes = [one, two, three]
            for process in processes:
                assert process.stdout is not None
                assert "ready\n" == process.stdout.readline()
            assert ["{}\n"] * 3 == [process.communicate("\n")[0] for process in processes]

    def test_alembic_stays_out(self, url: str, store: SqlStore) -> None:
        """A store that is up to date is opened without Alembic, which is slow to import."""
        store.close()
        with start(OPEN_AGAIN, url) as process:
            assert "False\n" == process.communicate()[0]

    def test_silent(self, url: str, capfd: pytest.CaptureFixture[str]) -> None:
        """Making the schema prints nothing."""
        open_store(url).close()

        assert ("", "") == tuple(capfd.readouterr())


class TestSchema:
    """Migrations and tables say the same."""

    def test_tables(self, store: SqlStore) -> None:
        """The migrations make exactly the tables that the statements are written for."""
        with store.database.reading() as connection:
            assert [] == compare_metadata(MigrationContext.configure(connection), metadata)

    def test_indexes(self, store: SqlStore) -> None:
        """And their indexes, unique constraints and foreign keys, by name."""
        with store.database.reading() as connection:
            found = inspect(connection)
            names = {
                item["name"]
                for table in metadata.tables
                for item in (
                    *found.get_indexes(table),
                    *found.get_unique_constraints(table),
                    *found.get_foreign_keys(table),
                )
            }
        expected = {index.name for table in metadata.tables.values() for index in table.indexes}
        keys = {"share_of_a_post", "attempt_of_a_share", "follows_a_share"}
        assert expected | keys | {"one_share_of_each_number"} == names

    @pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
    def test_what_was_remembered_before_is_counted(self, url: str, kind: str) -> None:
        """A store of a version that didn't count it apart from what is skipped otherwise."""
        place = empty_database() if kind == "postgresql" else url
        database = Database(place)
        errors = (THERE_BEFORE, THERE_BEFORE, "older than max_age")
        seen = [as_seen(Post(id=number, link=f"https://news.example/{number}/")) for number in range(len(errors))]
        rows = [new_share_row("uk", one.id, "uk", now=NOON) | {"state": "skipped"} for one in seen]
        with database.writing() as connection:
            _upgrade(connection, "0019")
            connection.execute(posts.insert(), [seen_row("uk", one, now=NOON) for one in seen])
            for row, error in zip(rows, errors, strict=True):
                connection.execute(shares.insert(), row | {"error": error})
        database.close()
        store = open_store(place)

        assert (2, {("uk", "uk", State.SKIPPED): 3}) == (store.remembered(), store.counts())
        store.close()

    def test_a_process_that_was_not_stopped_waits_postgresql(self) -> None:
        """One that is adding shares when another one upgrades the store ends what it does; then that goes on."""
        place, seen = empty_database(), as_seen(Post(id=1, link="https://news.example/1/"))
        row = new_share_row("uk", 1, "uk", now=NOON) | {"state": "skipped", "error": THERE_BEFORE}
        database = Database(place)
        with database.writing() as connection:
            _upgrade(connection, "0019")
            connection.execute(posts.insert(), seen_row("uk", seen, now=NOON))
        with ThreadPoolExecutor(1) as pool:
            with database.writing() as connection:
                connection.exec_driver_sql("LOCK TABLE shares IN ROW EXCLUSIVE MODE")  # as the first of two INSERTs
                opening = pool.submit(open_store, place)
                while not connection.exec_driver_sql("SELECT 1 FROM pg_locks WHERE NOT granted").first():
                    assert not opening.done()
                connection.execute(shares.insert(), row)
            store = opening.result()
        database.close()

        assert (1, {("uk", "uk", State.SKIPPED): 1}) == (store.remembered(), store.counts())
        store.close()

    def test_room(self) -> None:
        """Where the disk has too little room for an upgrade, that is said before anything is changed."""
        refuse_full_disk(700_000_000, free=800_000_000, name="howdah.db")

        with pytest.raises(StoreError) as caught:
            refuse_full_disk(700_000_000, free=700_000_000, name="howdah.db")

        assert (
            "the state store howdah.db has to be upgraded, for which 717 MB have to be free on its disk, and 700 are: "
            "make room, then start howdah again"
        ) == str(caught.value)

    def test_head(self) -> None:
        """HEAD, which is written down to spare Alembic's import, is the newest migration."""
        assert HEAD == ScriptDirectory(str(MIGRATIONS)).get_current_head()

    def test_settings(self, store: SqlStore) -> None:
        """A commit is on the disk, foreign keys hold, nothing is spilled into other files, and little is kept."""
        with store.database.reading() as connection:
            pragmas = ("synchronous", "foreign_keys", "temp_store", "cache_size", "busy_timeout", "journal_mode")
            found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]

        assert [2, 1, 2, -512, 10_000, journal_mode(sqlite3.sqlite_version_info).lower()] == found

    @pytest.mark.parametrize(
        ("version", "mode"),
        [
            ((3, 40, 1), "PERSIST"),
            ((3, 44, 5), "PERSIST"),
            ((3, 44, 6), "WAL"),
            ((3, 45, 0), "PERSIST"),
            ((3, 50, 6), "PERSIST"),
            ((3, 50, 7), "WAL"),
            ((3, 51, 0), "PERSIST"),
            ((3, 51, 2), "PERSIST"),
            ((3, 51, 3), "WAL"),
            ((3, 53, 0), "WAL"),
            ((4, 0, 0), "WAL"),
        ],
    )
    def test_journal(self, version: tuple[int, ...], mode: str) -> None:
        """A write-ahead log only where SQLite doesn't lose commits with it."""
        assert mode == journal_mode(version)


class TestRefusing:
    """What can't be used is refused, says what is wrong, and is left as it is."""

    def test_no_folder(self, tmp_path: Path) -> None:
        """The folder has to be there already."""
        folder = tmp_path / "missing"

        assert refusal(f"sqlite:///{folder}/howdah.db").endswith(f"can't be made: there is no folder {folder}")

    @pytest.mark.parametrize("path", ["", "/dev/null"])
    def test_no_file(self, tmp_path: Path, path: str) -> None:
        """Folders and devices aren't stores."""
        assert "is a folder or a device: name a file" in refusal(f"sqlite:///{path or tmp_path}")

    def test_cannot_be_made(self, file: Path, url: str) -> None:
        """Where the system doesn't let the file be made its reason is given."""
        file.symlink_to(file)

        assert f"the state store {file} can't be opened: " in refusal(url)

    def test_closed_folder(self, file: Path, url: str) -> None:
        """A folder that this user may not enter is no crash."""
        file.parent.chmod(0)
        user = os.geteuid()
        if user == 0:
            os.seteuid(65534)  # nothing is closed to root
        try:
            assert f"the state store {file} can't be opened: Permission denied" == refusal(url)
        finally:
            os.seteuid(user)
            file.parent.chmod(0o700)

    @pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
    def test_memory(self, url: str) -> None:
        """State that is gone at the next start is none."""
        assert "the state store has to be a file: write sqlite:///howdah.db" == refusal(url)

    def test_no_address(self) -> None:
        """What isn't an address at all is named as such, not quoted: there may be a password in it."""
        sentence = refusal("howdah:s3cret@db")

        assert "state.url is not a database's address: write sqlite:///howdah.db" == sentence

    def test_other_database(self) -> None:
        """Only two kinds of database are known."""
        assert "the state store can be SQLite or PostgreSQL, not mysql" == refusal("mysql://howdah:s3cret@db/howdah")

    def test_unreachable_server(self) -> None:
        """A server that isn't there is named without its password."""
        for password in ("s3cret", "at@s3cret"):
            sentence = refusal(f"postgresql://howdah:{password}@127.0.0.1:1/howdah")

            assert "howdah:***@127.0.0.1:1/howdah can't be reached: " in sentence
            assert "s3cret" not in sentence

    def test_not_a_database(self, file: Path, url: str) -> None:
        """Any other file is refused, and not touched."""
        text = "My dear diary, this is no database at all.\n" * 100
        file.write_text(text)

        assert "is not an SQLite database, or it is damaged" in refusal(url)
        assert text == file.read_text()

    def test_other_program(self, file: Path, url: str) -> None:
        """Another program's database is refused, and not touched."""
        with closing(sqlite3.connect(file)) as other:
            other.execute("CREATE TABLE alembic_version (version_num)")
            other.commit()

        assert "belongs to another program: name another one" in refusal(url)
        with closing(sqlite3.connect(file)) as other:
            assert [("alembic_version",)] == other.execute("SELECT name FROM sqlite_master").fetchall()

    def test_newer(self, file: Path, url: str, store: SqlStore) -> None:
        """A store that a newer howdah upgraded is refused, and not touched."""
        store.close()
        with closing(sqlite3.connect(file)) as other:
            other.execute("UPDATE alembic_version SET version_num = '9999'")
            other.commit()
        before = file.read_bytes()

        assert "was made by a newer howdah (schema 9999): upgrade howdah" in refusal(url)
        assert before == file.read_bytes()

    def test_no_revision(self, file: Path, url: str, store: SqlStore) -> None:
        """A store that doesn't say its revision is refused."""
        store.close()
        with closing(sqlite3.connect(file)) as other:
            other.execute("DELETE FROM alembic_version")
            other.commit()

        assert "is damaged: it doesn't say its schema's revision" in refusal(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://howdah:sesame@host:port/db",
        "postgresql://host/db?password=sesame&port=1",
        "sesame",
    ],
)
def test_a_password_is_in_no_message(url: str) -> None:
    """Wherever it stands in the address, and however wrong that is."""
    with pytest.raises(StoreError) as caught:
        open_store(url)

    assert "sesame" not in str(caught.value)
    assert "sesame" not in str(caught.value.__cause__)


def test_text_that_no_database_takes(tmp_path: Path) -> None:
    """A sentence, not a traceback; nothing is written."""
    store = open_store(f"sqlite:///{tmp_path / 'howdah.db'}")

    with pytest.raises(StoreError, match="surrogates not allowed"):
        store.remember_root("uk", "\ud800")

    assert store.site("uk").root == ""
    store.close()


def test_a_file_too_small_for_a_database_is_refused(tmp_path: Path) -> None:
    """SQLite would take it for an empty one, and write over it."""
    path = tmp_path / "howdah.db"
    path.write_bytes(b"x")

    with pytest.raises(StoreError, match="is damaged"):
        open_store(f"sqlite:///{path}")

    assert path.read_bytes() == b"x"


def _upgrade(connection: Connection, revision: str) -> None:
    """Make or upgrade a store as far as an older version did."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
