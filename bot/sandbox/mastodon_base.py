"""What every part of the sandbox's Mastodon stands on: its state, who is asking, what is left of the limits."""

import secrets
from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal, TypedDict

from bot.sandbox.mastodon_entities import Account, App, Entities, Media, Status, Token
from bot.sandbox.mastodon_limits import Left, Limit, Windows, too_many
from bot.sandbox.messages import Answer, Recorded, Request, json_answer
from bot.sandbox.server import Now, SandboxServer, utc_now

Idempotency = Literal["1h", "1h-unlocked", "none", "replay-500", "replay-400", "replay-cached"]
SCOPES = ("read", "write", "follow", "push", "profile")
OOB = "urn:ietf:wg:oauth:2.0:oob"
_PARTS = (
    *("accounts", "blocks", "bookmarks", "conversations", "favourites", "filters", "follows", "lists", "media"),
    *("mutes", "notifications", "reports", "search", "statuses"),
)


class Options(TypedDict, total=False):
    """The arguments of a SandboxMastodon, which explains them; the defaults are MastodonBase's."""

    max_characters: int
    max_media_attachments: int
    version: str
    software: str
    idempotency: Idempotency
    statuses_limit: int | None
    media_limit: int | None
    deletes_limit: int | None
    requests_limit: int | None
    media_processing_polls: int
    linked: Literal["known", "all"]
    drops: Iterable[str]
    forbidden_hashtags: Iterable[str]
    moves_edited: bool
    now: Now
    on_request: Callable[[Recorded], None] | None
    port: int


class RefusedError(Exception):
    """A request is refused with this answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def refuse(status: int, error: str, **more: Any) -> RefusedError:
    """A refusal in Mastodon's shape."""
    return RefusedError(json_answer({"error": error, **more}, status=status))


class MastodonBase(SandboxServer):
    """The state of an instance; see SandboxMastodon for the arguments."""

    def __init__(
        self,
        *,
        max_characters: int = 500,
        max_media_attachments: int = 4,
        version: str = "4.5.0",
        software: str = "mastodon",
        idempotency: Idempotency = "1h",
        statuses_limit: int | None = 300,
        media_limit: int | None = 30,
        deletes_limit: int | None = 30,
        requests_limit: int | None = 300,
        media_processing_polls: int = 0,
        linked: Literal["known", "all"] = "known",
        drops: Iterable[str] = (),
        forbidden_hashtags: Iterable[str] = (),
        moves_edited: bool = False,
        now: Now = utc_now,
        on_request: Callable[[Recorded], None] | None = None,
        port: int = 0,
    ) -> None:
        super().__init__(now=now, on_request=on_request, port=port)
        self.max_characters = max_characters
        self.max_media_attachments = max_media_attachments
        self.version = version
        self.software = software
        self.idempotency = idempotency
        self.media_processing_polls = media_processing_polls
        self.linked = linked
        self.drops = tuple(drops)
        self.forbidden_hashtags = frozenset(forbidden_hashtags)
        self.moves_edited = moves_edited
        self.statuses: list[Status] = []
        self.deleted: list[Status] = []
        self.media: list[Media] = []
        self.accounts: dict[str, Account] = {}
        self.apps: list[App] = []
        self.tokens: dict[str, Token] = {}
        self._limits = {
            "statuses": Limit(name="statuses", limit=statuses_limit, period=timedelta(hours=3)),
            "media": Limit(name="media", limit=media_limit, period=timedelta(minutes=30)),
            "deletes": Limit(name="deletes", limit=deletes_limit, period=timedelta(minutes=30)),
            "requests": Limit(name="requests", limit=requests_limit, period=timedelta(minutes=5)),
        }
        self._windows = Windows()
        self._last_id = 0

    # --- what tests and the demo do

    def add_account(
        self,
        username: str,
        *,
        display_name: str = "",
        scopes: Iterable[str] = ("read", "write", "profile"),
        token: str = "",
        application: str = "Sandbox",
    ) -> str:
        """Add an account, unless it is there, and return a token of it with these scopes."""
        with self.lock:
            if username not in self.accounts:
                self.accounts[username] = Account(
                    id=self.next_id(),
                    username=username,
                    display_name=display_name or username,
                    created_at=self.now(),
                )
            app = App(id="1", name=application, scopes=frozenset(SCOPES))
            return self.issue(app, scopes, account=self.accounts[username], value=token)

    def issue(self, app: App, scopes: Iterable[str], *, account: Account | None, value: str = "") -> str:
        """Make a token."""
        token = Token(value=value or secrets.token_urlsafe(32), app=app, scopes=frozenset(scopes), account=account)
        self.tokens[token.value] = token
        return token.value

    def revoke(self, token: str) -> None:
        """From now on the token is refused with 401."""
        with self.lock:
            self.tokens.pop(token, None)

    def disable(self, username: str) -> None:
        """From now on every call with this account's tokens is refused with 403."""
        with self.lock:
            self.accounts[username].disabled = True

    def enable(self, username: str) -> None:
        """The account may log in again."""
        with self.lock:
            self.accounts[username].disabled = False

    # --- what the parts share

    @property
    def entities(self) -> Entities:
        """Makes this instance's entities."""
        return Entities(origin=self.origin, linked=self.linked)

    @property
    def release(self) -> tuple[int, int]:
        """The version's first two numbers."""
        major, minor, *_ = self.version.split(".")
        return int(major), int(minor)

    def next_id(self) -> str:
        """The next id: milliseconds in the upper bits, as a snowflake has them; always above the one before."""
        self._last_id = max(self._last_id + 1, int(self.now().timestamp() * 1000) << 16)
        return str(self._last_id)

    def known_scopes(self) -> frozenset[str]:
        """Every scope that may be asked for; "profile" came with 4.3."""
        granular = {f"{verb}:{part}" for verb in ("read", "write") for part in _PARTS}
        return frozenset({*SCOPES, *granular}) - (frozenset() if self.release >= (4, 3) else {"profile"})

    def answer(self, request: Request) -> Answer:
        """Do what a request asks. A token's calls are counted, and the tightest limit stands in the headers."""
        with self.lock:
            token = self.token_of(request)
            left = self._spend("requests", token.value) if token and request.path.startswith("/api") else None
            if left is not None and left.remaining < 0:
                return too_many(replace(left, remaining=0))
            try:
                answer = super().answer(request)
            except RefusedError as refused:
                answer = refused.answer
            return answer if left is None else _with_tighter(answer, left)

    def token_of(self, request: Request) -> Token | None:
        """The token that a request carries, if it is one of ours."""
        kind, _, value = request.header("authorization").partition(" ")
        return self.tokens.get(value) if kind.lower() == "bearer" else None

    def authorize(self, request: Request, *scopes: str) -> Account:
        """The account that asks; it needs one of the scopes. Refused with 401, 403, or 422 for an app's own token."""
        token = self.authorize_token(request)
        if scopes and not any(token.may(scope) for scope in scopes):
            raise refuse(403, "This action is outside the authorized scopes")
        if token.account is None:
            raise refuse(422, "This method requires an authenticated user")
        return token.account

    def authorize_token(self, request: Request) -> Token:
        """The token that a request carries; 401 without a good one, 403 where the account is frozen."""
        token = self.token_of(request)
        if token is None:
            raise refuse(401, "The access token is invalid")
        if token.account is not None and token.account.disabled:
            raise refuse(403, "Your login is currently disabled")
        return token

    def check(self, limit: str, key: Hashable) -> None:
        """Refuse with 429 where nothing is left; counts nothing."""
        left = self._windows.left(self._limits[limit], key, self.now())
        if left is not None and left.remaining == 0:
            raise RefusedError(too_many(left))

    def spend(self, limit: str, key: Hashable) -> list[tuple[str, str]]:
        """Count one event; the headers that tell what is left."""
        self._windows.count(self._limits[limit], key, self.now())
        left = self._windows.left(self._limits[limit], key, self.now())
        return left.headers() if left else []

    def _spend(self, limit: str, key: Hashable) -> Left | None:
        """Count one event; what is left after it, below 0 where it was one too many."""
        before = self._windows.left(self._limits[limit], key, self.now())
        if before is None:
            return None
        self._windows.count(self._limits[limit], key, self.now())
        return Left(limit=before.limit, remaining=before.remaining - 1, reset_at=before.reset_at)


def instant_or_none(text: str) -> datetime | None:
    """An ISO 8601 instant; None where it makes no sense."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _with_tighter(answer: Answer, left: Left) -> Answer:
    """An answer with what is left of the requests, unless its own limit is as tight."""
    own = answer.header("X-RateLimit-Remaining")
    if own and int(own) <= left.remaining:
        return answer
    others = (pair for pair in answer.headers if not pair[0].startswith("X-RateLimit-"))
    return Answer(status=answer.status, body=answer.body, headers=(*others, *left.headers()))
