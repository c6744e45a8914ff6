"""Mastodon.py on a session of ours, and a record of what the instance said. Importing it takes 130 ms."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import requests
from mastodon import Mastodon
from mastodon.errors import MastodonError

from bot.mastodon.results import NEVER_ASKED, Result
from bot.mastodon.transport import USER_AGENT, Transport, open_session
from bot.ports import MaySend

# Never asked for: with a version given, Mastodon.py looks nothing up, and uses the upload that may take its time.
_ASSUMED_VERSION = "4.3.0"


class Client:
    """What an account talks to its instance with: one request at a time. Nothing is asked yet.

    api: Mastodon.py; session: for what it has no call for. Both are used in requests that ask() makes.
    """

    def __init__(self, instance: str, *, timeout: timedelta, allow_private: bool) -> None:
        self._transport = Transport(timeout=timeout, allow_private=allow_private)
        self.session = open_session(self._transport)
        self.api = Mastodon(
            api_base_url=instance,
            session=self.session,
            request_timeout=timeout.total_seconds(),
            ratelimit_method="throw",
            mastodon_version=_ASSUMED_VERSION,
            version_check_mode="created",
            user_agent=USER_AGENT,
        )

    @property
    def last(self) -> Result | None:
        """What came of the last request; None where none left."""
        return self._transport.result

    def ask(self, request: Callable[[], object], *, may_send: MaySend) -> Result:
        """Make one request; may_send is asked just before its first byte leaves."""
        self._transport.prepare(may_send)
        with suppress(MastodonError, requests.RequestException):
            request()  # what came of it is in the transport's record, whatever is raised
        return self.last or NEVER_ASKED

    def close(self) -> None:
        """Close every connection."""
        self.session.close()
