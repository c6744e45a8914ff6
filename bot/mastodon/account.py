"""An account on an instance that speaks the Mastodon client API.

Mastodon.py makes the requests; what came of them is read from the session's record rather than from what it returns
or raises, since it turns ids into numbers, passes over dates that it can't read, and tells "never sent" from "perhaps
done" nowhere.
"""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from msgspec.structs import replace

from bot.domain.answers import Answer, DeleteReply, UploadAnswer
from bot.domain.models import Anchor, Limits, Listing, MediaFile, MediaState, OwnStatus, Profile, Status, StatusPage
from bot.domain.text import storable
from bot.domain.transitions.pauses import TOKENLESS
from bot.errors import ConfigError
from bot.mastodon.instance import is_usable, limits_of, nodeinfo_address
from bot.mastodon.interpret import Interpreter, rate
from bot.mastodon.results import NoResponse, Response, Result
from bot.mastodon.statuses import PAGE_SIZE, list_since, newest, own_status, read_page
from bot.mastodon.values import at, id_of
from bot.net.times import stated_at
from bot.ports import MaySend, always

if TYPE_CHECKING:
    from bot.mastodon.client import Client

# An id that no account has, so that nobody may be notified. Where there is none at all, anybody may.
_NOBODY = "0"
# Whoever is mentioned has to be looked up before the publish: no more than are done in no time.
_MOST_MENTIONS = 10
# What an instance answers about a document that it has, or surely hasn't.
_DEFINITE = frozenset({*range(200, 300), *range(400, 500)} - {401, 403, 408, 429})


ReadToken = Callable[[], str | None]


def _machine_now() -> datetime:
    return datetime.now(UTC)


class MastodonAccount:
    """An Account over Mastodon.py.

    Args:
        name: the account's name in the config.
        instance: the instance's address, scheme and host.
        read_token: an access token of the account, asked for before each request, so that a new one counts at once;
            None where there is none, and the instance refuses everything but limits(). What it raises as ConfigError
            is said in the answer: nothing was asked.
        timeout: how long one request may take, from looking for a connection to the answer's last byte.
        allow_private: whether the instance may be on a loopback or private address.
        now: the clock by which waits and resets are told; the machine's where nobody says otherwise.
    """

    def __init__(
        self,
        name: str,
        instance: str,
        *,
        read_token: ReadToken,
        timeout: timedelta,
        allow_private: bool = False,
        now: Callable[[], datetime] = _machine_now,
    ) -> None:
        self._name = name
        self._timeout = timeout
        self._allow_private = allow_private
        self._now = now
        self._instance = instance.rstrip("/")
        self._read_token = read_token
        self._token: str | None = None
        self._interpreter = Interpreter(host=urlsplit(instance).netloc.rpartition("@")[2])
        self._opened: Client | None = None
        self._profile: Profile | None = None
        self._ids: dict[str, str] = {}
        self._opening = threading.Lock()
        self._one_at_a_time = threading.Lock()

    def __repr__(self) -> str:
        return f"MastodonAccount({self._name!r}, {self._instance!r})"

    def close(self) -> None:
        """Close every connection. Nothing may be called after."""
        if self._opened is not None:
            self._opened.close()

    @property
    def name(self) -> str:
        """The account's name in the config."""
        return self._name

    def limits(self) -> Limits:
        """What the instance allows: v2, then v1, and its software by nodeinfo. Needs no token."""
        documents = [self._document("/api/v2/instance")]
        if not is_usable(documents[0]):
            documents.append(self._document("/api/v1/instance"))
        return limits_of(documents, nodeinfo=self._nodeinfo())

    def verify(self) -> Profile:
        """Whose token this is."""
        result = self._look(self._client.api.account_verify_credentials)
        self._profile = self._interpreter.profile(result, now=self._now())
        return self._profile

    def scopes(self) -> frozenset[str]:
        """What the token's app may do, also where it comes in one text; empty where the instance doesn't tell."""
        found = at(_json(self._read("/api/v1/apps/verify_credentials", self._authorization)), "scopes")
        told = found if isinstance(found, list) else [found]
        return frozenset(" ".join(scope for scope in told if isinstance(scope, str)).split())

    def server_time(self) -> datetime | None:
        """What the instance's clock said with its last answer."""
        result = self._client.last
        if not isinstance(result, Response):
            return None
        return stated_at({name.lower(): value for name, value in result.headers.items()})

    def upload(self, file: MediaFile, *, description: str, focus: tuple[float, float] | None = None) -> UploadAnswer:
        """Upload a file with its alternative text and the point that matters in it; exactly one request."""
        result = self._ask(
            lambda: self._client.api.media_post(
                file.data,
                mime_type=file.mime_type,
                description=storable(description) or None,
                focus=focus,
                file_name=f"image.{file.mime_type.rpartition('/')[2]}",
            )
        )
        now = self._now()
        return UploadAnswer(reply=self._interpreter.upload_reply(result, now=now), rate=rate(result, now=now))

    def media_state(self, media_id: str) -> MediaState:
        """What became of an uploaded file."""
        result = self._look(lambda: self._client.api.media(media_id))
        return self._interpreter.media_state(result, now=self._now())

    def publish(self, status: Status, *, media_ids: Sequence[str], key: str, may_send: MaySend = always) -> Answer:
        """Publish a status under an Idempotency-Key; exactly one request that publishes, never repeated here.

        Mastodon is told whom the status may notify, and refuses it where the text would notify anybody else.
        """
        with self._client.session.adding({**self._safeguard(status.mentions), **_typed(status)}):
            result = self._ask(
                lambda: self._client.api.status_post(
                    storable(status.text),
                    media_ids=list(media_ids) or None,
                    sensitive=status.sensitive,
                    visibility=status.visibility or None,
                    spoiler_text=storable(status.spoiler_text) or None,
                    language=status.language or None,
                    idempotency_key=key,
                ),
                may_send=may_send,
            )
        return self._answer(result)

    def look_up(self, handles: Sequence[str]) -> None:
        """Learn whom these handles name, as far as the instance tells within the time of one request."""
        begun = time.monotonic()
        for handle in handles[:_MOST_MENTIONS]:
            if time.monotonic() - begun < self._timeout.total_seconds():
                self._is_known(handle)

    def edit(self, status_id: str, status: Status, *, media_ids: Sequence[str]) -> Answer:
        """Replace a status; exactly one request.

        Not by Mastodon.py's own call: it knows no language, and can't say that there are no files. As JSON, like the
        servers' own web pages send it: some (Takahē) read no form in a PUT.
        """
        body: dict[str, object] = {
            "status": storable(status.text),
            "spoiler_text": storable(status.spoiler_text),
            "sensitive": status.sensitive,
            "media_ids": list(media_ids),
        }
        if status.language:
            body["language"] = status.language
        if status.content_type:
            body["content_type"] = status.content_type
        result = self._ask(
            lambda: self._client.session.put(self._status_address(status_id), json=body, headers=self._authorization())
        )
        return self._answer(result)

    def delete(self, status_id: str) -> DeleteReply:
        """Delete a status with its files, which Mastodon keeps for a while otherwise; exactly one request."""
        address = f"{self._status_address(status_id)}?delete_media=true"
        result = self._ask(lambda: self._client.session.delete(address, headers=self._authorization()))
        return self._interpreter.delete_reply(result, now=self._now())

    def boost(self, status_id: str) -> Answer:
        """Boost a status; exactly one request."""
        return self._answer(self._ask(lambda: self._client.api.status_reblog(status_id)))

    def boosted(self, status_id: str) -> bool | None:
        """Whether the account has boosted a status; None where there is no such status."""
        result = self._look(lambda: self._client.api.status(status_id))
        return self._interpreter.boosted(result, now=self._now())

    def status(self, status_id: str) -> OwnStatus | None:
        """A status as it stands; None where there is none by this id. Raises AccountError where nobody can tell now."""
        path = self._status_address(status_id).removeprefix(self._instance)
        return own_status(self._document(path))

    def latest(self) -> Anchor | None:
        """The account's newest own status; None where it has none. Pinned ones are listed like any other."""
        return newest(self._page(self._own_id(), None))

    def own_page(self, *, before: str = "") -> StatusPage:
        """A page of the account's own statuses, newest first."""
        return read_page(self._page(self._own_id(), before or None))

    def statuses_since(self, anchor: Anchor | None) -> Listing:
        """The account's own statuses, newest first, back to the anchor (exclusive); to the first one without anchor."""
        own_id = self._own_id()
        return list_since(anchor, lambda max_id: self._page(own_id, max_id))

    @property
    def _client(self) -> "Client":
        """What talks to the instance, opened when it is used first: where nothing is to be shared nobody is asked."""
        with self._opening:
            if self._opened is None:
                from bot.mastodon.client import Client

                self._opened = Client(self._instance, timeout=self._timeout, allow_private=self._allow_private)
            return self._opened

    def _answer(self, result: Result) -> Answer:
        now = self._now()
        return Answer(reply=self._interpreter.reply(result, now=now), rate=rate(result, now=now))

    def _authorization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    def _status_address(self, status_id: str) -> str:
        return f"{self._instance}/api/v1/statuses/{quote(status_id, safe='')}"

    def _safeguard(self, mentions: Sequence[str]) -> dict[str, Sequence[str]]:
        """The parameter that lets nobody else be notified; left out where not everybody in it is known.

        Its ids have been looked up. Servers other than Mastodon pay it no heed.
        """
        if len(mentions) > _MOST_MENTIONS or not self._ids.keys() >= set(mentions):
            return {}
        return {"allowed_mentions[]": [self._ids[handle] for handle in mentions] or [_NOBODY]}

    def _is_known(self, handle: str) -> bool:
        """Whether it is known whom a handle names; looked up until the instance has told it once."""
        if handle not in self._ids:
            path = f"/api/v1/accounts/lookup?acct={quote(handle, safe='')}"
            found = id_of(at(_json(self._read(path, self._authorization)), "id"))
            self._ids |= {handle: found} if found else {}
        return handle in self._ids

    def _own_id(self) -> str:
        """The account's id, asked for once."""
        return (self._profile or self.verify()).id

    def _page(self, own_id: str, max_id: str | None) -> list[object]:
        result = self._look(
            lambda: self._client.api.account_statuses(own_id, exclude_reblogs=True, max_id=max_id, limit=PAGE_SIZE)
        )
        page = result.json() if isinstance(result, Response) and result.ok else None
        if not isinstance(page, list):
            raise self._interpreter.error(result, now=self._now())
        return page

    def _document(self, path: str) -> object:
        """A document of the instance's; None where it has no such one, be it a 404 or a page for people.

        The token goes along, for instances that show nothing to strangers. Not Mastodon.py's own calls: they ask at
        another path, and one of them calls itself without end where the instance refuses.
        """
        result = self._read(path, self._authorization)
        if isinstance(result, NoResponse) or result.status not in _DEFINITE:
            raise self._interpreter.error(result, now=self._now())
        return result.json() if result.ok else None

    def _nodeinfo(self) -> object:
        """What nodeinfo says; None where it leads nowhere, which is no reason to know nothing else."""
        address = nodeinfo_address(_json(self._read("/.well-known/nodeinfo", dict)), instance=self._instance)
        return _json(self._look(lambda: self._client.session.get(address))) if address else None

    def _read(self, path: str, headers: Callable[[], dict[str, str]]) -> Result:
        return self._look(lambda: self._client.session.get(self._instance + path, headers=headers()))

    def _look(self, request: Callable[[], object]) -> Result:
        """Make a request that only reads; once more where the connection broke, which needn't mean anything."""
        result = self._ask(request)
        return self._ask(request) if result.broken else result

    def _ask(self, request: Callable[[], object], *, may_send: MaySend = always) -> Result:
        """Make one request, by the token as it is now."""
        with self._one_at_a_time:  # looks at a site ask whose token it is, beside the lane that publishes
            try:
                self._take_token()
            except ConfigError as error:
                return NoResponse(sent=False, reason=f"was not asked, {TOKENLESS}: {error}", error=error)
            return self._client.ask(request, may_send=may_send)

    def _take_token(self) -> None:
        """Go by the account's token as it is now. Raises ConfigError where it can't be had, or can't be one."""
        token = self._read_token()
        if token == self._token:
            return
        if token is not None and not _could_be_token(token):
            raise ConfigError(f"the token of account {self._name} has spaces or other characters that no token has")
        # Not as an argument of Mastodon's: it would look for a file of that name.
        self._token = self._client.api.access_token = token
        self._interpreter = replace(self._interpreter, token=token or "")
        self._profile = None


def _json(result: Result) -> object:
    return result.json() if isinstance(result, Response) and result.ok else None


def _typed(status: Status) -> dict[str, Sequence[str]]:
    """The field that says how a text is meant; Mastodon.py refuses it for some servers that know it."""
    return {"content_type": [status.content_type]} if status.content_type else {}


def _could_be_token(token: str) -> bool:
    """Whether a token may stand in a header: what may not would be shown in the message that says so."""
    return bool(token) and token.isascii() and token.isprintable() and " " not in token
