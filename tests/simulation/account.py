"""An account as one process has it: its calls to the instance, and what may go wrong on the way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from bot.domain.answers import (
    Answer,
    Barred,
    Deleted,
    DeleteReply,
    NotSent,
    Refused,
    Reply,
    Throttled,
    Unanswered,
    UploadAnswer,
    Uploaded,
    UploadReply,
)
from bot.domain.models import Anchor, Limits, Listing, MediaFile, MediaState, OwnStatus, Profile, Status, StatusPage
from bot.errors import AccountBarredError, AccountError, AccountUnavailableError
from bot.ports import MaySend, always
from tests.simulation.calls import Caller
from tests.simulation.changes import change
from tests.simulation.instance import Instance, Job, Kept
from tests.simulation.invariants import NOT_TAKEN
from tests.simulation.scenario import Ill

T = TypeVar("T")
# How many statuses a listing shows where it is incomplete, and a page of them.
_BOUND = 3
_TOO_LATE = NotSent(message="it was too late to send")


@dataclass(frozen=True, slots=True)
class _Fate:
    """What becomes of one publish: how long it takes, whether the work is done, and what the client hears instead."""

    work: int
    arrives: bool = True
    heard: Reply | None = None
    silent: bool = False
    cut: int = 0


class SimulatedAccount:
    """An Account as one process has it."""

    def __init__(self, instance: Instance, caller: Caller) -> None:
        self.instance = instance
        self._caller = caller
        self._timeout = instance.settings.timeout // timedelta(milliseconds=1)
        self._jitter = caller.world.random(f"calls of {caller.process.name} to {instance.name}")

    @property
    def name(self) -> str:
        """The account's name."""
        return self.instance.name

    def limits(self) -> Limits:
        """What the instance allows now."""
        return self._read("limits", self.instance.limits)

    def verify(self) -> Profile:
        """Whose token this is."""
        who = Profile(id="1", acct=self.name, url=self.instance.profile)
        try:
            return self._read("verify", lambda: who)
        except AccountError:
            self.instance.was_nobody = True
            raise

    def latest(self) -> Anchor | None:
        """The newest own status."""
        return self._read("latest", lambda: next((_anchor(kept) for kept in self._shown()), None))

    def statuses_since(self, anchor: Anchor | None) -> Listing:
        """The own statuses back to an anchor."""
        return self._read("statuses_since", lambda: self._listing(anchor), anchor)

    def own_page(self, *, before: str = "") -> StatusPage:
        """The own statuses, some at a time."""
        return self._read("own_page", lambda: self._page(before), before)

    def media_state(self, media_id: str) -> MediaState:
        """What became of a file."""
        return self._read("media_state", lambda: self.instance.file_state(media_id), media_id)

    def upload(self, file: MediaFile, *, description: str, focus: tuple[float, float] | None = None) -> UploadAnswer:
        """Upload a file."""
        return self._call("upload", (file.mime_type,), self._upload)

    def publish(self, status: Status, *, media_ids: Sequence[str], key: str, may_send: MaySend = always) -> Answer:
        """Publish a status."""
        shown = (status.text[:30], key[:6], *media_ids)
        return self._call("publish", shown, lambda: self._heard(status, tuple(media_ids), key, may_send))

    def delete(self, status_id: str) -> DeleteReply:
        """Delete a status."""
        return self._call(
            "delete", (status_id,), lambda: change(self.instance, self._jitter, lambda: self._deleted(status_id))
        )

    def edit(self, status_id: str, status: Status, *, media_ids: Sequence[str]) -> Answer:
        """Replace a status."""

        def work() -> Reply:
            return self.instance.edit(status_id, status, tuple(media_ids))

        shown = (status_id, status.text[:30], *media_ids)
        return self._call("edit", shown, lambda: Answer(reply=change(self.instance, self._jitter, work)))

    def boost(self, status_id: str) -> Answer:
        """Boost a status."""

        def work() -> Reply:
            return self.instance.boost(status_id)

        return self._call("boost", (status_id,), lambda: Answer(reply=change(self.instance, self._jitter, work)))

    def boosted(self, status_id: str) -> bool | None:
        """Whether a status is boosted."""
        return self._read("boosted", lambda: self.instance.boosted(status_id), status_id)

    def status(self, _status_id: str) -> None:
        """What is asked for stood before the world began: nothing is known of it."""

    def look_up(self, handles: Sequence[str]) -> None:
        """Ask whom they name."""
        slow = self._jitter.choice((200, 2 * self._timeout))
        self._call("look_up", tuple(handles), lambda: self.instance.world.sleep(slow))

    # --- inside

    def _call(self, name: str, arguments: tuple[object, ...], work: Callable[[], T]) -> T:
        return self._caller.call(f"{self.name}.{name}", arguments, {}, work)

    def _read(self, name: str, work: Callable[[], T], *arguments: object) -> T:
        return self._call(name, arguments, lambda: self._readable(name, work))

    def _readable(self, name: str, work: Callable[[], T]) -> T:
        instance, world, settings = self.instance, self.instance.world, self.instance.settings
        world.sleep(self._jitter.randint(20, 400))
        if instance.outage in ("401", "403"):
            raise AccountBarredError("simulated", code=int(instance.outage))
        if instance.outage:
            raise AccountUnavailableError(f"simulated: {instance.outage}")
        if name in ("statuses_since", "latest") and settings.has(Ill.FORBIDDEN):
            world.strike("listing: 403")
            raise AccountBarredError("this action is outside the authorized scopes", code=403)
        if not world.calm and settings.has(Ill.READS) and self._jitter.random() < 0.3:
            world.strike(f"{name}: fails")
            raise AccountUnavailableError("simulated: 502")
        return work()

    def _deleted(self, status_id: str) -> DeleteReply:
        deleted = self.instance.delete(status_id, by=self._caller.process.name)
        return Deleted() if deleted else Refused(code=404, message="Record not found")

    def _shown(self) -> list[Kept]:
        """What the listing shows: as on Takahē, no private status."""
        hides = self.instance.settings.has(Ill.HIDDEN)
        return [kept for kept in self.instance.visible() if not (hides and kept.visibility == "private")]

    def _listing(self, anchor: Anchor | None) -> Listing:
        instance = self.instance
        found = [
            _own(kept)
            for kept in self._shown()
            if anchor is None or (kept.id != anchor.id and kept.created_at >= anchor.created_at)
        ]
        if instance.settings.has(Ill.INCOMPLETE) and len(found) > _BOUND:
            instance.world.strike("listing: incomplete")
            return Listing(statuses=tuple(found[:_BOUND]), complete=False)
        return Listing(statuses=tuple(found), complete=True)

    def _page(self, before: str) -> StatusPage:
        shown = [kept for kept in self._shown() if not before or int(kept.id) < int(before)]
        page, rest = shown[:_BOUND], shown[_BOUND:]
        return StatusPage(statuses=tuple(map(_own, page)), next=page[-1].id if rest else "")

    def _upload(self) -> UploadAnswer:
        instance, world = self.instance, self.instance.world
        world.sleep(self._jitter.randint(50, 900))
        told: UploadReply | None = NotSent(message="connection refused") if instance.outage == "down" else instance.no()
        if told is None and not world.calm and self._jitter.random() < 0.15:
            world.strike("upload fails")
            told = self._jitter.choice(_UPLOAD_MISHAPS)
        if told is not None:
            return UploadAnswer(reply=told)
        media_id = instance.keep_file()
        return UploadAnswer(reply=Uploaded(id=media_id, ready=instance.file_state(media_id) is MediaState.READY))

    def _heard(self, status: Status, media_ids: tuple[str, ...], key: str, may_send: MaySend) -> Answer:
        """Publish, and note what the client hears: nothing where it is killed meanwhile."""
        reply: Reply | None = None
        try:
            answer = self._publish(status, media_ids, key, may_send)
            # One that stood still until it was too late is taken for gone by others: nobody knows, for them. That its
            # connection is refused as well says nothing for it any more.
            reply = None if isinstance(answer.reply, NotSent) and not may_send() else answer.reply
        finally:
            self.instance.watch.answered(self.name, key, reply)
        return answer

    def _publish(self, status: Status, media_ids: tuple[str, ...], key: str, may_send: MaySend) -> Answer:
        instance, world = self.instance, self.instance.world
        give_up_at = world.ms + self._timeout
        world.sleep(self._connecting())
        if instance.outage == "down":
            return Answer(reply=NotSent(message="connection refused"))
        if not may_send():
            world.strike("publish: too late to send")
            return Answer(reply=_TOO_LATE)
        instance.watch.sent(self._caller.process.name, instance.name, key, (status, media_ids))
        fate = self._fate()
        if not fate.arrives:
            world.sleep(fate.cut or max(0, give_up_at - world.ms))
            return Answer(reply=fate.heard or Unanswered(message="timeout"))
        job = instance.receive(status, media_ids, key, work=fate.work)
        return self._wait(job, fate, give_up_at=give_up_at)

    def _wait(self, job: Job, fate: "_Fate", *, give_up_at: int) -> Answer:
        """Wait for the answer, as long as one waits."""
        instance, world = self.instance, self.instance.world
        answer_at = max(job.done_at, world.ms) + self._jitter.randint(10, 90)
        if fate.silent and fate.cut:
            give_up_at = world.ms + fate.cut
        if fate.silent or answer_at > give_up_at:
            world.sleep(max(0, give_up_at - world.ms))
            return Answer(reply=Unanswered(message="no answer"))
        world.sleep(answer_at - world.ms)
        reply = fate.heard or job.reply
        if reply is None:
            raise AssertionError("the instance's work was to be done by now")
        return Answer(reply=reply, rate=instance.rate())

    def _connecting(self) -> int:
        """How long it takes until the bytes can leave; sometimes nearly as long as one waits at all."""
        if self._slow() and self._jitter.random() < 0.1:
            return int(self._timeout * 0.9)
        return self._jitter.randint(10, 300)

    def _slow(self) -> bool:
        return not self.instance.world.calm and not self.instance.settings.has(Ill.STEPS)

    def _fate(self) -> _Fate:
        """Decide what becomes of a publish."""
        instance, world, settings, jitter = self.instance, self.instance.world, self.instance.settings, self._jitter
        told: Reply | None = Unanswered(message=NOT_TAKEN) if instance.takes_none else instance.no()
        if told is None and instance.full():
            world.strike("publish: 429, window full")
            until = instance.reset_at() if instance.says_rate else None
            told = Throttled(message="Too many requests", until=until)
        if told is not None:
            return _Fate(0, arrives=False, heard=told, cut=100)
        quick = jitter.randint(30, 400)
        if world.calm:
            return _Fate(quick)
        if settings.has(Ill.LATE) and jitter.random() < 0.15 * settings.harshness:
            world.strike("publish: done late")
            most = settings.answer_deadline // timedelta(milliseconds=1) - self._timeout - 500
            return _Fate(jitter.randint(min(self._timeout, most), most))
        if settings.has(Ill.LIMITS) and jitter.random() < 0.08:
            world.strike("publish: refused for good")
            refused = Refused(code=jitter.choice((404, 413, 422)), message="refused for good")
            return _Fate(0, arrives=False, heard=refused, cut=100)
        if settings.has(Ill.PUBLISH) and jitter.random() < 0.3:
            return self._mishap(quick)
        return _Fate(quick)

    def _mishap(self, quick: int) -> _Fate:
        world, jitter = self.instance.world, self._jitter
        alone = self.instance.settings.has(Ill.KEY_ALONE)
        kind = jitter.choice(
            [kind for kind, (heard, _, silent) in _MISHAPS.items() if not alone or _keeps_key(heard, silent=silent)]
        )
        world.strike(f"publish: {kind}")
        heard, arrives, silent = _MISHAPS[kind]
        if arrives:
            return _Fate(quick, heard=heard, silent=silent, cut=jitter.choice((0, 20, 200)))
        return _Fate(0, arrives=False, heard=heard, cut=jitter.choice((0, 50, 500)))


_UPLOAD_MISHAPS: tuple[UploadReply, ...] = (
    Unanswered(message="timeout"),
    Refused(code=422, message="no image"),
    Throttled(message="slowly"),
)
# What the client hears, whether the request arrives and is worked on, whether nothing is heard at all.
_MISHAPS: dict[str, tuple[Reply | None, bool, bool]] = {
    "answer lost": (None, True, True),
    "request lost": (None, False, True),
    "408, not done": (Unanswered(message="408"), False, False),
    "500, not done": (Unanswered(message="500"), False, False),
    "500, done": (Unanswered(message="500"), True, False),
    "502, done": (Unanswered(message="502"), True, False),
    "503, not done": (Unanswered(message="503"), False, False),
    "504, done": (Unanswered(message="504"), True, False),
    "2xx garbled, done": (Unanswered(message="2xx that can't be read"), True, False),
    "2xx garbled, not done": (Unanswered(message="2xx that can't be read"), False, False),
    "401": (Barred(code=401, message="once"), False, False),
    "403": (Barred(code=403, message="once"), False, False),
    "redirected": (Barred(code=302, message="once"), False, False),
    "429": (Throttled(message="once"), False, False),
    "never sent": (NotSent(message="DNS"), False, False),
}


def _keeps_key(heard: Reply | None, *, silent: bool) -> bool:
    """Whether the key outlives a mishap that comes after a doubt: all do but the refusal of the status itself."""
    return silent or isinstance(heard, Unanswered | Barred | Throttled)


def _own(kept: Kept) -> OwnStatus:
    return OwnStatus(
        id=kept.id,
        url=kept.url,
        created_at=kept.created_at,
        links=kept.links,
        text=kept.text,
        visibility=kept.visibility,
    )


def _anchor(kept: Kept) -> Anchor:
    return Anchor(id=kept.id, created_at=kept.created_at)
