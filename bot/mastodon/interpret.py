"""From what an instance said to the values that the ports know. Pure: the time comes in as an argument.

Only status codes decide: error texts are localised, and here for people; but for the one that says that a token lacks a
scope, which no server translates, and which no code tells from a firewall's page. What may have been done stays
Unanswered: every 5xx (a proxy's, a repeated key's on Mastodon 4.6, work that failed after the status was saved), 303,
408, 499, and any success without a readable status.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import urlsplit

from msgspec import Struct

from bot.domain.answers import (
    Barred,
    Deleted,
    DeleteReply,
    NotSent,
    Published,
    Refused,
    Reply,
    Throttled,
    Unanswered,
    Uploaded,
    UploadReply,
)
from bot.domain.models import MediaState, Profile, RateLimit
from bot.errors import AccountBarredError, AccountError, AccountThrottledError, AccountUnavailableError
from bot.mastodon.results import NoResponse, Response, Result
from bot.mastodon.values import (
    address_of,
    at,
    epoch_instant_of,
    id_of,
    instant_of,
    name_of,
    number_of,
    own_original,
    text_of,
)
from bot.net.times import http_instant, seconds_asked

_NoReply = Refused | Barred | Throttled | NotSent | Unanswered
_LONGEST_TEXT = 200
# A time-out, and what gateways say of a client that they take for gone (460, 499): the work may be done.
_UNDECIDED = frozenset({408, 460, 499})
# It means that the request was worked on, and that what came of it is elsewhere.
_SEE_OTHER = 303
_LONGEST_HEAD = 64 * 1024
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,500})", re.IGNORECASE)
_MOST_NAMED = 10
# Mastodon's and GoToSocial's words; the last is RFC 6750's.
_LACKS_SCOPE = re.compile(r"outside the authorized scopes|insufficient[ _]scope", re.IGNORECASE)
# Rate windows are minutes or hours long; a reset further away than this is a mistake, and no reason to rest so long.
_LONGEST_WINDOW = timedelta(days=1)
# By so little two clocks agree: an answer takes its time, and Date has whole seconds.
_SMALL_SKEW = timedelta(seconds=30)
# What an instance's clock may be ahead of ours.
_LARGEST_SKEW = timedelta(days=1)
# An instant that every status is newer than: a status whose own can't be read then never bounds a listing.
_UNKNOWN_INSTANT = datetime(1970, 1, 1, tzinfo=UTC)


class Interpreter(Struct, frozen=True, kw_only=True):
    """Reads the answers of one instance. token is known so that it can be kept out of every message."""

    host: str
    token: str = ""

    def __repr__(self) -> str:
        return f"Interpreter({self.host!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("host", self.host)]

    def reply(self, result: Result, *, now: datetime) -> Reply:
        """What came of a publish."""
        return _published(result, now=now) or self.failure(result, now=now)

    def delete_reply(self, result: Result, *, now: datetime) -> DeleteReply:
        """What came of a deletion. Servers answer with the status, or with an empty object; a page is no answer."""
        if isinstance(result, Response) and result.ok and isinstance(result.json(), dict):
            return Deleted()
        return self.failure(result, now=now)

    def boosted(self, result: Result, *, now: datetime) -> bool | None:
        """Whether a status is boosted, None where there is none; raises as error() says."""
        if isinstance(result, Response):
            status = result.json() if result.ok else None
            if id_of(at(status, "id")):
                return at(status, "reblogged") is True
            if result.status in (404, 410):
                return None
        raise self.error(result, now=now)

    def upload_reply(self, result: Result, *, now: datetime) -> UploadReply:
        """What came of an upload."""
        return _uploaded(result) or self.failure(result, now=now)

    def profile(self, result: Result, *, now: datetime) -> Profile:
        """Whose token it is; AccountBarredError for a bad token, and what error() says else.

        Some servers refuse a bad token here with 400 or 422, for want of anything else that could be wrong.
        """
        found = _profile(result)
        if found is not None:
            return found
        if isinstance(result, Response) and result.status in (400, 422):
            raise AccountBarredError(f"the token doesn't work ({self._says(result)})", code=401)
        raise self.error(result, now=now)

    def media_state(self, result: Result, *, now: datetime) -> MediaState:
        """What became of an uploaded file; raises as error() says. Ready means that it has a url, whatever the code."""
        if isinstance(result, Response):
            if result.ok and id_of(at(result.json(), "id")):
                return MediaState.READY if text_of(at(result.json(), "url")) else MediaState.PROCESSING
            if result.status in (404, 410):
                return MediaState.MISSING
            if result.status == 422:
                return MediaState.FAILED
        raise self.error(result, now=now)

    def error(self, result: Result, *, now: datetime) -> AccountError:
        """The error for a reading that came to nothing."""
        no = self.failure(result, now=now)
        if isinstance(no, Barred):
            return AccountBarredError(no.message, code=no.code)
        if isinstance(no, Throttled):
            return AccountThrottledError(no.message, until=no.until)
        error = AccountUnavailableError(no.message)
        error.__cause__ = result.error if isinstance(result, NoResponse) else None
        return error

    def failure(self, result: Result, *, now: datetime) -> _NoReply:
        """What it means that a request didn't get what it asked for."""
        if isinstance(result, NoResponse):
            message = f"the instance {self.host} {result.reason}"
            return Unanswered(message=message) if result.sent else NotSent(message=message)
        if 300 <= result.status < 400 and result.status != _SEE_OTHER:
            return Barred(code=result.status, message=self._redirects(result))
        if result.status in (401, 403):
            lacks_scope = result.status == 403 and _lacks_scope(result)
            return Barred(code=result.status, message=self._says(result), lacks_scope=lacks_scope)
        if result.status == 429:
            return Throttled(message=self._says(result), until=_until(result, now=now))
        if 400 <= result.status < 500 and result.status not in _UNDECIDED:
            return self._refused(result)
        return Unanswered(message=self._unclear(result), code=result.status)

    def _refused(self, result: Response) -> Refused:
        unexpected = tuple(map(self._shown, _unexpected(result)))
        if not unexpected:
            return Refused(code=result.status, message=self._says(result))
        whom = ", ".join(f"@{handle}" for handle in unexpected)
        message = f"the instance {self.host} would notify {whom}, whom it isn't meant to mention"
        return Refused(code=result.status, message=message, unexpected=unexpected)

    def _says(self, result: Response) -> str:
        text = self._shown(_error_text(result))
        page = "" if text else self._page(result)
        says = f"says: {text}" if text else f"answered {result.status} {page or 'without a reason'}"
        return f"the instance {self.host} {says}"

    def _page(self, result: Response) -> str:
        """What is known of a page in an answer's place, as a firewall's: its title, and Cloudflare's own mark."""
        found = _TITLE.search(result.body[:_LONGEST_HEAD].decode("utf-8", "replace"))
        title = self._shown(unescape(found.group(1))) if found else ""
        mark = self._shown(result.headers.get("cf-mitigated", ""))
        words = [f"with a page: {title}"] if title else []
        return " ".join([*words, *([f"(cf-mitigated: {mark})"] if mark else [])])

    def _unclear(self, result: Response) -> str:
        text = self._shown(_error_text(result))
        if not result.ok:
            return f"the instance {self.host} answered {result.status}" + (f": {text}" if text else "")
        flaw = f": {result.flaw}" if result.flaw else ""
        return f"the instance {self.host} gave an answer ({result.status}) that can't be read{flaw}"

    def _redirects(self, result: Response) -> str:
        target = self._shown(_origin(result.headers.get("Location", "")))
        if not target or urlsplit(target).netloc == self.host:
            return f"the instance {self.host} redirects the request: set `instance` to the address where its API is"
        return f"the instance {self.host} redirects to {target}: set `instance` to that"

    def _shown(self, text: str) -> str:
        """A foreign text as one short line."""
        if self.token:
            text = text.replace(self.token, "…")
        letters = text[: 10 * _LONGEST_TEXT]
        printable = "".join(" " if unicodedata.category(letter).startswith("C") else letter for letter in letters)
        line = " ".join(printable.split())
        return line if len(line) <= _LONGEST_TEXT else line[: _LONGEST_TEXT - 1].rstrip() + "…"


def rate(result: Result, *, now: datetime) -> RateLimit | None:
    """What the answer's own headers say is left; None where they say nothing, or nothing that makes sense."""
    if isinstance(result, NoResponse):
        return None
    remaining = number_of(result.headers.get("X-RateLimit-Remaining"), least=0, most=10**9)
    reset_at = _sane(_reset(result, now=now), now=now)
    return None if remaining is None or reset_at is None else RateLimit(remaining=remaining, reset_at=reset_at)


def _published(result: Result, *, now: datetime) -> Published | None:
    """The status that an answer shows; None where it shows none that could be recorded."""
    if isinstance(result, NoResponse) or not result.ok:
        return None
    status = own_original(result.json())
    status_id = id_of(at(status, "id"))
    url = address_of(at(status, "url")) or address_of(at(status, "uri"))
    if not status_id or not url:
        return None
    created_at = instant_of(at(status, "created_at"))
    # One of tomorrow would be newer than every status to come, and end each listing before it began.
    known = created_at is not None and created_at <= now + _LARGEST_SKEW
    return Published(id=status_id, url=url, created_at=created_at if created_at and known else _UNKNOWN_INSTANT)


def _uploaded(result: Result) -> Uploaded | None:
    if isinstance(result, NoResponse) or not result.ok:
        return None
    media = result.json()
    media_id = id_of(at(media, "id"))
    return Uploaded(id=media_id, ready=bool(text_of(at(media, "url")))) if media_id else None


def _profile(result: Result) -> Profile | None:
    if isinstance(result, NoResponse) or not result.ok:
        return None
    account = result.json()
    account_id = id_of(at(account, "id"))
    acct = name_of(at(account, "acct")) or name_of(at(account, "username"))
    bot = at(account, "bot")
    said = bot if isinstance(bot, bool) else None
    return Profile(id=account_id, acct=acct, url=address_of(at(account, "url")), bot=said) if account_id else None


def _error_text(result: Response) -> str:
    value = result.json()
    return text_of(value) or text_of(at(value, "error_description")) or text_of(at(value, "error"))


def _lacks_scope(result: Response) -> bool:
    """Whether an answer says that the token is good, but not for this."""
    return bool(_LACKS_SCOPE.search(f"{_error_text(result)} {result.headers.get('WWW-Authenticate', '')}"))


def _unexpected(result: Response) -> tuple[str, ...]:
    """Whom Mastodon names where a status mentions others than allowed_mentions."""
    named = at(result.json(), "unexpected_accounts")
    handles = [name_of(at(account, "acct")) for account in named[:_MOST_NAMED]] if isinstance(named, list) else []
    return tuple(filter(None, handles))


def _until(result: Response, *, now: datetime) -> datetime | None:
    """When the instance will listen again: at its reset, or after its Retry-After."""
    headers = result.headers
    seconds = seconds_asked(headers.get("Retry-After", ""), date=headers.get("Date", ""), now=now)
    later = now + timedelta(seconds=seconds) if seconds and seconds <= _LONGEST_WINDOW.total_seconds() else None
    return _sane(_reset(result, now=now), now=now) or later


def _reset(result: Response, *, now: datetime) -> datetime | None:
    """Mastodon and GoToSocial send ISO 8601, others seconds since 1970, or until then; by our clock, not by theirs."""
    value = result.headers.get("X-RateLimit-Reset")
    seconds = number_of(value, least=0, most=int(_LONGEST_WINDOW.total_seconds()))
    if seconds is not None:
        return now + timedelta(seconds=seconds)
    return _here(epoch_instant_of(value) or instant_of(value), result, now=now)


def _here(moment: datetime | None, result: Response, *, now: datetime) -> datetime | None:
    """An instant of the instance's clock by ours: the answer's Date says what they differ by, if by much."""
    there = http_instant(result.headers.get("Date", ""))
    if moment is None or there is None or abs(now - there) < _SMALL_SKEW:
        return moment
    return moment + (now - there)


def _sane(moment: datetime | None, *, now: datetime) -> datetime | None:
    return moment if moment is not None and now < moment <= now + _LONGEST_WINDOW else None


def _origin(location: str) -> str:
    """Scheme and host of an absolute address; '' where it is none."""
    try:
        parts = urlsplit(location)
    except ValueError:
        return ""
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}" if parts.scheme in ("http", "https") and host else ""
