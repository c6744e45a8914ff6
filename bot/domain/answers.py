"""What an instance made of a request that changes something, sorted by what it says about the work being done.

Publishing and uploading never raise for what a server says: the difference between "surely not done" and "perhaps
done" is the whole point, so it is a value. Error texts are the server's own, localised: for people only, never to
decide by.
"""

from datetime import datetime

from msgspec import Struct

from bot.domain.models import RateLimit


class Published(Struct, frozen=True, kw_only=True):
    """Done: the status exists. url is its page for people, or its uri where the server gives no url."""

    id: str
    url: str
    created_at: datetime


class Uploaded(Struct, frozen=True, kw_only=True):
    """Done: the file has an id. ready is False while the server still processes it."""

    id: str
    ready: bool


class Refused(Struct, frozen=True, kw_only=True):
    """Surely not done, and the same request won't do better: a 4xx other than 401, 403, 408, 429.

    unexpected: the handles that it would have notified although they weren't to be mentioned, where that is why.
    """

    code: int
    message: str
    unexpected: tuple[str, ...] = ()


class Barred(Struct, frozen=True, kw_only=True):
    """Surely not done, whatever the post: the token (401) or the account (403) is refused, the address redirects (3xx).

    A person must act. lacks_scope: whether the instance says that the token may not do this, though it is a good one.
    """

    code: int
    message: str
    lacks_scope: bool = False


class Throttled(Struct, frozen=True, kw_only=True):
    """Surely not done: too many requests (429). until: when the server will listen again, None where unsaid."""

    message: str
    until: datetime | None = None


class NotSent(Struct, frozen=True, kw_only=True):
    """Surely not done: no byte of the request reached the server (DNS, connection refused, TLS, connect timeout)."""

    message: str


class Unanswered(Struct, frozen=True, kw_only=True):
    """Nobody knows: a timeout after sending, a cut connection, 408, 5xx, or a 2xx that can't be read.

    code: the HTTP status of the answer, 0 where none came; the message says it as well.
    """

    message: str
    code: int = 0


class Deleted(Struct, frozen=True, kw_only=True):
    """Done: the status is gone."""


Reply = Published | Refused | Barred | Throttled | NotSent | Unanswered
UploadReply = Uploaded | Refused | Barred | Throttled | NotSent | Unanswered
DeleteReply = Deleted | Refused | Barred | Throttled | NotSent | Unanswered


class Answer(Struct, frozen=True, kw_only=True):
    """A reply to a publish, and what its `X-RateLimit-*` headers said (None where there were none)."""

    reply: Reply
    rate: RateLimit | None = None


class UploadAnswer(Struct, frozen=True, kw_only=True):
    """A reply to an upload, and what its `X-RateLimit-*` headers said (None where there were none)."""

    reply: UploadReply
    rate: RateLimit | None = None
