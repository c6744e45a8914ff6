"""One HTTP client for every site of the process; the only module of this package that names httpx.

What is read are GETs, which may be repeated. No cookies, no proxies, no .netrc: the environment's only say is which
certificate authorities to trust (SSL_CERT_FILE, SSL_CERT_DIR), since behind a proxy the address guard would check that.
"""

import re
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct, field
from msgspec.structs import replace
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    retry_if_result,
    stop_after_attempt,
    stop_before_delay,
    wait_random_exponential,
)

from bot import __version__
from bot.net.guard import AddressRefusedError, Resolve, resolve
from bot.net.httpx_transport import GuardedBackend, guarded_transport, httpx, left, within
from bot.net.times import seconds_asked
from bot.wordpress.body import GZIP, BodyError, BodyTooBigError, read_body
from bot.wordpress.host_queues import BusyError, HostQueues

JSON = "application/json"
HTML = "text/html"
MAX_BODY = 8 * 1024 * 1024
TIMEOUT = timedelta(seconds=30)
USER_AGENT = f"howdah/{__version__}"
# Seconds that one phase may take: to connect, to send, to wait for the next bytes.
_CONNECT, _WRITE, _READ = 10.0, 10.0, 20.0
_REDIRECTS = 3
_TRIES = 3
_TRYING = 10.0
_LONGEST_RETRY_AFTER_SECONDS = 2.0
_BACKOFF = wait_random_exponential(multiplier=0.5, max=4)
# Between polls a connection would only grow stale; within one pass it serves the reads that follow each other.
# There may be as many as threads that look at sites or read posts for accounts: those are bounded, each host has one.
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=16, keepalive_expiry=5)


class NoResponseError(Exception):
    """There was no answer, or none that could be read to its end. Its text is a clause for a person."""


class PassingError(NoResponseError):
    """The same request may well do better in a moment."""


class UnreachableError(PassingError):
    """Not even a connection was to be had."""


class UnaskedError(NoResponseError):
    """Nothing was asked at all: the address mustn't be, or can't be."""


class TooBigError(NoResponseError):
    """The answer is bigger than it may be: another question may have a smaller one."""


class LateError(NoResponseError):
    """The same request may do better another time; this time its time is used up."""


class Response(Struct, frozen=True, kw_only=True):
    """An answer, complete. url is where it came from in the end; header names are lower case.

    asked: the address that was asked, before any redirect. retry_after: seconds that the server asked to wait; None
    where it said nothing.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    retry_after: float | None = None
    asked: str = ""

    def __repr__(self) -> str:
        return f"Response({self.url!r}, {self.status})"


class Http:
    """The process's HTTP client; may be used by several threads at once.

    Args:
        wait: waits so many seconds between two tries of one GET.
        now: the present instant, aware; only for a Retry-After that names a date in an answer that has none.
        resolve: the addresses of a host and port.
        queues: who may ask which host when; None for one request at a time.
    """

    def __init__(
        self,
        *,
        wait: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        resolve: Resolve = resolve,
        queues: HostQueues | None = None,
    ) -> None:
        self._wait = wait
        self._now = now
        self._resolve = resolve
        self._lock = threading.Lock()
        self._clients: dict[bool, httpx.Client] = {}
        self._queues = queues or HostQueues()

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    def get(
        self,
        url: str,
        *,
        accept: str = JSON,
        allow_private: bool = False,
        timeout: timedelta = TIMEOUT,
        max_bytes: int = MAX_BODY,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """GET a URL: any status is an answer; NoResponseError where there is none within the time and size.

        headers: further ones; they go to no other origin than the URL's.

        Up to 3 redirects are followed, each to a checked address, none from https to http. What is likely to pass
        (no connection, a reset, 502, 503, 504) is tried up to 3 times in 10 seconds. timeout is for all of it.
        """
        wanted = _Wanted(url=url, accept=accept, further=headers or {}, max_bytes=max_bytes)
        client = self._client(allow_private=allow_private)
        seconds = timeout.total_seconds()
        with within(seconds):
            response: Response = self._retrying(seconds)(self._follow, client, wanted)
        return response

    def send(
        self,
        url: str,
        *,
        authorization: str,
        body: bytes | None = None,
        allow_private: bool = False,
        timeout: timedelta = TIMEOUT,
    ) -> Response:
        """One request as a user of the site: a POST where there is a body (JSON), else a GET. Any status is an answer.

        No redirect is followed, so that nobody else gets to see the password, and nothing is tried twice.
        NoResponseError where there is no answer within the time.
        """
        wanted = _Wanted(url=url, accept=JSON, max_bytes=MAX_BODY, authorization=authorization, body=body)
        with within(timeout.total_seconds()):
            return self._exchange(self._client(allow_private=allow_private), wanted)

    def _client(self, *, allow_private: bool) -> httpx.Client:
        with self._lock:
            if allow_private not in self._clients:
                backend = GuardedBackend(allow_private=allow_private, resolve=self._resolve)
                self._clients[allow_private] = _new_client(backend)
            return self._clients[allow_private]

    def _retrying(self, seconds: float) -> Retrying:
        return Retrying(
            sleep=self._wait,
            wait=_pause,
            stop=stop_after_attempt(_TRIES) | stop_before_delay(min(_TRYING, seconds)),
            retry=retry_if_exception_type(PassingError) | retry_if_result(_is_passing),
            retry_error_callback=_last_result,
        )

    def _follow(self, client: httpx.Client, wanted: "_Wanted") -> Response:
        """One try: a request, and those that its redirects lead to."""
        asked = wanted.url
        for _ in range(_REDIRECTS + 1):
            response = self._exchange(client, wanted)
            location = response.headers.get("location", "") if response.status in _REDIRECT_CODES else ""
            if not location:
                return replace(response, asked=asked)
            wanted = wanted.led_to(redirect_target(response.url, location))
        raise NoResponseError(f"{display(wanted.url)} redirects more than {_REDIRECTS} times")

    def _exchange(self, client: httpx.Client, wanted: "_Wanted") -> Response:
        """One request and its answer, one at a time for a host; what httpx raises becomes a NoResponseError."""
        host = urlsplit(wanted.url).netloc.rpartition("@")[2].lower()
        try:
            with self._queues.taken(host):
                return self._exchange_now(client, wanted, host=host)
        except BusyError as error:
            raise LateError(f"{display(wanted.url)} was not asked: {error}") from error

    def _exchange_now(self, client: httpx.Client, wanted: "_Wanted", *, host: str) -> Response:
        try:
            with client.stream(
                wanted.method, wanted.url, headers=wanted.headers, content=wanted.body, timeout=_phases()
            ) as answer:
                return self._read(answer, max_bytes=wanted.max_bytes)
        except BodyTooBigError as error:
            raise TooBigError(f"the answer of {wanted.shown} can't be read: {error}") from error
        except BodyError as error:
            raise NoResponseError(f"the answer of {wanted.shown} can't be read: {error}") from error
        except AddressRefusedError as error:
            raise UnaskedError(f"{wanted.shown} was not asked: {error}") from error
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise UnreachableError(f"{wanted.shown} can't be reached ({_cause(error)})") from error
        except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError) as error:
            raise PassingError(f"{wanted.shown} gave no complete HTTP answer") from error
        except httpx.TimeoutException as error:
            self._queues.fell_silent(host)
            raise LateError(f"{wanted.shown} did not answer in time") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise UnaskedError(f"{wanted.shown} can't be asked ({_cause(error)})") from error

    def _read(self, answer: httpx.Response, *, max_bytes: int) -> Response:
        headers = dict(answer.headers.items())  # by themselves, each name would be searched for among all
        redirected = answer.status_code in _REDIRECT_CODES and "location" in headers
        body = b""
        if not redirected:
            encoding = headers.get("content-encoding", "")
            body = read_body(answer.iter_raw(), encoding=encoding, max_bytes=max_bytes)
        return Response(
            url=str(answer.url),
            status=answer.status_code,
            headers=headers,
            body=body,
            retry_after=seconds_asked(headers.get("retry-after", ""), date=headers.get("date", ""), now=self._now()),
        )


class _Wanted(Struct, frozen=True, kw_only=True):
    url: str
    accept: str
    max_bytes: int
    further: Mapping[str, str] = field(default_factory=dict)
    authorization: str = ""
    body: bytes | None = None

    def __repr__(self) -> str:
        return f"_Wanted({self.url!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("url", self.url)]

    @property
    def shown(self) -> str:
        return display(self.url)

    @property
    def method(self) -> str:
        return "GET" if self.body is None else "POST"

    @property
    def headers(self) -> dict[str, str]:
        said = {"Accept": self.accept, "Authorization": self.authorization, **self.further}
        if self.body is not None:
            said["Content-Type"] = JSON
        return {name: value for name, value in said.items() if value}

    def led_to(self, url: str) -> "_Wanted":
        """The same at another address: what is meant for one origin alone stays there."""
        if httpx.URL(url).netloc == httpx.URL(self.url).netloc and urlsplit(url).scheme == urlsplit(self.url).scheme:
            return replace(self, url=url)
        return replace(self, url=url, authorization="", further={})


def display(url: str) -> str:
    """A URL for a message: without credentials and query, but for the route of a `?rest_route=` address."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        route = parse_qs(parts.query).get("rest_route", [""])[0]
    except ValueError:
        return "the address"
    shown = f"{parts.scheme}://{host}{parts.path}" + (f"?rest_route={route}" if route else "")
    return "".join(character for character in shown if character.isprintable())[:300]


def redirect_target(url: str, location: str) -> str:
    """Where a redirect leads; NoResponseError where one mustn't follow."""
    try:
        target = httpx.URL(url).join(location).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError) as error:
        raise NoResponseError(f"{display(url)} redirects to something that is no address") from error
    if target.scheme not in ("http", "https") or not target.host:
        raise NoResponseError(f"{display(url)} redirects to something that is no web address")
    if urlsplit(url).scheme == "https" and target.scheme == "http":
        raise NoResponseError(f"{display(url)} redirects from https to http, which is not followed")
    return str(target)


_ERRNO = re.compile(r"^\[Errno -?\d+\] ")
_REDIRECT_CODES = frozenset({301, 302, 303, 307, 308})


def _phases() -> httpx.Timeout:
    return httpx.Timeout(connect=left(_CONNECT), read=left(_READ), write=left(_WRITE), pool=left(_CONNECT))


class _NoCookies(CookieJar):
    """Takes no cookie, without a look at what an answer says."""

    def extract_cookies(self, response: Any, request: Any) -> None:
        """Keep none."""


def _is_passing(response: Response) -> bool:
    """Whether a server says that it is out of sorts for a moment, and not for longer."""
    return response.status in (502, 503, 504) and (response.retry_after or 0.0) <= _LONGEST_RETRY_AFTER_SECONDS


def _pause(state: RetryCallState) -> float:
    outcome = state.outcome
    asked = 0.0
    if outcome is not None and not outcome.failed:
        asked = outcome.result().retry_after or 0.0
    return max(asked, _BACKOFF(state))


def _last_result(state: RetryCallState) -> Any:
    """What the last try came to: its answer, or its error raised."""
    return state.outcome.result() if state.outcome is not None else None


def _cause(error: Exception) -> str:
    """What a library said, on one line, without the number that the system gives it."""
    said = _ERRNO.sub("", " ".join(str(error).split()))
    return said[:200] or type(error).__name__


def _new_client(backend: GuardedBackend) -> httpx.Client:
    return httpx.Client(
        transport=guarded_transport(backend, limits=_LIMITS),
        trust_env=False,
        follow_redirects=False,
        headers={"User-Agent": USER_AGENT, "Accept-Encoding": GZIP, "Cache-Control": "no-cache"},
        cookies=_NoCookies(),
    )
