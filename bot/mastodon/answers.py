"""From what an instance said to the values that the ports know. Pure: the time comes in as an argument.

Only status codes decide: error texts are localised, and here for people. What may have been done stays Unanswered:
every 5xx (a proxy's, a repeated key's on Mastodon 4.6, work that failed after the status was saved), 408, and any
success without a readable status.
"""

import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

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
from bot.errors import AccountBarredError, AccountError, AccountUnavailableError
from bot.mastodon.session import Heard, Silence, Word
from bot.mastodon.values import (
    address_of,
    at,
    epoch_instant_of,
    http_instant_of,
    id_of,
    instant_of,
    name_of,
    number_of,
    text_of,
)

_NoReply = Refused | Barred | Throttled | NotSent | Unanswered
_LONGEST_TEXT = 200
_MOST_NAMED = 10
# Rate windows are minutes or hours long; a reset further away than this is a mistake, and no reason to rest so long.
_LONGEST_WINDOW = timedelta(days=1)
# What an instance's clock may be ahead of ours.
_LARGEST_SKEW = timedelta(days=1)
# An instant that every status is newer than: a status whose own can't be read then never bounds a listing.
_UNKNOWN_INSTANT = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """Reads the answers of one instance. token is known so that it can be kept out of every message."""

    host: str
    token: str = field(default="", repr=False)

    def reply(self, word: Word, *, now: datetime) -> Reply:
        """What came of a publish."""
        return _published(word, now=now) or self.failure(word, now=now)

    def delete_reply(self, word: Word, *, now: datetime) -> DeleteReply:
        """What came of a deletion. Servers answer with the status, or with an empty object; a page is no answer."""
        if isinstance(word, Heard) and word.ok and isinstance(word.json(), dict):
            return Deleted()
        return self.failure(word, now=now)

    def boosted(self, word: Word, *, now: datetime) -> bool | None:
        """Whether a status is boosted, None where there is none; raises as error() says."""
        if isinstance(word, Heard):
            status = word.json() if word.ok else None
            if id_of(at(status, "id")):
                return at(status, "reblogged") is True
            if word.status in (404, 410):
                return None
        raise self.error(word, now=now)

    def upload_reply(self, word: Word, *, now: datetime) -> UploadReply:
        """What came of an upload."""
        return _uploaded(word) or self.failure(word, now=now)

    def profile(self, word: Word, *, now: datetime) -> Profile:
        """Whose token it is; raises as error() says.

        Some servers refuse a bad token here with 400 or 422, for want of anything else that could be wrong.
        """
        found = _profile(word)
        if found is not None:
            return found
        if isinstance(word, Heard) and word.status in (400, 422):
            raise AccountBarredError(self._says(word), code=401)
        raise self.error(word, now=now)

    def media_state(self, word: Word, *, now: datetime) -> MediaState:
        """What became of an uploaded file; raises as error() says. Ready means that it has a url, whatever the code."""
        if isinstance(word, Heard):
            if word.ok and id_of(at(word.json(), "id")):
                return MediaState.READY if text_of(at(word.json(), "url")) else MediaState.PROCESSING
            if word.status in (404, 410):
                return MediaState.MISSING
            if word.status == 422:
                return MediaState.FAILED
        raise self.error(word, now=now)

    def error(self, word: Word, *, now: datetime) -> AccountError:
        """The error for a reading that came to nothing."""
        no = self.failure(word, now=now)
        if isinstance(no, Barred):
            return AccountBarredError(no.message, code=no.code)
        error = AccountUnavailableError(no.message)
        error.__cause__ = word.error if isinstance(word, Silence) else None
        return error

    def failure(self, word: Word, *, now: datetime) -> _NoReply:
        """What it means that a request didn't get what it asked for."""
        if isinstance(word, Silence):
            message = f"the instance {self.host} {word.reason}"
            return Unanswered(message=message) if word.sent else NotSent(message=message)
        if 300 <= word.status < 400:
            return Barred(code=word.status, message=self._redirects(word))
        if word.status in (401, 403):
            return Barred(code=word.status, message=self._says(word))
        if word.status == 429:
            return Throttled(message=self._says(word), until=_until(word, now=now))
        if 400 <= word.status < 500 and word.status != 408:
            return self._refused(word)
        return Unanswered(message=self._unclear(word))

    def _refused(self, word: Heard) -> Refused:
        unexpected = tuple(map(self._shown, _unexpected(word)))
        if not unexpected:
            return Refused(code=word.status, message=self._says(word))
        whom = ", ".join(f"@{handle}" for handle in unexpected)
        message = f"the instance {self.host} would notify {whom}, whom it isn't meant to mention"
        return Refused(code=word.status, message=message, unexpected=unexpected)

    def _says(self, word: Heard) -> str:
        text = self._shown(_error_text(word))
        says = f"says: {text}" if text else f"answered {word.status} without a reason"
        return f"the instance {self.host} {says}"

    def _unclear(self, word: Heard) -> str:
        text = self._shown(_error_text(word))
        if not word.ok:
            return f"the instance {self.host} answered {word.status}" + (f": {text}" if text else "")
        flaw = f": {word.flaw}" if word.flaw else ""
        return f"the instance {self.host} gave an answer ({word.status}) that can't be read{flaw}"

    def _redirects(self, word: Heard) -> str:
        target = self._shown(_origin(word.headers.get("Location", "")))
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


def rate(word: Word, *, now: datetime) -> RateLimit | None:
    """What the answer's own headers say is left; None where they say nothing, or nothing that makes sense."""
    if isinstance(word, Silence):
        return None
    remaining = number_of(word.headers.get("X-RateLimit-Remaining"), least=0, most=10**9)
    reset_at = _sane(_reset(word), now=now)
    return None if remaining is None or reset_at is None else RateLimit(remaining=remaining, reset_at=reset_at)


def _published(word: Word, *, now: datetime) -> Published | None:
    """The status that an answer shows; None where it shows none that could be recorded."""
    if isinstance(word, Silence) or not word.ok:
        return None
    status = word.json()
    status_id = id_of(at(status, "id"))
    url = address_of(at(status, "url")) or address_of(at(status, "uri"))
    if not status_id or not url:
        return None
    created_at = instant_of(at(status, "created_at"))
    # One of tomorrow would be newer than every status to come, and end each listing before it began.
    known = created_at is not None and created_at <= now + _LARGEST_SKEW
    return Published(id=status_id, url=url, created_at=created_at if created_at and known else _UNKNOWN_INSTANT)


def _uploaded(word: Word) -> Uploaded | None:
    if isinstance(word, Silence) or not word.ok:
        return None
    media = word.json()
    media_id = id_of(at(media, "id"))
    return Uploaded(id=media_id, ready=bool(text_of(at(media, "url")))) if media_id else None


def _profile(word: Word) -> Profile | None:
    if isinstance(word, Silence) or not word.ok:
        return None
    account = word.json()
    account_id = id_of(at(account, "id"))
    acct = name_of(at(account, "acct")) or name_of(at(account, "username"))
    return Profile(id=account_id, acct=acct, url=address_of(at(account, "url"))) if account_id else None


def _error_text(word: Heard) -> str:
    value = word.json()
    return text_of(value) or text_of(at(value, "error_description")) or text_of(at(value, "error"))


def _unexpected(word: Heard) -> tuple[str, ...]:
    """Whom Mastodon names where a status mentions others than allowed_mentions."""
    named = at(word.json(), "unexpected_accounts")
    handles = [name_of(at(account, "acct")) for account in named[:_MOST_NAMED]] if isinstance(named, list) else []
    return tuple(filter(None, handles))


def _until(word: Heard, *, now: datetime) -> datetime | None:
    """When the instance will listen again: at its reset, or after its Retry-After."""
    after = word.headers.get("Retry-After")
    seconds = number_of(after, least=0, most=int(_LONGEST_WINDOW.total_seconds()))
    later = http_instant_of(after) if seconds is None else now + timedelta(seconds=seconds)
    return _sane(_reset(word), now=now) or _sane(later, now=now)


def _reset(word: Heard) -> datetime | None:
    """Mastodon and GoToSocial send ISO 8601, others seconds since 1970."""
    value = word.headers.get("X-RateLimit-Reset")
    return epoch_instant_of(value) or instant_of(value)


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
