"""The schema: made and upgraded by itself, and refused where it is newer than this howdah or somebody else's."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.errors import StoreError
from bot.store.database import Database

# The newest migration. A test compares it with the folder: reading that needs Alembic, which costs 370 ms.
HEAD = "0005"
_ADVISORY_LOCK = 7_461_224


def prepare(database: Database) -> None:
    """Make or upgrade the schema. Several processes may do so at once: one does, the others wait for it."""
    with database.reading() as connection:
        if _revision(connection, database.name) == HEAD:
            return
    with database.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        revision = _revision(connection, database.name)
        if revision != HEAD:
            _upgrade(connection, revision, database.name)


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
