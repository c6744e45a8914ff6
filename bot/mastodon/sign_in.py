"""Signing in: OAuth with an app of our own, from its registration to the token.

The paths are those that every server has. Of the metadata that newer ones publish, only what it says of scopes and of
PKCE is used: no document can lead a code or a secret to another host.
"""

import base64
import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit

import requests

from bot.domain.answers import Refused
from bot.errors import RefusedError
from bot.mastodon.client import Session, Transport
from bot.mastodon.interpret import Interpreter
from bot.mastodon.results import NEVER_ASKED, Response, Result
from bot.mastodon.values import at, text_of
from bot.ports import always

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
APP_NAME = "howdah"

# The least that does the job: `profile` is whose token it is, and no more; Mastodon has it since 4.3. To look up the
# accounts that a status may mention takes read:accounts.
_PROFILE = "profile read:statuses write:media write:statuses"
_ACCOUNTS = "read:accounts read:statuses write:media write:statuses"
_COARSE = "read write"
# These take any scopes for an app, and refuse the fine ones on the page that asks the person.
_COARSE_SOFTWARE = frozenset({"pixelfed"})
_LONGEST_TOKEN = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """What an instance knows us as. has_pkce: whether it checks a proof that who asked is who trades the code in."""

    client_id: str
    client_secret: str = field(repr=False)
    scopes: str
    redirect_uri: str
    has_pkce: bool


def scopes_to_try(*, software: str, supported: Sequence[str], mentions: bool) -> tuple[str, ...]:
    """The scopes to register an app with, the least first; the next are for an instance that refuses those before.

    supported: what its metadata lists, empty where it has none. mentions: whether other accounts are to be looked up.
    """
    if software in _COARSE_SOFTWARE:
        return (_COARSE,)
    knows_profile = "profile" in supported and not mentions
    return (_PROFILE, _ACCOUNTS, _COARSE) if knows_profile else (_ACCOUNTS, _COARSE)


class SignIn:
    """One sign-in at an instance.

    Nothing follows a redirect, and nothing goes to another host. Raises AccountUnavailableError where the instance
    can't be asked now, AccountBarredError where it redirects or refuses, RefusedError where it takes no app or no code.
    """

    def __init__(self, instance: str, *, timeout: timedelta, allow_private: bool = False) -> None:
        self._instance = instance.rstrip("/")
        self._host = urlsplit(instance).netloc.rpartition("@")[2]
        self._interpreter = Interpreter(host=self._host)
        self._transport = Transport(timeout=timeout, allow_private=allow_private)
        self._session = Session(self._transport)

    def close(self) -> None:
        """Close every connection."""
        self._session.close()

    def register(self, redirect_uri: str, *, software: str = "", scopes: str = "", mentions: bool = False) -> App:
        """Make an app, with the least scopes that the instance takes, or with exactly these.

        RefusedError where it takes none of them.
        """
        metadata = self._metadata()
        supported = [text_of(scope) for scope in _list(at(metadata, "scopes_supported"))]
        choices = (scopes,) if scopes else scopes_to_try(software=software, supported=supported, mentions=mentions)
        has_pkce = "S256" in _list(at(metadata, "code_challenge_methods_supported"))
        no: Refused | None = None
        for choice in choices:
            result = self._post("/api/v1/apps", _registration(redirect_uri, choice))
            client_id, secret = (text_of(at(_json(result), name)) for name in ("client_id", "client_secret"))
            if client_id and secret:
                return App(
                    client_id=client_id,
                    client_secret=secret,
                    scopes=choice,
                    redirect_uri=redirect_uri,
                    has_pkce=has_pkce,
                )
            no = self._refusal(result)
        why = no.message.rstrip(".") if no else self._host
        raise RefusedError(f"{why}: it takes no app, so that nobody can sign in this way")

    def address(self, app: App, *, state: str, verifier: str) -> str:
        """The page on which the person agrees. verifier: 43 characters or more, kept until the code is traded in."""
        asked = {
            "response_type": "code",
            "client_id": app.client_id,
            "redirect_uri": app.redirect_uri,
            "scope": app.scopes,
            "state": state,
        }
        if app.has_pkce:
            asked |= {"code_challenge": challenge(verifier), "code_challenge_method": "S256"}
        return f"{self._instance}/oauth/authorize?{urlencode(asked)}"

    def trade(self, app: App, code: str, *, verifier: str) -> str:
        """The token for a code; exactly one request, since a code works once. RefusedError where it doesn't."""
        grant = {
            "grant_type": "authorization_code",
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "redirect_uri": app.redirect_uri,
            "scope": app.scopes,
            "code": code,
        }
        result = self._post("/oauth/token", grant | ({"code_verifier": verifier} if app.has_pkce else {}))
        token = text_of(at(_json(result), "access_token"))
        if token and len(token) <= _LONGEST_TOKEN:
            return token
        # 401 is what some say of a code that isn't theirs.
        if isinstance(result, Response) and result.status == 401:
            raise RefusedError(f"the code doesn't work ({self._interpreter.failure(result, now=_now()).message})")
        raise RefusedError(f"the code doesn't work, or doesn't any more ({self._refusal(result).message})")

    def _metadata(self) -> object:
        """What the instance says of its OAuth; None where it says nothing, as all but newer Mastodons."""
        result = self._ask(
            lambda: self._session.get(f"{self._instance}/.well-known/oauth-authorization-server"),
        )
        return _json(result)

    def _post(self, path: str, form: dict[str, str]) -> Result:
        return self._ask(lambda: self._session.post(self._instance + path, data=form))

    def _refusal(self, result: Result) -> Refused:
        """The instance's no; raises where it is none that another request would change."""
        failure = self._interpreter.failure(result, now=_now())
        if isinstance(failure, Refused):
            return failure
        raise self._interpreter.error(result, now=_now())

    def _ask(self, request: Callable[[], object]) -> Result:
        self._transport.prepare(always)
        with suppress(requests.RequestException):
            request()
        return self._transport.result or NEVER_ASKED


def challenge(verifier: str) -> str:
    """The S256 challenge of PKCE (RFC 7636)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _registration(redirect_uri: str, scopes: str) -> dict[str, str]:
    return {"client_name": APP_NAME, "redirect_uris": redirect_uri, "scopes": scopes}


def _json(result: Result) -> object:
    return result.json() if isinstance(result, Response) and result.ok else None


def _list(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else ()


def _now() -> datetime:
    return datetime.now(UTC)
