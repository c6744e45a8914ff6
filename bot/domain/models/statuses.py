"""What an instance says and takes: its limits, an account, its statuses."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Limits(Struct, frozen=True, kw_only=True):
    """What an instance allows, from /api/v2/instance or v1, and what software it says it is.

    software is lower case ("mastodon", "gotosocial", "snac", …), '' where it can't be told. Sizes are in bytes and
    pixels; 0 means that the instance doesn't say.
    """

    max_characters: int = 500
    max_media_attachments: int = 4
    description_limit: int = 1500
    image_size_limit: int = 0
    image_matrix_limit: int = 0
    supported_mime_types: tuple[str, ...] = ()
    software: str = ""
    version: str = ""


class Profile(Struct, frozen=True, kw_only=True):
    """The account that a token belongs to. bot: whether it says of itself that it is automated, None for no word."""

    id: str
    acct: str
    url: str = ""
    bot: bool | None = None


class Anchor(Struct, frozen=True, kw_only=True):
    """The account's newest own status before a publish: everything since then is what reconciling has to read.

    created_at is by the server's clock, so that bounding a listing with it knows no clock skew.
    """

    id: str
    created_at: datetime


class OwnStatus(Struct, frozen=True, kw_only=True):
    """One of the account's own statuses, as listed. links are every href in its content and its card, unescaped.

    in_reply_to_id: '' where it is no reply; howdah never replies. visibility: '' where the server doesn't say.
    """

    id: str
    url: str
    created_at: datetime
    links: tuple[str, ...] = ()
    text: str = ""
    in_reply_to_id: str = ""
    visibility: str = ""


class Carrier(Struct, frozen=True, kw_only=True):
    """A post that carries the address of a status on an account."""

    site: str
    post_id: int
    account: str
    url: str
    published_at: datetime | None


class FoundStatus(Struct, frozen=True, kw_only=True):
    """A status that was found on the account, has a post's link, and belongs to no share that is known."""

    id: str
    url: str
    created_at: datetime


class Listing(Struct, frozen=True, kw_only=True):
    """The account's own statuses since an anchor, newest first. Absence counts only where complete."""

    statuses: tuple[OwnStatus, ...]
    complete: bool


class StatusPage(Struct, frozen=True, kw_only=True):
    """Some of the account's own statuses, newest first. next: the id below which older ones are, '' where none are."""

    statuses: tuple[OwnStatus, ...]
    next: str = ""


class MediaState(StrEnum):
    """What became of an uploaded file. MISSING: attached to a status already, expired, or never there."""

    READY = "ready"
    PROCESSING = "processing"
    MISSING = "missing"
    FAILED = "failed"


class Status(Struct, frozen=True, kw_only=True):
    """What is to be published, complete but for its media. '' means: leave it to the account's default.

    mentions: the handles ("alice" or "alice@example.org") that the text is meant to mention; nobody else may be
    notified. content_type: how the text is meant ("text/plain"), for servers that read some texts as Markdown.
    """

    text: str
    visibility: str = "public"
    spoiler_text: str = ""
    sensitive: bool = False
    language: str = ""
    mentions: tuple[str, ...] = ()
    content_type: str = ""


class RateLimit(Struct, frozen=True, kw_only=True):
    """What `X-RateLimit-*` said in one answer: how many calls are left, and when there are new ones."""

    remaining: int
    reset_at: datetime
