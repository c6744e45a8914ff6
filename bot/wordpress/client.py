"""One site's view of the HTTP client: the same questions, its limits, and its name in every error."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from bot.errors import SiteUnavailableError
from bot.wordpress.http import JSON, MAX_BODY, Http, NoResponseError, Response, display
from bot.wordpress.payload import UnreadableError, complaint, error_code

T = TypeVar("T")
_NO_ROUTE = "rest_no_route"


class RootMovedError(SiteUnavailableError):
    """There is no WordPress REST root where it was remembered: look for it again. Only the adapter sees it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Asks one site; everything that goes wrong is an error of the Site port."""

    site: str
    http: Http
    allow_private: bool
    timeout: timedelta

    def get(self, url: str, *, accept: str = JSON, max_bytes: int = MAX_BODY) -> Response:
        """GET a URL: any status is an answer; SiteUnavailableError where there is none."""
        try:
            return self.http.get(
                url,
                accept=accept,
                allow_private=self.allow_private,
                timeout=self.timeout,
                max_bytes=max_bytes,
            )
        except NoResponseError as error:
            raise SiteUnavailableError(f"site {self.site}: {error}") from error

    def ask(self, url: str, read: Callable[[bytes], T]) -> tuple[Response, T]:
        """GET JSON from a URL: the answer and what is read from its body.

        SiteUnavailableError for any status but a 2xx and for a body that can't be read, RootMovedError where there
        is no such route.
        """
        response = self.get(url)
        return response, self.understood(response, read)

    def understood(self, response: Response, read: Callable[[bytes], T]) -> T:
        """What is read from an answer's body; the same errors as ask()."""
        if not is_success(response):
            raise self.refusal(response)
        try:
            return read(response.body)
        except UnreadableError as error:
            raise self.failed(response, str(error)) from error

    def refusal(self, response: Response) -> SiteUnavailableError:
        """The error that an answer other than a 2xx is."""
        said = complaint(response.body)
        clause = f"answered {response.status}" + (f" ({said})" if said else "")
        if response.status == 404 and error_code(response.body) in ("", _NO_ROUTE):
            return RootMovedError(f"site {self.site}: {display(response.url)} {clause}: no REST API is there")
        return self.failed(response, clause)

    def failed(self, response: Response, clause: str) -> SiteUnavailableError:
        """The error that says what an address did."""
        return SiteUnavailableError(
            f"site {self.site}: {display(response.url)} {clause}", retry_after=response.retry_after
        )


def is_success(response: Response) -> bool:
    """Whether an answer has a status that says so; its body may say otherwise."""
    return 200 <= response.status < 300
