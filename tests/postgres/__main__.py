"""Fetch PostgreSQL before the tests need it: `python -m tests.postgres`. The tests say what follows where it fails."""

import sys

from tests.e2e.servers.cache import UnavailableError
from tests.postgres import programs


def main() -> None:
    """Fetch it, unless the environment names another one or it is there already."""
    sys.stderr.write("tests: PostgreSQL …\n")
    try:
        programs.given() or programs.fetch()
    except UnavailableError as error:
        sys.stderr.write(f"tests: PostgreSQL can't be had: {error}\n")


if __name__ == "__main__":
    main()
