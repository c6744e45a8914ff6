"""A real PostgreSQL for the tests: fetched into the cache, started on loopback, ended with the tests.

`start(folder)` gives a server of one's own, `fresh_database()` the address of an empty store on one that all tests of a
run share. Where the machine can't fetch it these tests fail, and say what to do: `-k "not postgresql"` leaves them out,
and HOWDAH_TEST_POSTGRESQL names the folder of another PostgreSQL's programs.
"""

from tests.postgres.server import Server, start
from tests.postgres.shared import empty_database, fresh_database, shared_server

__all__ = ["Server", "empty_database", "fresh_database", "shared_server", "start"]
