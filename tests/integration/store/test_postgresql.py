"""The store on a real PostgreSQL, beyond the contract: its schema, its settings, its clock, and several processes."""

import sys
from collections.abc import Collection
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import create_engine, inspect, text

from bot.errors import StoreError
from bot.store import SqlStore, open_store
from bot.store.tables import metadata
from tests.integration.store.conftest import start
from tests.integration.store.test_opening import OPEN
from tests.integration.store.test_processes import TestKilled, TestSideBySide
from tests.integration.store.test_same_as_fake import TwoStores, instants, numbers, perhaps, sites
from tests.makers import DAY, HOUR, NOON
from tests.postgres import empty_database, fresh_database, shared_server

# Also here, where `url` is another one: processes side by side, and killed ones.
__all__ = ["TestKilled", "TestSideBySide"]

SETTINGS = ("statement_timeout", "idle_in_transaction_session_timeout", "synchronous_commit", "transaction_isolation")

WITHOUT_PSYCOPG = """
import sys
sys.modules["psycopg"] = None
from bot.errors import StoreError
from bot.store import open_store
try:
    open_store("postgresql://howdah@127.0.0.1/howdah")
except StoreError as error:
    print(error)
"""


@pytest.fixture
def url() -> str:
    """The address of an empty store."""
    return fresh_database()


class TestOpening:
    """A store makes itself there, too."""

    def test_schema(self) -> None:
        """The migrations make exactly the tables that the statements are written for, with their indexes."""
        store = open_store(empty_database())
        with store.database.reading() as connection:
            assert [] == compare_metadata(MigrationContext.configure(connection), metadata)
            found = {index["name"] for table in metadata.tables for index in inspect(connection).get_indexes(table)}
        assert {index.name for table in metadata.tables.values() for index in table.indexes} <= found

        store.close()

    def test_several_at_once(self) -> None:
        """Processes that open a new store at the same moment all succeed."""
        url = empty_database()
        with start(OPEN, url) as one, start(OPEN, url) as two, start(OPEN, url) as three:
            processes = [one, two, three]
            for process in processes:
                assert process.stdout is not None
                assert "ready\n" == process.stdout.readline()
            assert ["{}\n"] * 3 == [process.communicate("\n")[0] for process in processes]

    def test_other_program(self) -> None:
        """Another program's database is refused."""
        url = empty_database()
        shared_server().execute("CREATE TABLE alembic_version ()", database=url.rpartition("/")[2])

        with pytest.raises(StoreError, match="belongs to another program: name another one"):
            open_store(url)

    def test_no_right_to_make_tables(self) -> None:
        """A database that is somebody else's is named as such; the statement isn't quoted."""
        with pytest.raises(StoreError) as caught:
            open_store(shared_server().url_of("postgres"))

        expected = (
            "can't be used: permission denied for schema public. Let its administrator make howdah's user the owner"
        )
        assert expected in str(caught.value)
        assert "CREATE" not in str(caught.value)

    def test_without_its_package(self) -> None:
        """Where psycopg isn't installed it is said how to install it."""
        with start(WITHOUT_PSYCOPG) as process:
            line = f"{sys.executable} -m pip install 'howdah[postgres]'"
            assert f"PostgreSQL needs one more package: {line}\n" == process.communicate()[0]


class TestSettings:
    """What a session is told."""

    @staticmethod
    def shown(store: SqlStore, *names: str) -> list[str | None]:
        """Settings as the server sees them."""
        with store.database.reading() as connection:
            return [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in names]

    def test_ours(self, store: SqlStore) -> None:
        """Nothing waits for ever, a commit is on the disk, and locks mean what they are taken for."""
        assert ["8s", "10s", "on", "read committed"] == self.shown(store, *SETTINGS)

    def test_whatever_the_server_prefers(self) -> None:
        """A database that was set up for another use is used in our way all the same."""
        url = empty_database()
        for setting in ("synchronous_commit = off", "default_transaction_isolation = serializable"):
            shared_server().execute(f"ALTER DATABASE {url.rpartition('/')[2]} SET {setting}")
        store = open_store(url)

        assert ["8s", "10s", "on", "read committed"] == self.shown(store, *SETTINGS)

        store.close()

    def test_a_read_is_one_statement(self, url: str, store: SqlStore) -> None:
        """Nothing is begun before it, and nothing ended after it: each would be another wait for the server."""
        last = text("SELECT state, query FROM pg_stat_activity WHERE datname = :name AND application_name = 'howdah'")
        store.account("uk")
        other = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        with other.connect() as connection:
            rows = connection.execute(last, {"name": url.rpartition("/")[2]}).all()
        other.dispose()

        assert ["idle"] == [state for state, _ in rows]
        assert "FROM accounts" in rows[0].query

    def test_theirs(self, url: str) -> None:
        """What the address says itself holds, beside what it doesn't speak of."""
        store = open_store(f"{url}?application_name=mine&options=-cwork_mem%3D8MB")

        assert ["mine", "8MB", "8s"] == self.shown(store, "application_name", "work_mem", "statement_timeout")

        store.close()


class TestClock:
    """Leases run by the server's clock: machines that share a store may disagree about the time."""

    def test_of_a_clock_that_is_wrong(self, store: SqlStore) -> None:
        """A lease runs as long as it was asked for, whatever time it is for whoever asks."""
        assert store.lease("uk", owner="a", now=NOON, until=NOON + HOUR)
        assert not store.lease("uk", owner="b", now=NOON + DAY, until=NOON + DAY + HOUR)
        assert not store.lease("uk", owner="b", now=NOON - DAY, until=NOON)

    def test_that_has_run_out(self, store: SqlStore) -> None:
        """And no longer."""
        assert store.lease_site("uk", owner="a", now=NOON, until=NOON)
        assert store.lease_site("uk", owner="b", now=NOON - DAY, until=NOON)

    def test_origin(self, url: str, store: SqlStore) -> None:
        """A server that was started anew is another one; another connection to the same one isn't."""
        before = store.origin()
        other = open_store(url)

        assert before == other.origin()

        other.close()
        shared_server().restart()

        assert before != store.origin()


class TwoStoresOnPostgresql(TwoStores):
    """The fake, and a store on PostgreSQL."""

    def __init__(self) -> None:
        super().__init__()
        self.real.close()
        self.real = open_store(fresh_database(), has_clock=False)

    @rule(
        site=sites,
        found=st.sets(numbers, max_size=4),
        date=perhaps,
        due=instants,
        moved=st.booleans(),
        note=st.just(""),
    )
    def look(self, *, found: Collection[int], site: str, **how: Any) -> None:
        """A look finds posts that have no share yet: where one stands already, PostgreSQL leaves a gap in the ids."""
        shared = {share.post_id for share in self.fake.shares(site=site)}
        super().look(site=site, found=sorted(set(found) - shared), **how)


TestTwoStores = TwoStoresOnPostgresql.TestCase
TestTwoStores.settings = settings(max_examples=5, stateful_step_count=30, suppress_health_check=[HealthCheck.too_slow])
