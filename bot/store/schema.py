"""The schema: made and upgraded by itself, and refused where it is newer than this howdah or somebody else's."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.errors import StoreError
from bot.store.database import Database

# The newest migration. A test compares it with the folder: reading that needs Alembic, which costs 370 ms.
HEAD = "0021"
_ADVISORY_LOCK = 7_461_224
# What is free beyond the size of the store before it is upgraded.
_ROOM = 16 * 1024 * 1024


def prepare(database: Database) -> None:
    """Make or upgrade the schema. Several processes may do so at once: one does, the others wait for it."""
    with database.reading() as connection:
        if _revision(connection, database.name) == HEAD:
            return
    with database.writing() as connection, _alone(connection):
        revision = _revision(connection, database.name)
        if revision and revision != HEAD and connection.dialect.name == "sqlite":
            refuse_full_disk(
                Path(database.name).stat().st_size,
                free=shutil.disk_usage(Path(database.name).parent).free,
                name=database.name,
            )
        if revision != HEAD:
            _upgrade(connection, revision, database.name)


def refuse_full_disk(size: int, *, free: int, name: str) -> None:
    """StoreError where so many free bytes are too few to upgrade a store of so many.

    What an upgrade changes is kept beside the store until it is done, and the store itself grows.
    """
    if free < size + _ROOM:
        raise StoreError(
            f"the state store {name} has to be upgraded, for which {_megabytes(size + _ROOM)} MB have to be free "
            f"on its disk, and {_megabytes(free)} are: make room, then start howdah again"
        )


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Let no other process upgrade meanwhile. On SQLite the transaction itself sees to that.

    A large store takes longer than any statement otherwise may: those who wait for it wait as long.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    from bot.store.postgresql import unhurried

    with unhurried(connection):
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        yield


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f}"


def _revision(connection: Connection, name: str) -> str:
    """The schema's revision, '' where there is no schema yet."""
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return ""
    if not {"alembic_version", "shares", "posts"} <= tables:
        raise StoreError(f"the state store {name} belongs to another program: name another one")
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if not revision:
        raise StoreError(f"the state store {name} is damaged: it doesn't say its schema's revision. Restore a backup")
    return str(revision)


def _upgrade(connection: Connection, revision: str, name: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))  # configparser's own sign
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision and revision not in known:
        raise StoreError(f"the state store {name} was made by a newer howdah (schema {revision}): upgrade howdah")
    command.upgrade(config, "head")
