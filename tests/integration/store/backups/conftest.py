"""Stores that are backed up and restored."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.models import Cause, Followed, Listing, ReadBack, State
from bot.domain.notices import Notice
from bot.errors import HowdahError
from bot.store import SqlStore, open_store
from bot.store.tables import metadata
from tests.contract.stores import OWNER, begin, move, plan, post
from tests.makers import HOUR, NOON, own_status
from tests.postgres import fresh_database

# From a folder to the address of an empty store there, or of another empty one.
PLACES: dict[str, Callable[[Path], str]] = {
    "sqlite": lambda folder: f"sqlite:///{folder / 'howdah.db'}",
    "postgresql": lambda _folder: fresh_database(),
}

each_place = pytest.mark.parametrize("place", PLACES)

# The disk is full, for one process: no file of its may grow beyond a size.
SHORT_OF_SPACE = """
import resource, sys
from pathlib import Path
from bot.errors import StoreError
from bot.store.backup import back_up
from bot.store.restore import restore
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]), resource.RLIM_INFINITY))
try:
    {"back_up": back_up, "restore": restore}[sys.argv[1]](sys.argv[2], Path(sys.argv[3]), replace=True)
except StoreError as error:
    print(error)
finally:
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
"""


@contextmanager
def opened(place: str, folder: Path) -> Iterator[SqlStore]:
    """An empty store in a folder of its own."""
    folder.mkdir(exist_ok=True)
    store = open_store(PLACES[place](folder), has_clock=False)
    try:
        yield store
    finally:
        store.close()


def url_of(store: SqlStore) -> str:
    """The address of a store."""
    return store.database.engine.url.set(drivername=store.database.engine.dialect.name).render_as_string(
        hide_password=False
    )


def fill(store: SqlStore) -> None:
    """Something in every table, in many states."""
    shares = store.add(plan(*(post(number, title="Zürich – 東京 \t\\N") for number in range(1, 9))), now=NOON)
    begun = begin(store, shares[0])
    move(store, begun, step="publish", state=State.SHARED, url="https://social.example/1", status_id="1")
    move(store, shares[1], state=State.UNKNOWN, error="no answer")
    store.remember_statuses("uk", Listing(statuses=(own_status("77", "https://news.example/7/"),), complete=True))
    store.keep_following([Followed(share_id=shares[0].id, next_check_at=NOON, gone_since=NOON - HOUR)])
    store.accept_notice("uk", Notice(id="msg_1", post_id=7), now=NOON)
    store.keep_read_back("uk", "uk", ReadBack(newest="9", before="5"))
    store.note_causes([Cause(key="site:uk", kind="site", text="down", since=NOON)], now=NOON)
    store.lease_site("uk", owner=OWNER, now=NOON, until=NOON + HOUR)


def rows(store: SqlStore) -> dict[str, list[dict[str, Any]]]:
    """Everything in a store but for its leases, where it stood, and counts that have come down to nothing."""
    with store.database.reading() as connection:
        return {
            table.name: [
                {name: value for name, value in row.items() if not name.startswith(("lease_", "origin"))}
                for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()
                if row.get("number") != 0
            ]
            for table in metadata.sorted_tables
        }


def complaint(kind: type[HowdahError], act: Callable[..., object], *arguments: object, replace: bool = True) -> str:
    """What is said of something that can't be done."""
    with pytest.raises(kind) as caught:
        act(*arguments, replace=replace)
    return str(caught.value)


@contextmanager
def somebody() -> Iterator[None]:
    """Not root, to whom nothing is closed."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the backup is, or will be."""
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups" / "howdah.backup"


@pytest.fixture
def store(place: str, tmp_path: Path) -> Iterator[SqlStore]:
    """An empty store in the place that the test is about."""
    with opened(place, tmp_path / "store") as made:
        yield made


@pytest.fixture
def place() -> str:
    """SQLite, where the test doesn't say otherwise."""
    return "sqlite"
