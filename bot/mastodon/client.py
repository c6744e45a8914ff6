"""Mastodon.py on a session of ours: what it may do, and a record of what came of it. Importing it takes 130 ms.

- Every request has a connection of its own. A kept one may have been closed by the server without a result (snac does
  that), and then nobody could tell whether a POST on it was read.
- A call ends when its timeout is up, whatever the instance does; an answer is read up to 4 MB.
- A form may have more fields than Mastodon.py knows.
- Nothing from the environment but the authorities to trust: no netrc, and no proxy, which would connect where the
  guard can't look. No cookies.
- Of an answer's headers Mastodon.py sees the content type only, and of a failure no body. It would raise on a reset
  time that it can't read although the status exists, warn of a Deprecation, and fail on JSON nested too deeply. The
  record has all of it.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any
from urllib.parse import SplitResult, urlsplit

import requests
from mastodon import Mastodon
from mastodon.errors import MastodonError
from requests.structures import CaseInsensitiveDict
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, Timeout
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
_PORTS = {"http": 80, "https": 443}
_JSON = CaseInsensitiveDict({"Content-Type": "application/json"})
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


class Transport:
    """Carries requests to the instance, and remembers in `result` what came of the last one; None before it left."""

    def __init__(self, *, timeout: timedelta, allow_private: bool) -> None:
        self._seconds = timeout.total_seconds()
        self._may_send = always
        self._pools = pool_classes(is_any if allow_private else is_public, self._is_wanted)
        self._has_left = False
        self.result: Result | None = None

    def prepare(self, may_send: MaySend) -> None:
        """Remember nothing, before the next request; may_send is asked just before its first byte leaves."""
        self.result = None
        self._has_left = False
        self._may_send = may_send

    def send(self, request: requests.PreparedRequest) -> requests.Response:
        """Send a request on a connection of its own, read the answer to its end, and record both."""
        try:
            with self._pool(urlsplit(request.url or "")) as pool:
                response = pool.urlopen(
                    request.method or "",
                    request.path_url,
                    body=request.body,
                    headers=request.headers,
                    retries=False,
                    redirect=False,
                    assert_same_host=False,
                    timeout=Timeout(total=self._seconds, connect=self._seconds, read=self._seconds),
                    preload_content=False,
                )
                self.result = received = self._receive(response)
        except Exception as error:  # urllib3 raises others too (ValueError for a chunk of a negative length)
            self.result = self._no_response(error)
            raise requests.ConnectionError(str(error)) from error
        return _handed_on(request, received)

    def _is_wanted(self) -> bool:
        self._has_left = self._may_send()
        return self._has_left

    def _pool(self, address: SplitResult) -> HTTPConnectionPool:
        """What connects to the host of an address, with the one context of all connections."""
        how: dict[str, Any] = {"ssl_context": tls.context()} if address.scheme == "https" else {}
        # Without a port, the last group of an IPv6 address would be taken for one.
        port = address.port or _PORTS[address.scheme]
        return self._pools[address.scheme](address.hostname or "", port, **how)

    def _receive(self, response: BaseHTTPResponse) -> Response:
        body = bytearray()
        flaw, broken = "", False
        try:
            for chunk in response.stream(_CHUNK, decode_content=True):
                body += chunk
                if len(body) > LONGEST_ANSWER:
                    flaw = f"it is longer than {LONGEST_ANSWER // 1024**2} MB"
                    break
        except HTTPError as error:
            broken = not _timed_out(error)
            flaw = "it breaks off" if broken else f"it didn't come within {self._seconds:g} s"
        finally:
            response.close()
        whole = b"" if flaw else bytes(body)
        return Response(status=response.status, headers=response.headers, body=whole, flaw=flaw, broken=broken)

    def _no_response(self, error: Exception) -> NoResponse:
        if not self._has_left:
            reasons = (cause.reason for cause in _chain(error) if isinstance(cause, ConnectFailedError))
            return NoResponse(sent=False, reason=next(reasons, f"was not asked: {error}"), error=error)
        if _timed_out(error):
            return NoResponse(sent=True, reason=f"gave no answer within {self._seconds:g} s", error=error)
        return NoResponse(sent=True, reason="cut the connection before it answered", broken=True, error=error)


class Session(requests.Session):
    """A session that knows no way but the transport's; its forms may have fields that Mastodon.py doesn't know."""

    def __init__(self, transport: Transport) -> None:
        super().__init__()
        self.headers.update({"User-Agent": USER_AGENT, "Accept": "application/json", "Connection": "close"})
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


def _handed_on(request: requests.PreparedRequest, received: Response) -> requests.Response:
    """The answer as Mastodon.py may see it: its status alone.

    What the answer says is read from the record. Mastodon.py would build its own objects from it, one for each field,
    which takes as long as the request, and would stumble over what it doesn't expect.
    """
    handed = requests.Response()
    handed.status_code = received.status
    handed.request = request
    handed.headers = _JSON
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
