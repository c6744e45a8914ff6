"""One server for all tests of a run, and databases on it."""

import atexit
import itertools
import tempfile
from collections import deque
from functools import cache
from pathlib import Path

import pytest

from bot.store import open_store
from bot.store.tables import metadata
from tests.e2e.servers.cache import UnavailableError
from tests.postgres.server import Server, start

TEMPLATE = "prepared"
KEPT = 6  # no test uses so many stores at once
_EMPTY = f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY"

_numbers = itertools.count(1)
_stores: deque[str] = deque()


def fresh_database() -> str:
    """The address of an empty store, its schema made already, for this test alone.

    Emptying one that was used a while ago takes a third of the time of making another one. So whoever changes a schema,
    or a database's settings, takes empty_database().
    """
    server = shared_server()
    if len(_stores) < KEPT:
        _stores.append(f"store_{next(_numbers)}")
        return server.create(_stores[-1], template=TEMPLATE)
    _stores.rotate(-1)
    server.disconnect(_stores[-1])
    server.execute(_EMPTY, database=_stores[-1])
    return server.url_of(_stores[-1])


def empty_database() -> str:
    """The address of a new database with nothing in it."""
    return shared_server().create(f"empty_{next(_numbers)}")


def shared_server() -> Server:
    """The server. Fails the test, with one sentence that says what to do, where the programs can't be had."""
    found = _server_or_reason()
    if isinstance(found, str):
        pytest.fail(found, pytrace=False)
    return found


@cache
def _server_or_reason() -> Server | str:
    folder = tempfile.TemporaryDirectory(prefix="howdah-postgresql-log-")
    atexit.register(folder.cleanup)
    try:
        server = start(Path(folder.name))
    except UnavailableError as error:
        return (
            f"a real PostgreSQL can't be had ({error}): run this once with a network, or name the folder of initdb and "
            'postgres in HOWDAH_TEST_POSTGRESQL, or leave these tests out: pytest -k "not postgresql"'
        )
    except RuntimeError as error:
        return str(error)
    atexit.register(server.remove)
    open_store(server.create(TEMPLATE)).close()
    return server
