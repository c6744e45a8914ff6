"""Mastodon.py on a session of ours: what it may do, and a record of what came of it. Importing it takes 130 ms.

- Every request has a connection of its own. A kept one may have been closed by the server without a result (snac does
  that), and then nobody could tell whether a POST on it was read.
- A call ends when its timeout is up, whatever the instance does; an answer is read up to 4 MB.
- A form may have more fields than Mastodon.py knows.
- Nothing from the environment but the authorities to trust: no netrc, and no proxy, which would connect where the
  guard can't look. No cookies.
- Of an answer's headers Mastodon.py sees the content type only, and of a failure no body. It would raise on a reset
  time that it can't read although the status exists, warn of a Deprecation, fail on JSON nested too deeply; and
  requests would follow a Location. The record has all of it.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import requests
from mastodon import Mastodon
from mastodon.errors import MastodonError
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import Timeout
from urllib3.exceptions import HTTPError, ReadTimeoutError

from bot import __version__
from bot.mastodon.results import NEVER_ASKED, NoResponse, Response, Result
from bot.net import tls
from bot.net.guard import is_any, is_public
from bot.net.urllib3_pools import ConnectFailedError, pool_classes
from bot.ports import MaySend, always

USER_AGENT = f"howdah/{__version__}"
LONGEST_ANSWER = 4 * 1024 * 1024
_CHUNK = 64 * 1024
# What a request is made of, beside its headers and its form.
_PARTS = ("params", "files", "json", "auth")
# Never asked for: with a version given, Mastodon.py looks nothing up, and uses the upload that may take its time.
_ASSUMED_VERSION = "4.3.0"


class Client:
    """What an account talks to its instance with: one request at a time. Nothing is asked yet.

    api: Mastodon.py; session: for what it has no call for. Both are used in requests that ask() makes.
    """

    def __init__(self, instance: str, *, timeout: timedelta, allow_private: bool) -> None:
        self._transport = Transport(timeout=timeout, allow_private=allow_private)
        self.session = Session(self._transport)
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


class Transport(HTTPAdapter):
    """Carries requests to the instance, and remembers in `result` what came of the last one; None before it left."""

    def __init__(self, *, timeout: timedelta, allow_private: bool) -> None:
        self._seconds = timeout.total_seconds()
        self._allowed = is_any if allow_private else is_public
        self._may_send = always
        self.result: Result | None = None
        super().__init__(pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:
        """Make urllib3 use our connections."""
        super().init_poolmanager(connections, maxsize, block, **kwargs)
        self.poolmanager.pool_classes_by_scheme = pool_classes(self._allowed, self._is_wanted)

    def build_connection_pool_key_attributes(self, *args: Any, **kwargs: Any) -> Any:
        """Where to connect to, and how: with the one context of all connections."""
        where, how = super().build_connection_pool_key_attributes(*args, **kwargs)
        return where, {**how, "ssl_context": tls.context()} if where["scheme"] == "https" else how

    def cert_verify(self, *_args: Any) -> None:
        """The context verifies. requests would read all authorities anew for each connection, into the same context."""

    def prepare(self, may_send: MaySend) -> None:
        """Remember nothing, before the next request; may_send is asked just before its first byte leaves."""
        self.result = None
        self._may_send = may_send

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # type: ignore[override] # the rest is passed on
        """Send a request on a new connection, read the answer to its end, and record both."""
        self.close()
        kwargs |= {"stream": True, "timeout": Timeout(total=self._seconds, connect=self._seconds, read=self._seconds)}
        try:
            response = super().send(request, **kwargs)
        except (requests.RequestException, HTTPError, OSError) as error:
            self.result = self._no_response(error)
            # requests lets some of the layers' below through as they are.
            raise requests.ConnectionError(str(error)) from error
        self.result = received = self._receive(response)
        return _handed_on(response, received)

    def _is_wanted(self) -> bool:
        return self._may_send()

    def _receive(self, response: requests.Response) -> Response:
        body = bytearray()
        flaw, broken = "", False
        try:
            for chunk in response.iter_content(_CHUNK):
                body += chunk
                if len(body) > LONGEST_ANSWER:
                    flaw = f"it is longer than {LONGEST_ANSWER // 1024**2} MB"
                    break
        except requests.RequestException as error:
            broken = not _timed_out(error)
            flaw = "it breaks off" if broken else f"it didn't come within {self._seconds:g} s"
        finally:
            response.close()
        whole = b"" if flaw else bytes(body)
        return Response(status=response.status_code, headers=response.headers, body=whole, flaw=flaw, broken=broken)

    def _no_response(self, error: Exception) -> NoResponse:
        if not isinstance(error, requests.RequestException | HTTPError):
            # requests' own look for the certificates; whatever the wire does, it raises as one of its own.
            return NoResponse(sent=False, reason=f"was not asked: {error}", error=error)
        for cause in _chain(error):
            if isinstance(cause, ConnectFailedError):
                return NoResponse(sent=False, reason=cause.reason, error=error)
        if _timed_out(error):
            return NoResponse(sent=True, reason=f"gave no answer within {self._seconds:g} s", error=error)
        return NoResponse(sent=True, reason="cut the connection before it answered", broken=True, error=error)


class Session(requests.Session):
    """A session that knows no way but the transport's; its forms may have fields that Mastodon.py doesn't know."""

    def __init__(self, transport: Transport) -> None:
        super().__init__()
        self.headers.update({"User-Agent": USER_AGENT, "Accept": "application/json", "Connection": "close"})
        self.mount("https://", transport)
        self.mount("http://", transport)
        self._transport = transport
        self._more: Mapping[str, Sequence[str]] = {}

    @contextmanager
    def adding(self, fields: Mapping[str, Sequence[str]]) -> Iterator[None]:
        """Add fields to each form that is sent meanwhile."""
        self._more = fields
        try:
            yield
        finally:
            self._more = {}

    def request(  # type: ignore[override] # what else requests takes has no meaning here
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, data: Any = None, **given: Any
    ) -> requests.Response:
        """Make a request of these parts alone: without cookies, netrc or a proxy, and no redirect is followed."""
        if method == "POST" and self._more:
            data = {**data, **self._more}
        parts = {name: given[name] for name in _PARTS if name in given}
        request = requests.PreparedRequest()
        request.prepare(method, url, headers={**self.headers, **(headers or {})}, data=data, **parts)
        return self._transport.send(request)


def _handed_on(response: requests.Response, received: Response) -> requests.Response:
    """The answer as Mastodon.py may see it: its status alone.

    What the answer says is read from the record. Mastodon.py would build its own objects from it, one for each field,
    which takes as long as the request, and would stumble over what it doesn't expect.
    """
    handed = requests.Response()
    handed.status_code = received.status
    handed.reason = response.reason
    handed.url = response.url
    handed.request = response.request
    handed.headers = CaseInsensitiveDict({"Content-Type": "application/json"})
    handed.raw = io.BytesIO(b"null")  # of an empty object it would still make one with all the fields that it knows
    return handed


def _timed_out(error: Exception) -> bool:
    return any(isinstance(cause, ReadTimeoutError | TimeoutError) for cause in _chain(error))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and what led to it, latest first: requests and urllib3 raise anew at every layer."""
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__
