"""The values that travel through the context, all frozen.

Instants are timezone-aware and in UTC. Ids of posts are integers, unique only within their site; ids of statuses and
media are opaque strings. Field names are those of the WordPress REST API and the Mastodon client API.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

# Until a person ends it.
FOREVER = datetime(9999, 12, 31, tzinfo=UTC)


class State(StrEnum):
    """A share's life: pending → sending → shared; or failed, skipped, held, unknown."""

    PENDING = "pending"
    SENDING = "sending"
    SHARED = "shared"
    FAILED = "failed"
    SKIPPED = "skipped"
    HELD = "held"
    UNKNOWN = "unknown"


class Asked(StrEnum):
    """What a person asked for of a share.

    NOTHING: nobody did, a look made it. NAMED: this post, now; past filters and rhythm, before all others. QUEUED: this
    post, among several; past filters, in the account's rhythm. RELEASED: it stood still and may go, the ordinary way.
    BACKFILL: an older post, after all that is new, the oldest first.
    """

    NOTHING = ""
    NAMED = "named"
    QUEUED = "queued"
    RELEASED = "released"
    BACKFILL = "backfill"


# --- what a site says ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPost:
    """A post as the light listing shows it.

    date is the site's local date string exactly as received: it is the walk's key. title is HTML.
    share_url is `share_on_mastodon.url`, '' where it is absent or empty.
    """

    id: int
    date: str
    published_at: datetime | None
    modified_at: datetime | None
    link: str
    title: str = ""
    share_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one walk over the window found. An incomplete walk is used, but never moves the cursor.

    note: why it is incomplete. remark: what a person should know of how it was made, '' where that was the usual way.
    """

    posts: tuple[ListedPost, ...]
    complete: bool
    note: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A category or a tag; name is HTML-escaped text as WordPress gives it."""

    name: str
    slug: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSize:
    """One file of an image. width and height are 0 where the site doesn't say; mime_type may be ''."""

    url: str
    width: int = 0
    height: int = 0
    mime_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image of a post: its files, the original among them, and what is known of it.

    alt is its alternative text (plain), caption its caption (HTML). focus is the point that matters, as Mastodon has
    it: x to the right and y upwards, each from -1 to 1; None where nobody set one.
    """

    sizes: tuple[ImageSize, ...]
    alt: str = ""
    caption: str = ""
    focus: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post as read by itself, just before it is shared.

    title, excerpt and content are HTML; author is a display name. language is the post's own, '' where the site says
    nothing of it. share_field: whether the site shows the plugin's field at all, be it empty;
    share_error: the error in it; share_box: the plugin's box, "0" where it is unticked. share_text and
    share_cw are what its author wrote for the status (plain, as the Share on Mastodon plugin keeps it). coauthors are
    those whom a plugin names, the first of them the author. members_only: the site says that not everybody may read it.
    featured_media: the id of the image that it has, 0 for none; where image is None all the same, the image can't be
    read (yet).
    """

    id: int
    link: str
    title: str = ""
    excerpt: str = ""
    content: str = ""
    status: str = "publish"
    protected: bool = False
    members_only: bool = False
    sticky: bool = False
    published_at: datetime | None = None
    modified_at: datetime | None = None
    author: str = ""
    author_slug: str = ""
    coauthors: tuple[Term, ...] = ()
    categories: tuple[Term, ...] = ()
    tags: tuple[Term, ...] = ()
    image: Image | None = None
    featured_media: int = 0
    language: str = ""
    share_url: str = ""
    share_field: bool = False
    share_error: str = ""
    share_box: str = ""
    share_text: str = ""
    share_cw: str = ""

    @property
    def image_lost(self) -> str:
        """Why it has no image although its site says that it has one; '' where nothing is missing."""
        if self.image is not None or not self.featured_media:
            return ""
        return "the site doesn't show its featured image, or gives it no address that can be used"

    @property
    def authors(self) -> tuple[Term, ...]:
        """Everybody who wrote it."""
        return self.coauthors or (Term(name=self.author, slug=self.author_slug),)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteInfo:
    """What a site says of itself: its own name (HTML-escaped) and its language ('en-GB'); '' where it says nothing."""

    title: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFile:
    """An image's bytes and what they are, by their first bytes rather than by their name.

    animated: it is known to move; many instances make a video of a GIF that does.
    """

    data: bytes
    mime_type: str
    animated: bool = False


# --- what an instance says ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The account that a token belongs to. bot: whether it says of itself that it is automated, None for no word."""

    id: str
    acct: str
    url: str = ""
    bot: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The account's newest own status before a publish: everything since then is what reconciling has to read.

    created_at is by the server's clock, so that bounding a listing with it knows no clock skew.
    """

    id: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStatus:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A post that carries the address of a status on an account."""

    site: str
    post_id: int
    account: str
    url: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundStatus:
    """A status that was found on the account, has a post's link, and belongs to no share that is known."""

    id: str
    url: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The account's own statuses since an anchor, newest first. Absence counts only where complete."""

    statuses: tuple[OwnStatus, ...]
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPage:
    """Some of the account's own statuses, newest first. next: the id below which older ones are, '' where none are."""

    statuses: tuple[OwnStatus, ...]
    next: str = ""


class MediaState(StrEnum):
    """What became of an uploaded file. MISSING: attached to a status already, expired, or never there."""

    READY = "ready"
    PROCESSING = "processing"
    MISSING = "missing"
    FAILED = "failed"


# --- what is published --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
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


# --- what the store holds -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The row that says: this post, on this account, the n-th time.

    attempts counts the publishes that were begun and is the generation for compare-and-set. failures counts those
    that use up the account's allowance; absences the complete listings without the status; media_failures the
    uploads that came to nothing; unread the listings that could not be read. status, media_ids, idempotency_key and
    anchor are what was sent, frozen until the key's life ends; of a shared one, status and media_ids are what stands
    on the account. post_modified_at and images say what the status was made of: the post's own modified_at, and a name
    for each image that was wanted for it.
    """

    id: int
    site: str
    post_id: int
    account: str
    number: int
    state: State
    link: str = ""
    title: str = ""
    asked: Asked = Asked.NOTHING
    text_override: str = ""
    url: str = ""
    error: str = ""
    status_id: str = ""
    attempts: int = 0
    failures: int = 0
    unanswered: int = 0
    absences: int = 0
    media_failures: int = 0
    unread: int = 0
    idempotency_key: str = ""
    status: Status | None = None
    media_ids: tuple[str, ...] = ()
    post_modified_at: datetime | None = None
    images: tuple[str, ...] = ()
    anchor: Anchor | None = None
    sent_at: datetime | None = None
    next_attempt_at: datetime | None = None
    created_at: datetime
    updated_at: datetime

    @property
    def at_once(self) -> bool:
        """Whether it goes before all others, whatever its account's rhythm says."""
        return self.asked is Asked.NAMED

    @property
    def by_name(self) -> bool:
        """Whether a person named its post: what filters say of it doesn't count then."""
        return self.asked in (Asked.NAMED, Asked.QUEUED)

    @property
    def post_name(self) -> str:
        """What the post is called: "uk/393174"; its link where its site gave no id, and the id is one of ours."""
        return f"{self.site}/{self.post_id}" if self.post_id > 0 else self.link


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareField:
    """What WordPress shows of a post as `share_on_mastodon`: an error only where there is no url."""

    url: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueWrite:
    """A post whose field is to be written to its site. failures: the tries in a row that came to nothing.

    marks: the shares that something became of, each with when; what becomes of them later is another write.
    """

    site: str
    post_id: int
    failures: int
    marks: tuple[tuple[int, datetime], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What is remembered of following a shared post: whether it was edited, whether it is still there.

    next_check_at: when to look at it again, None for never. modified_at: the post's own, as it was last seen with
    nothing to change. edited_at: when its status was edited last. gone_since: the first of the looks in a row that
    found the post gone. failures: the requests in a row that came to nothing. in_doubt: an edit was sent, and nobody
    knows whether it was made.
    """

    share_id: int
    next_check_at: datetime | None = None
    modified_at: datetime | None = None
    edited_at: datetime | None = None
    gone_since: datetime | None = None
    failures: int = 0
    in_doubt: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One line of a share's history; these are only ever added.

    step: publish, upload, image, reconcile, read (the site), account (reading it), budget, rhythm, decide, edit,
    delete or boost.
    """

    at: datetime
    step: str
    outcome: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """What `X-RateLimit-*` said in one answer: how many calls are left, and when there are new ones."""

    remaining: int
    reset_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteState:
    """What is remembered of a site.

    looked_at: the start of the last complete look, None before the first. activated_at: the start of the first look,
    complete or not. rests_until: a person lets it rest: it isn't looked at and none of its posts is shared before then.
    """

    name: str
    root: str = ""
    looked_at: datetime | None = None
    activated_at: datetime | None = None
    next_look_at: datetime | None = None
    failures: int = 0
    error: str = ""
    rests_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """What is remembered of an account.

    paused_until with its reason: nothing is sent before then. pauses: how many in a row. rests_until: a person lets it
    rest: nothing is sent before then either, and nothing but a person ends it sooner. statuses_rate and media_rate:
    what the last answer of each kind said. latest: the newest own status that is known. listed: the visibilities of
    statuses that the account's listing has ever shown.
    """

    name: str
    paused_until: datetime | None = None
    pause_reason: str = ""
    pauses: int = 0
    limits: Limits | None = None
    limits_at: datetime | None = None
    statuses_rate: RateLimit | None = None
    media_rate: RateLimit | None = None
    latest: Anchor | None = None
    rests_until: datetime | None = None
    listed: frozenset[str] = frozenset()


# --- what the store is asked by pages ------------------------------------------------------------------------------

PageKey = tuple[datetime, int]
"""Where a page of shares ends: the creation and the id of the last share that it looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharePage:
    """Some shares, newest first. next: where to go on, None where there are no more.

    Of a search, shares may be fewer than asked for, or none, though there is more to look through.
    """

    shares: tuple[Share, ...]
    next: PageKey | None = None


DELAYS = (
    timedelta(minutes=2),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
)
"""The steps by which delays are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What became of the shares that were queued on a day (UTC).

    delays: how many came by themselves within each of DELAYS after their post was published, and how many later; each
    is counted once.
    """

    date: date
    shared: int
    failed: int
    delays: tuple[int, ...]


# --- what needs a person --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Something that needs a person, as long as it does and its end isn't told.

    key: what it is, the same while it lasts. kind: "account", "failed", "held", "site", "queue", "disk" or "config".
    text: what, where, and the command that helps. since: when it was seen first. told_at: when somebody was told last.
    gone_at: since when it is over.
    """

    key: str
    kind: str
    text: str
    since: datetime
    told_at: datetime | None = None
    gone_at: datetime | None = None
