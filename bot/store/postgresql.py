"""Connections to PostgreSQL: few enough for several daemons on one server, and never waiting for ever.

Nothing outside ends a wait for a server that hangs. The kernel of its machine goes on acknowledging what it is sent, so
that neither keepalives nor tcp_user_timeout notice; and where the machine itself is gone the kernel of this one tries
for a quarter of an hour. So the connection counts the seconds itself.
"""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from math import inf
from time import monotonic
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import InvalidatePoolError

_CONNECT = 4  # seconds, for each address of the host
# Ten daemons stay below the 97 connections that a PostgreSQL has by default. More threads than that take turns.
_KEPT, _MORE = 5, 4
_JUST_NOW = 1.0  # seconds

_T = TypeVar("_T")


def connect(url: URL, *, patience: timedelta) -> Engine:
    """An engine for a PostgreSQL address. Connects when it is used first.

    patience: how long the server may say nothing, and how long a thread waits for its turn. A call on a server that
    hangs takes so long, and then the few seconds of an attempt to connect anew.
    """
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=_KEPT,
        max_overflow=_MORE,
        pool_timeout=patience.total_seconds(),
        connect_args=_settings(url, patience=patience),
    )

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, arguments: Any, settings: Any) -> psycopg.Connection[Any]:
        connection = _Connection.connect(*arguments, **settings)
        connection.patience = patience.total_seconds()
        return connection

    _ask_whether_it_stands(engine)
    return engine


def _ask_whether_it_stands(engine: Engine) -> None:
    """Before a connection is used, unless it was just now and nothing came on it since: so a server says that it stops.

    SQLAlchemy's own pool_pre_ping asks each time, which is a third of all that the server is asked.
    """

    @event.listens_for(engine, "checkin")
    def _note(_connection: object, record: Any) -> None:
        record.info["used"] = monotonic()

    @event.listens_for(engine, "checkout")
    def _ask(connection: Any, record: Any, _proxy: object) -> None:
        if monotonic() - record.info.get("used", monotonic()) < _JUST_NOW and not _has_come(connection):
            return
        try:
            engine.dialect.do_ping(connection)
        except psycopg.Error as error:
            raise InvalidatePoolError from error  # the pool connects anew, here and for the others


def _has_come(connection: psycopg.Connection[Any]) -> bool:
    """Whether there is anything to be read on a connection that was asked nothing, its end included."""
    if connection.closed:
        return True
    arrivals = select.poll()
    arrivals.register(connection.fileno(), select.POLLIN)
    return bool(arrivals.poll(0))


def _settings(url: URL, *, patience: timedelta) -> dict[str, Any]:
    """What libpq is told, but for what the address says itself."""
    ours = {
        "application_name": "howdah",
        "connect_timeout": _CONNECT,
        "prepare_threshold": None,  # a pooler between would mix them up
    }
    theirs = url.normalized_query.get("options", ())
    return {name: value for name, value in ours.items() if name not in url.query} | {
        "options": " ".join([*_options(patience), *theirs])
    }


def _options(patience: timedelta) -> Iterator[str]:
    """The session's settings."""
    milliseconds = patience // timedelta(milliseconds=1)
    settings = {
        "statement_timeout": milliseconds * 4 // 5,  # a server that is only slow has time to say so itself
        "idle_in_transaction_session_timeout": milliseconds,  # a process that was stopped holds up no other for longer
        "synchronous_commit": "on",  # a commit that a crash takes back would be a double
        "default_transaction_isolation": "read\\ committed",  # what the order of our locks was thought out for
    }
    return (f"-c {name}={value}" for name, value in settings.items())


@contextmanager
def unhurried(connection: Connection) -> Iterator[None]:
    """Let the statements of this transaction take as long as they need, and wait as long for the server."""
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    driver = connection.connection.driver_connection
    assert isinstance(driver, _Connection)  # noqa: S101 - for the type checker
    patience, driver.patience = driver.patience, inf
    try:
        yield
    finally:
        driver.patience = patience


class _Connection(psycopg.Connection[Any]):
    """A connection that is given up when the server has said nothing for too long."""

    patience = 0.0  # seconds

    def wait(self, gen: PQGen[_T], *args: Any, **kwargs: Any) -> _T:
        """Wait as psycopg does, for everything but connecting; then close, since nobody knows where the server is."""
        try:
            return super().wait(_impatient(gen, self.patience), *args, **kwargs)
        except _SilentError:
            self.close()
            raise


class _SilentError(psycopg.OperationalError):
    """The server hangs, or the way to it is cut."""


def _impatient(waiting: PQGen[_T], patience: float) -> PQGen[_T]:
    """The same wait, ended by _SilentError. psycopg looks in every 0.1 s, with nothing in its hands (0)."""
    heard = monotonic()
    try:
        wanted = next(waiting)
        while True:
            ready = yield wanted
            if ready:
                heard = monotonic()
            elif monotonic() - heard > patience:
                raise _SilentError(f"no answer for {patience:g} s")
            wanted = waiting.send(ready)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return] # StopIteration doesn't say of what
