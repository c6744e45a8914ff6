"""An account in memory that speaks the Account port. It passes the same contract suite as the adapter."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from bot.domain.answers import (
    Answer,
    Deleted,
    DeleteReply,
    NotSent,
    Published,
    Refused,
    Reply,
    UploadAnswer,
    Uploaded,
    UploadReply,
)
from bot.domain.models import (
    Anchor,
    Limits,
    Listing,
    MediaFile,
    MediaState,
    OwnStatus,
    Profile,
    RateLimit,
    Status,
    StatusPage,
)
from bot.errors import AccountError
from bot.ports import MaySend, always
from tests.fakes.script import Script

_NOT_FOUND = Refused(code=404, message="the instance social.example says: Record not found")
FIRST = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


class Kept(Struct, frozen=True, kw_only=True):
    """A status that stands on the account."""

    id: str
    url: str
    created_at: datetime
    status: Status
    media_ids: tuple[str, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A publish that reached the instance, whatever came of it."""

    status: Status
    media_ids: tuple[str, ...]
    key: str


@dataclass(slots=True, kw_only=True)
class FakeFile:
    """An uploaded file. polls_left: how often it will still be said to be in processing."""

    file: MediaFile
    description: str
    focus: tuple[float, float] | None = None
    state: MediaState = MediaState.READY
    polls_left: int = 0


class FakeAccount:
    """An Account whose instance a test scripts.

    statuses stand on the account, oldest first; sent holds every publish that arrived, edits every edit, and boosts the
    ids that are boosted; media the files by their id.
    Without a script it behaves as Mastodon does: a key that is known gives the same status, a text that is too long
    or a file that isn't there is refused.

    error, where set, is raised by every method that reads; errors holds one by the method's name ("latest"). rate is
    what every answer says is left. complete=False makes every listing incomplete. polls: how often a new file is in
    processing before it is ready. now: the instance's clock; without one each status is a second newer than the last.
    forbidden_hashtags: those (lower case, without #) with which a status is refused; the refusal names them.
    hides: the visibilities of statuses that its listing doesn't show, as Takahē's doesn't private ones.
    moves_edited: an edited status has another id and url afterwards, as on snac. neighbours: the handles of others on
    the instance; unless all whom a status mentions on purpose are among them, it doesn't say whom it may notify.
    """

    def __init__(
        self, name: str = "uk", *, limits: Limits | None = None, now: Callable[[], datetime] | None = None
    ) -> None:
        self._name = name
        self._now = now
        self._last_id = 100
        self._replies = Script[Reply]()
        self._upload_replies = Script[UploadReply]()
        self._edit_replies = Script[Reply]()
        self._delete_replies = Script[DeleteReply]()
        self._boost_replies = Script[Reply]()
        self.instance_limits = limits or Limits(software="mastodon", version="4.5.0")
        self.statuses: list[Kept] = []
        self.sent: list[Sent] = []
        self.edits: list[Sent] = []
        self.boosts: list[str] = []
        self.hides: set[str] = set()
        self.moves_edited = False
        self.neighbours: set[str] = set()
        self.forbidden_hashtags: set[str] = set()
        self.media: dict[str, FakeFile] = {}
        self.error: AccountError | None = None
        self.errors: dict[str, AccountError] = {}
        self.rate: RateLimit | None = None
        self.clock_says: datetime | None = None
        self.complete = True
        self.keeps_keys = True
        self.polls = 0
        self.calls: list[str] = []

    # --- what a test arranges

    def answer(self, reply: Reply, *, done: bool = False) -> None:
        """Answer the next publish (each once, in order) with this; done: the status is published all the same."""
        self._replies.add(reply, done=done)

    def answer_upload(self, reply: UploadReply, *, done: bool = False) -> None:
        """Answer the next upload (each once, in order) with this; done: the file is kept all the same."""
        self._upload_replies.add(reply, done=done)

    def answer_edit(self, reply: Reply, *, done: bool = False) -> None:
        """Answer the next edit with this; done: the status is edited all the same."""
        self._edit_replies.add(reply, done=done)

    def answer_delete(self, reply: DeleteReply, *, done: bool = False) -> None:
        """Answer the next deletion with this; done: the status is deleted all the same."""
        self._delete_replies.add(reply, done=done)

    def answer_no_more(self) -> None:
        """Edits and deletions go well from now on, whatever was to be answered."""
        self._edit_replies.clear()
        self._delete_replies.clear()

    def answer_boost(self, reply: Reply, *, done: bool = False) -> None:
        """Answer the next boost with this; done: the status is boosted all the same."""
        self._boost_replies.add(reply, done=done)

    def write(self, text: str, *, at: datetime | None = None) -> Kept:
        """A person writes a status on the account."""
        return self._keep(Status(text=text), media_ids=(), key="", at=at)

    def remove(self, status_id: str) -> None:
        """A person deletes a status."""
        self.statuses = [kept for kept in self.statuses if kept.id != status_id]

    @property
    def texts(self) -> list[str]:
        """The texts of the statuses that stand on the account, oldest first."""
        return [kept.status.text for kept in self.statuses]

    # --- the port

    @property
    def name(self) -> str:
        """The account's name in the config."""
        return self._name

    def limits(self) -> Limits:
        """What the instance allows."""
        self._reading("limits")
        return self.instance_limits

    def verify(self) -> Profile:
        """Whose token this is."""
        self._reading("verify")
        return Profile(id="1", acct=self._name, url=f"https://social.example/@{self._name}")

    def scopes(self) -> frozenset[str]:
        """All that the token needs."""
        self._reading("scopes")
        return frozenset({"read", "write"})

    def server_time(self) -> datetime | None:
        """As a test sets it."""
        return self.clock_says

    def upload(self, file: MediaFile, *, description: str, focus: tuple[float, float] | None = None) -> UploadAnswer:
        """Keep a file, or do what is scripted."""
        self.calls.append("upload")
        reply = self._upload_replies.play(lambda: self._store(file, description, focus))
        return UploadAnswer(reply=reply, rate=self.rate)

    def media_state(self, media_id: str) -> MediaState:
        """What became of an uploaded file; an attached one is missing, as on Mastodon."""
        self._reading("media_state")
        file = self.media.get(media_id)
        if file is None or media_id in self._attached():
            return MediaState.MISSING
        if file.polls_left:
            file.polls_left -= 1
            return MediaState.PROCESSING
        return file.state

    def publish(self, status: Status, *, media_ids: Sequence[str], key: str, may_send: MaySend = always) -> Answer:
        """Publish a status, or do what is scripted."""
        self.calls.append("publish")
        if not may_send():
            return Answer(reply=NotSent(message="it was too late to send"))
        self.sent.append(Sent(status=status, media_ids=tuple(media_ids), key=key))
        return Answer(reply=self._replies.play(lambda: self._publish(status, tuple(media_ids), key)), rate=self.rate)

    def look_up(self, handles: Sequence[str]) -> None:
        """Nothing has to be learnt here."""
        self.calls.append("look_up")

    def edit(self, status_id: str, status: Status, *, media_ids: Sequence[str]) -> Answer:
        """Replace a status, or do what is scripted."""
        self.calls.append("edit")
        self.edits.append(Sent(status=status, media_ids=tuple(media_ids), key=""))
        reply = self._edit_replies.play(lambda: self._edit(status_id, status, tuple(media_ids)))
        return Answer(reply=reply, rate=self.rate)

    def delete(self, status_id: str) -> DeleteReply:
        """Delete a status, or do what is scripted."""
        self.calls.append("delete")
        return self._delete_replies.play(lambda: self._delete(status_id))

    def boost(self, status_id: str) -> Answer:
        """Boost a status, or do what is scripted."""
        self.calls.append("boost")
        return Answer(reply=self._boost_replies.play(lambda: self._boost(status_id)), rate=self.rate)

    def boosted(self, status_id: str) -> bool | None:
        """Whether it is boosted."""
        self._reading("boosted")
        return status_id in self.boosts if self._find(status_id) else None

    def status(self, status_id: str) -> OwnStatus | None:
        """As it was kept."""
        self._reading("status")
        kept = self._find(status_id)
        return _own(kept) if kept else None

    def latest(self) -> Anchor | None:
        """The account's newest own status; None where it has none."""
        self._reading("latest")
        newest = self._newest_first()
        return Anchor(id=newest[0].id, created_at=newest[0].created_at) if newest else None

    def own_page(self, *, before: str = "") -> StatusPage:
        """Three at a time, so that there are several pages."""
        self._reading("own_page")
        ids = [kept.id for kept in self._newest_first()]
        rest = self._newest_first()[ids.index(before) + 1 if before in ids else 0 :]
        page = rest[:3]
        return StatusPage(statuses=tuple(map(_own, page)), next=page[-1].id if page else "")

    def statuses_since(self, anchor: Anchor | None) -> Listing:
        """The account's own statuses, newest first, back to the anchor (exclusive); to the first one without anchor."""
        self._reading("statuses_since")
        since = [
            _own(kept)
            for kept in self._newest_first()
            if kept.status.visibility not in self.hides
            if anchor is None or (kept.id != anchor.id and kept.created_at >= anchor.created_at)
        ]
        return Listing(statuses=tuple(since), complete=self.complete)

    # --- what the instance does

    def _reading(self, method: str) -> None:
        self.calls.append(method)
        error = self.errors.get(method) or self.error
        if error is not None:
            raise error

    def _publish(self, status: Status, media_ids: tuple[str, ...], key: str) -> Reply:
        known = next((kept for kept in self.statuses if self.keeps_keys and key and kept.key == key), None)
        if known is not None:
            return _published(known)
        refused = self._refusal(status, media_ids)
        return refused or _published(self._keep(status, media_ids=media_ids, key=key, at=None))

    def _refusal(self, status: Status, media_ids: tuple[str, ...]) -> Refused | None:
        """Why the instance doesn't take a status; None where it does."""
        if len(status.text) > self.instance_limits.max_characters:
            limit = self.instance_limits.max_characters
            return Refused(code=422, message=f"Validation failed: Text character limit of {limit} exceeded")
        forbidden = self.forbidden_hashtags & set(re.findall(r"(?<!\S)#(\w+)", status.text.lower()))
        if forbidden:
            return Refused(code=422, message=f"says: contained a disallowed hashtag: {', '.join(sorted(forbidden))}")
        notified = self._notified(status)
        if notified:
            return Refused(code=422, message=f"would notify @{', @'.join(notified)}", unexpected=notified)
        missing = [one for one in media_ids if one not in self.media or one in self._attached()]
        if missing:
            return Refused(code=422, message=f"Media {', '.join(missing)} not found or already attached")
        if any(self.media[one].polls_left or self.media[one].state is not MediaState.READY for one in media_ids):
            return Refused(code=422, message="Cannot attach files that have not finished processing")
        return None

    def _notified(self, status: Status) -> tuple[str, ...]:
        """Whom a status would notify that isn't meant to."""
        if not self.neighbours.issuperset(status.mentions):
            return ()
        mentioned = set(re.findall(r"(?<!\w)@(\w+)", status.text))
        return tuple(sorted(mentioned & self.neighbours - {*status.mentions}))

    def _edit(self, status_id: str, status: Status, media_ids: tuple[str, ...]) -> Reply:
        """As Mastodon does it: everything is replaced but the visibility, and the language where none is given."""
        kept = self._find(status_id)
        if kept is None:
            return _NOT_FOUND
        others = {one for other in self.statuses if other is not kept for one in other.media_ids}
        missing = [one for one in media_ids if one not in self.media or one in others]
        if missing:
            return Refused(code=422, message=f"Media {', '.join(missing)} not found or already attached")
        after = replace(status, visibility=kept.status.visibility, language=status.language or kept.status.language)
        edited = replace(kept, status=after, media_ids=media_ids)
        if self.moves_edited:
            number = self._next_id()
            edited = replace(edited, id=number, url=f"https://social.example/@{self._name}/{number}")
        self.statuses[self.statuses.index(kept)] = edited
        return _published(edited)

    def _delete(self, status_id: str) -> DeleteReply:
        there = self._find(status_id)
        self.remove(status_id)
        return Deleted() if there else _NOT_FOUND

    def _boost(self, status_id: str) -> Reply:
        kept = self._find(status_id)
        if kept is None:
            return _NOT_FOUND
        if status_id not in self.boosts:
            self.boosts.append(status_id)
        return _published(kept)

    def _find(self, status_id: str) -> Kept | None:
        return next((kept for kept in self.statuses if kept.id == status_id), None)

    def _keep(self, status: Status, *, media_ids: tuple[str, ...], key: str, at: datetime | None) -> Kept:
        kept = Kept(
            id=(number := self._next_id()),
            url=f"https://social.example/@{self._name}/{number}",
            created_at=at or (self._now() if self._now else FIRST + timedelta(seconds=self._last_id)),
            status=status,
            media_ids=media_ids,
            key=key,
        )
        self.statuses.append(kept)
        return kept

    def _store(self, file: MediaFile, description: str, focus: tuple[float, float] | None) -> UploadReply:
        media_id = self._next_id()
        self.media[media_id] = FakeFile(file=file, description=description, focus=focus, polls_left=self.polls)
        return Uploaded(id=media_id, ready=self.polls == 0)

    def _next_id(self) -> str:
        self._last_id += 1
        return str(self._last_id)

    def _attached(self) -> set[str]:
        return {media_id for kept in self.statuses for media_id in kept.media_ids}

    def _newest_first(self) -> list[Kept]:
        return sorted(self.statuses, key=lambda kept: (kept.created_at, int(kept.id)), reverse=True)


def _published(kept: Kept) -> Published:
    return Published(id=kept.id, url=kept.url, created_at=kept.created_at)


def _own(kept: Kept) -> OwnStatus:
    return OwnStatus(
        id=kept.id,
        url=kept.url,
        created_at=kept.created_at,
        links=tuple(re.findall(r"https?://\S+", kept.status.text)),
        text=kept.status.text,
    )
