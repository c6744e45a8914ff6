"""A share: a post on an account, and what came of it."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from bot.domain.models.statuses import Anchor, Status

# How the reason begins of a share that the first look only remembered.
THERE_BEFORE = "was there before the first look"
# How a share's history calls a publish that was refused with 403 while the account works.
ASIDE = "aside"


class State(StrEnum):
    """A share's life: pending → sending → shared; or failed, skipped, held, unknown."""

    PENDING = "pending"
    SENDING = "sending"
    SHARED = "shared"
    FAILED = "failed"
    SKIPPED = "skipped"
    HELD = "held"
    UNKNOWN = "unknown"


# A share is on its way in these states; in those it stands still, and nothing came of it.
UNDER_WAY = (State.PENDING, State.SENDING, State.UNKNOWN)
STANDING_STILL = (State.FAILED, State.HELD, State.SKIPPED)


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


class Share(Struct, frozen=True, kw_only=True):
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

    @property
    def name(self) -> str:
        """What it is called in a sentence: "uk/393174 on uk"."""
        return f"{self.post_name} on {self.account}"


class ShareField(Struct, frozen=True, kw_only=True):
    """What WordPress shows of a post as `share_on_mastodon`: an error only where there is no url."""

    url: str = ""
    error: str = ""


class DueWrite(Struct, frozen=True, kw_only=True):
    """A post whose field is to be written to its site. failures: the tries in a row that came to nothing.

    marks: the shares that something became of, each with when; what becomes of them later is another write.
    """

    site: str
    post_id: int
    failures: int
    marks: tuple[tuple[int, datetime], ...]


class Followed(Struct, frozen=True, kw_only=True):
    """What is remembered of following a shared post: whether it was edited, whether it is still there.

    next_check_at: when to look at it again, None for never. modified_at: the post's own, as it was last seen with
    nothing to change. edited_at: when its status was edited last. gone_since: the first of the looks in a row that
    found the post gone. failures: the edits in a row that came to nothing; unread: the looks in a row that did; error:
    why the last did. in_doubt: an edit was sent, and nobody knows whether it was made.
    """

    share_id: int
    next_check_at: datetime | None = None
    modified_at: datetime | None = None
    edited_at: datetime | None = None
    gone_since: datetime | None = None
    failures: int = 0
    in_doubt: bool = False
    unread: int = 0
    error: str = ""


class Attempt(Struct, frozen=True, kw_only=True):
    """One line of a share's history; these are only ever added.

    step: publish, upload, image, reconcile, read (the site), account (reading it), budget, rhythm, decide, edit,
    delete or boost.
    """

    at: datetime
    step: str
    outcome: str
    detail: str = ""


PageKey = tuple[datetime, int]
"""Where a page of shares ends: the creation and the id of the last share that it looked at."""


class SharePage(Struct, frozen=True, kw_only=True):
    """Some shares, newest first. next: where to go on, None where there are no more.

    Of a search, shares may be fewer than asked for, or none, though there is more to look through.
    """

    shares: tuple[Share, ...]
    next: PageKey | None = None
