"""What the sandbox's Mastodon holds, and the entities that its API shows of it."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.sandbox.mastodon_text import render

Entity = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A registered application. scopes are those it may ask for."""

    id: str
    name: str
    website: str = ""
    redirect_uris: tuple[str, ...] = ()
    scopes: frozenset[str] = frozenset()
    client_id: str = ""
    client_secret: str = field(default="", repr=False)


@dataclass(slots=True, kw_only=True)
class Account:
    """An account. disabled: an admin froze its log-in, so that every call is refused with 403."""

    id: str
    username: str
    display_name: str
    created_at: datetime
    disabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An access token; one without an account is an application's own."""

    value: str = field(repr=False)
    app: App
    scopes: frozenset[str]
    account: Account | None

    def may(self, scope: str) -> bool:
        """Whether the token has a scope, by itself or by the one above it."""
        return scope in self.scopes or scope.partition(":")[0] in self.scopes


@dataclass(slots=True, kw_only=True)
class Media:
    """An uploaded file. polls_left: how often it will still be said to be in processing. status_id: attached to."""

    id: str
    account_id: str
    data: bytes = field(repr=False)
    mime_type: str
    description: str = ""
    focus: str = ""
    width: int = 0
    height: int = 0
    polls_left: int = 0
    failed: bool = False
    status_id: str = ""
    created_at: datetime

    @property
    def ready(self) -> bool:
        """Whether it is processed."""
        return self.polls_left == 0 and not self.failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What a status said from some instant on."""

    text: str
    spoiler_text: str
    sensitive: bool
    media: tuple[Media, ...]
    created_at: datetime


@dataclass(slots=True, kw_only=True)
class Status:
    """A status. reblog is the boosted one. application: the program that published it. earlier: what it said before."""

    id: str
    account: Account
    text: str
    spoiler_text: str = ""
    visibility: str = "public"
    language: str = "en"
    sensitive: bool = False
    media: list[Media] = field(default_factory=list)
    in_reply_to_id: str = ""
    idempotency_key: str = ""
    application: str = ""
    mentions: tuple[str, ...] = ()
    reblog: "Status | None" = None
    created_at: datetime
    edited_at: datetime | None = None
    earlier: list[Edition] = field(default_factory=list)

    def edition(self) -> Edition:
        """What it says now."""
        return Edition(
            text=self.text,
            spoiler_text=self.spoiler_text,
            sensitive=self.sensitive,
            media=tuple(self.media),
            created_at=self.edited_at or self.created_at,
        )

    def editions(self) -> list[Edition]:
        """All that it ever said, the first first."""
        return [*self.earlier, self.edition()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entities:
    """Makes the API's entities of one instance; origin is its address. linked: "known" or "all", see render()."""

    origin: str
    linked: str = "known"

    @property
    def domain(self) -> str:
        """Host and port."""
        return self.origin.partition("://")[2]

    def account(self, account: Account) -> Entity:
        """An Account."""
        return {
            "id": account.id,
            "username": account.username,
            "acct": account.username,
            "display_name": account.display_name,
            "locked": False,
            "bot": True,
            "discoverable": True,
            "group": False,
            "created_at": stamp(account.created_at),
            "note": "",
            "url": f"{self.origin}/@{account.username}",
            "uri": f"{self.origin}/users/{account.username}",
            "avatar": f"{self.origin}/avatars/original/missing.png",
            "avatar_static": f"{self.origin}/avatars/original/missing.png",
            "header": f"{self.origin}/headers/original/missing.png",
            "header_static": f"{self.origin}/headers/original/missing.png",
            "followers_count": 0,
            "following_count": 0,
            "statuses_count": 0,
            "last_status_at": None,
            "emojis": [],
            "fields": [],
        }

    def media(self, media: Media) -> Entity:
        """A MediaAttachment; url is null until it is processed."""
        url = self.file(media) if media.ready else None
        size = {"width": media.width, "height": media.height, "size": f"{media.width}x{media.height}"}
        return {
            "id": media.id,
            "type": "image" if media.mime_type.startswith("image/") else "unknown",
            "url": url,
            "preview_url": url,
            "remote_url": None,
            "preview_remote_url": None,
            "text_url": None,
            "meta": {"original": size} if media.width else {},
            "description": media.description or None,
            "blurhash": None,
        }

    def file(self, media: Media) -> str:
        """Where the bytes of a file are."""
        return f"{self.origin}/system/media_attachments/{media.id}"

    def status(self, status: Status) -> Entity:
        """A Status. The card is null: links are looked at later, if at all."""
        own = f"{self.origin}/@{status.account.username}/{status.id}"
        uri = f"{self.origin}/users/{status.account.username}/statuses/{status.id}"
        return {
            "id": status.id,
            "created_at": stamp(status.created_at),
            "in_reply_to_id": status.in_reply_to_id or None,
            "in_reply_to_account_id": None,
            "sensitive": status.sensitive,
            "spoiler_text": status.spoiler_text,
            "visibility": status.visibility,
            "language": status.language,
            "uri": f"{uri}/activity" if status.reblog else uri,
            "url": f"{uri}/activity" if status.reblog else own,
            "replies_count": 0,
            "reblogs_count": 0,
            "favourites_count": 0,
            "edited_at": stamp(status.edited_at) if status.edited_at else None,
            "favourited": False,
            "reblogged": bool(status.reblog),
            "muted": False,
            "bookmarked": False,
            "pinned": False,
            "content": "" if status.reblog else self.content(status),
            "filtered": [],
            "reblog": self.status(status.reblog) if status.reblog else None,
            "application": {"name": status.application, "website": None},
            "account": self.account(status.account),
            "media_attachments": [self.media(media) for media in status.media],
            "mentions": [
                {"id": "", "username": name, "acct": name, "url": f"{self.origin}/@{name}"} for name in status.mentions
            ],
            "tags": [
                {"name": name.lower(), "url": f"{self.origin}/tags/{name.lower()}"} for name in hashtags(status.text)
            ],
            "emojis": [],
            "card": None,
            "poll": None,
        }

    def edition(self, edition: Edition, account: Account) -> Entity:
        """A StatusEdit."""
        return {
            "content": render(edition.text, origin=self.origin, local=(), linked=self.linked),
            "spoiler_text": edition.spoiler_text,
            "sensitive": edition.sensitive,
            "created_at": stamp(edition.created_at),
            "account": self.account(account),
            "media_attachments": [self.media(media) for media in edition.media],
            "emojis": [],
        }

    def content(self, status: Status) -> str:
        """The status' text as HTML."""
        return render(status.text, origin=self.origin, local=status.mentions, linked=self.linked)


def hashtags(text: str) -> list[str]:
    """The hashtags of a text, without "#", in order and once each."""
    found = re.findall(r"(?<![^\s])#(\w*[^\W\d_]\w*)", text)
    return list(dict.fromkeys(found))


def stamp(instant: datetime) -> str:
    """An instant as Mastodon writes it: to the millisecond."""
    return f"{instant:%Y-%m-%dT%H:%M:%S}.{instant.microsecond // 1000:03d}Z"
