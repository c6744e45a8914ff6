"""One site's view of the HTTP client: the same questions, its limits, and its name in every error."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import Enum
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from bot.errors import SiteUnavailableError
from bot.wordpress.http import (
    JSON,
    MAX_BODY,
    TIMEOUT,
    USER_AGENT,
    Http,
    NoResponseError,
    Response,
    TooBigError,
    display,
)
from bot.wordpress.login import Login, objection
from bot.wordpress.payload import UnreadableError, complaint, error_code, is_page, stated_status

T = TypeVar("T")
_NO_ROUTE = "rest_no_route"
_BAD_PARAMETER = "rest_invalid_param"
# What firewalls, hosts and security plugins answer to an address that is too long or too odd for them.
_TOO_LONG = frozenset({400, 403, 404, 405, 406, 410, 413, 414, 431, 444, 494, 501})
# Some of them answer with a page and 200, or lead to the front page. In characters, of path and query: the least that
# any of them takes amiss.
_LONG_ADDRESS = 250
# What a security plugin says of an address in WordPress's own way, and WordPress itself of nothing that is asked here.
_LONG_ALONE = frozenset({400, 406, 413, 414, 431})
# What PHP answers to a post that can't be rendered. 502, 504 and 508 may say so, too, but as well that PHP is started
# anew or that the whole site is busy: what is tried again later is whole then.
_FAILED = 500
_CLOSED = frozenset({401, 403, 404, 405, 406, 410, 451})
_NOT_PUBLIC = "rest_post_invalid_id"
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Refusal(Enum):
    """What is wrong with a question that is definitely refused, and may be answered in another form.

    NONE: another form won't help. LONG: a shorter address may do. BAD_VALUE: WordPress takes a parameter's value for
    none. HEAVY: it may do with less to be rendered. CLOSED: WordPress itself has closed this route, and may show the
    same by another.
    """

    NONE = "none"
    LONG = "long"
    BAD_VALUE = "bad value"
    HEAVY = "heavy"
    CLOSED = "closed"


class RefusedFormError(SiteUnavailableError):
    """A site refused a question in this form; refusal says what may do. Only the adapter sees it.

    closed: whether what is refused may be the REST API itself, so that the site's feed is what is left.
    """

    def __init__(
        self, message: str, *, refusal: Refusal, closed: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(message, retry_after=retry_after)
        self.refusal = refusal
        self.closed = closed


class RootMovedError(RefusedFormError):
    """There is no WordPress REST root where it was remembered: look for it again. Only the adapter sees it."""


class Client(Struct, frozen=True, kw_only=True):
    """Asks one site; everything that goes wrong is an error of the Site port.

    site: its name in the config. home: its address, as a reader knows it. http: the process's; who made it closes it.
    allow_private: whether private and loopback addresses may be connected to. timeout: of one request, its redirects
    and retries included. contact: where whoever runs the site finds out who asks. login: a user of the site, who reads
    raw texts and writes, and is asked as otherwise only where nobody else is answered; None for none.
    """

    site: str
    http: Http
    home: str
    allow_private: bool = False
    timeout: timedelta = TIMEOUT
    contact: str = ""
    login: Login | None = None

    def get(
        self, url: str, *, accept: str = JSON, max_bytes: int = MAX_BODY, headers: Mapping[str, str] = NO_HEADERS
    ) -> Response:
        """GET a URL: any status is an answer; SiteUnavailableError where there is none. headers: further ones.

        An error of the REST API that comes with 200 has the status that it says itself. What the REST API refuses to
        everybody is asked for as the site's user, where there is one.
        """
        answer = self._get(url, accept=accept, max_bytes=max_bytes, headers=headers)
        if accept == JSON and is_success(answer) and (status := stated_status(answer.body)):
            answer = replace(answer, status=status)
        if self.login is None or accept != JSON or answer.status not in (401, 403):
            return answer
        return self.get_as_user(url) or answer

    def get_as_user(self, url: str) -> Response | None:
        """GET a URL as the site's user; None where there is none, or where the password isn't for that address."""
        return None if self.login is None or self.objection(url) else self.send(url, self.login)

    def send(self, url: str, login: Login, *, body: bytes | None = None) -> Response:
        """GET a URL as a user, or POST it with this body, once: any status is an answer; SiteUnavailableError."""
        try:
            return self.http.send(
                url,
                authorization=login.authorization,
                body=body,
                allow_private=self.allow_private,
                timeout=self.timeout,
            )
        except NoResponseError as error:
            raise SiteUnavailableError(f"site {self.site}: {error}") from error

    def objection(self, root: str) -> str:
        """Why a password isn't sent to this REST root, as a clause; '' where it may be."""
        return objection(root, home=self.home, allow_private=self.allow_private)

    @property
    def introduction(self) -> Mapping[str, str]:
        """The header that says who asks, and where that is to be found."""
        return {"User-Agent": f"{USER_AGENT} (+{self.contact})"} if self.contact else NO_HEADERS

    def _get(self, url: str, *, accept: str, max_bytes: int, headers: Mapping[str, str]) -> Response:
        try:
            return self.http.get(
                url,
                accept=accept,
                allow_private=self.allow_private,
                timeout=self.timeout,
                max_bytes=max_bytes,
                headers={**self.introduction, **headers},
            )
        except TooBigError as error:
            raise RefusedFormError(f"site {self.site}: {error}", refusal=Refusal.HEAVY) from error
        except NoResponseError as error:
            raise SiteUnavailableError(f"site {self.site}: {error}") from error

    def ask(
        self, url: str, read: Callable[[bytes], T], *, headers: Mapping[str, str] = NO_HEADERS
    ) -> tuple[Response, T]:
        """GET JSON from a URL: the answer and what is read from its body. headers: further ones.

        SiteUnavailableError for any status but a 2xx and for a body that can't be read, RootMovedError where there
        is no such route.
        """
        response = self.get(url, headers=headers)
        return response, self.understood(response, read)

    def understood(self, response: Response, read: Callable[[bytes], T]) -> T:
        """What is read from an answer's body; the same errors as ask()."""
        if not is_success(response):
            raise self.refusal(response)
        try:
            return read(response.body)
        except UnreadableError as error:
            said = f"site {self.site}: {display(response.url)} {error}"
            kind = Refusal.LONG if is_page(response.body) and _is_long(response.asked) else Refusal.NONE
            raise RefusedFormError(said, refusal=kind, closed=True) from error

    def refusal(self, response: Response) -> SiteUnavailableError:
        """The error that an answer other than a 2xx is."""
        said, code = complaint(response.body), error_code(response.body)
        clause = f"answered {response.status}" + (f" ({said})" if said else "")
        kind = refusal_of(response.status, code)
        if response.status == 404 and code in ("", _NO_ROUTE):
            said = f"site {self.site}: {display(response.url)} {clause}: no REST API is there"
            return RootMovedError(said, refusal=kind, closed=True)
        return RefusedFormError(
            f"site {self.site}: {display(response.url)} {clause}",
            refusal=kind,
            closed=response.status in _CLOSED,
            retry_after=response.retry_after,
        )

    def failed(self, response: Response, clause: str) -> SiteUnavailableError:
        """The error that says what an address did."""
        return SiteUnavailableError(
            f"site {self.site}: {display(response.url)} {clause}", retry_after=response.retry_after
        )


def refusal_of(status: int, code: str) -> Refusal:
    """What kind of refusal an answer is. code: WordPress's own, '' where somebody before it answered."""
    if status == _FAILED:
        return Refusal.HEAVY
    if not code:
        return Refusal.LONG if status in _TOO_LONG else Refusal.NONE
    if code == _BAD_PARAMETER:
        return Refusal.BAD_VALUE
    if status in _LONG_ALONE:
        return Refusal.LONG
    return Refusal.CLOSED if status in _CLOSED and code not in (_NO_ROUTE, _NOT_PUBLIC) else Refusal.NONE


def _is_long(address: str) -> bool:
    parts = urlsplit(address)
    return len(parts.path) + len(parts.query) > _LONG_ADDRESS


def is_success(response: Response) -> bool:
    """Whether an answer has a status that says so; its body may say otherwise."""
    return 200 <= response.status < 300
