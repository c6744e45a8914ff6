"""What an instance made of a request that changes something, sorted by what it says about the work being done.

Publishing and uploading never raise for what a server says: the difference between "surely not done" and "perhaps
done" is the whole point, so it is a value. Error texts are the server's own, localised: for people only, never to
decide by.
"""

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.models import RateLimit


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Done: the status exists. url is its page for people, or its uri where the server gives no url."""

    id: str
    url: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """Done: the file has an id. ready is False while the server still processes it."""

    id: str
    ready: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Surely not done, and the same request won't do better: a 4xx other than 401, 403, 408, 429.

    unexpected: the handles that it would have notified although they weren't to be mentioned, where that is why.
    """

    code: int
    message: str
    unexpected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Barred:
    """Surely not done, whatever the post: the token (401) or the account (403) is refused, the address redirects (3xx).

    A person must act. lacks_scope: whether the instance says that the token may not do this, though it is a good one.
    """

    code: int
    message: str
    lacks_scope: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttled:
    """Surely not done: too many requests (429). until: when the server will listen again, None where unsaid."""

    message: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """Surely not done: no byte of the request reached the server (DNS, connection refused, TLS, connect timeout)."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """Nobody knows: a timeout after sending, a cut connection, 408, 5xx, or a 2xx that can't be read.

    code: the HTTP status of the answer, 0 where none came; the message says it as well.
    """

    message: str
    code: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """Done: the status is gone."""


Reply = Published | Refused | Barred | Throttled | NotSent | Unanswered
UploadReply = Uploaded | Refused | Barred | Throttled | NotSent | Unanswered
DeleteReply = Deleted | Refused | Barred | Throttled | NotSent | Unanswered


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A reply to a publish, and what its `X-RateLimit-*` headers said (None where there were none)."""

    reply: Reply
    rate: RateLimit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadAnswer:
    """A reply to an upload, and what its `X-RateLimit-*` headers said (None where there were none)."""

    reply: UploadReply
    rate: RateLimit | None = None
