"""Fetch everything that the servers need: `python -m tests.e2e.servers`.

What can't be had is said here and skipped by the tests; the exit code is 0 all the same.
"""

import sys

from tests.e2e.servers import mastodon_mock, php_versions, snac, wordpress
from tests.e2e.servers.cache import UnavailableError

SERVERS = {
    "WordPress": wordpress.fetch,
    "PHP": php_versions.fetch,
    "snac": snac.fetch,
    "mastodon-mock": mastodon_mock.fetch,
}


def main() -> None:
    """Fetch one after the other, and say so: the first time takes half a minute."""
    for name, fetch in SERVERS.items():
        _say(f"{name} …")
        try:
            fetch()
        except UnavailableError as error:
            _say(f"{name} will be left out: {error}")


def _say(sentence: str) -> None:
    sys.stderr.write(f"e2e: {sentence}\n")


if __name__ == "__main__":
    main()
