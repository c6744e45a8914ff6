"""The simulated instance: what it keeps, and how it treats keys, files, rates and its own outages."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.answers import Barred, Published, Refused, Reply, Throttled, Unanswered
from bot.domain.models import Limits, MediaState, RateLimit, Status
from tests.simulation.invariants import NOBODY, Watch
from tests.simulation.scenario import FRIEND, Ill, Keys, Scenario
from tests.simulation.world import HOUR, MINUTE, SECOND, World

# How the id of a status begins that is older than the world.
OLD = "9999"
_LINK = re.compile(r"https?://\S+")
_MENTION = re.compile(r"(?<![\w/])@(\w+(?:@[\w.-]+\w)?)")
_LIFE = {Keys.ERRORS: 6 * HOUR, Keys.PLACEHOLDER: 24 * HOUR}


@dataclass(slots=True, kw_only=True)
class Kept:
    """A status on the account. profile: the account's address. key: '' where a person wrote it."""

    id: str
    profile: str
    created_at: datetime
    ms: int
    text: str
    media_ids: tuple[str, ...] = ()
    key: str = ""
    deleted: bool = False
    boosts: int = 0
    visibility: str = "public"

    @property
    def url(self) -> str:
        """Where it is."""
        return f"{self.profile}/{self.id}"

    @property
    def links(self) -> tuple[str, ...]:
        """Every address in it."""
        return tuple(_LINK.findall(self.text))


@dataclass(slots=True)
class Job:
    """A publish that has reached the instance: under way until reply is there."""

    status: Status
    media_ids: tuple[str, ...]
    key: str
    done_at: int
    reply: Reply | None = None


@dataclass(slots=True)
class File:
    """An uploaded file."""

    ready_at: int
    state: MediaState = MediaState.READY


@dataclass(slots=True)
class _Key:
    """What is remembered of a key: the status, the reply; neither while it is worked on."""

    since: int
    status: Kept | None = None
    reply: Reply | None = None


class Instance:
    """An instance and the one account on it. Its clock is off by skew."""

    def __init__(self, name: str, world: World, settings: Scenario, watch: Watch) -> None:
        self.name = name
        self.world = world
        self.settings = settings
        self.watch = watch
        self.flavour = settings.keys[name]
        self.jitter: random.Random = world.random(f"instance {name}")
        self.profile = f"{settings.instance_of(name)}/@{name}"
        self.skew = timedelta(seconds=self.jitter.choice((0, 0, -40, 40)))
        self.whole_seconds = self.jitter.random() < 0.3
        self.lag = self._lag()
        self.window = self.jitter.choice((2, 4)) if settings.has(Ill.RATES) else 0
        self.says_rate = self.jitter.random() < 0.5
        self.max_characters = 500
        self.refuses_the_same = settings.has(Ill.EDITS) and world.random(f"edits on {name}").random() < 0.3
        self.statuses: list[Kept] = []
        self.on_edited: list[Callable[[str], None]] = []  # told what a status says now
        self.jobs: list[Job] = []
        self.files: dict[str, File] = {}
        self.outage = ""
        self.takes_none = False
        self.was_nobody = False  # whether it could not say once whose token it was
        self._keys: dict[str, _Key] = {}
        self._number = 100
        self._plan()

    # --- what is decided beforehand

    def _lag(self) -> int:
        """How late its listing shows a status."""
        if self.settings.has(Ill.KEY_ALONE):
            return self.jitter.choice((30 * SECOND, MINUTE))
        return self.jitter.choice((500, 1500)) if self.settings.has(Ill.LAG) else 0

    def _plan(self) -> None:
        world, jitter, settings = self.world, self.jitter, self.settings
        self.write("Hello")
        moments = sorted(jitter.randint(0, settings.duration) for _ in range(6))
        if settings.has(Ill.OUTAGES):
            for ms in moments[:3]:
                world.at(ms, self._break_down)
        if settings.has(Ill.TAKES_NONE):
            begins = world.random(f"{self.name} takes none").randint(0, settings.duration * 2 // 3)
            world.at(begins, self._take_none)
        if settings.has(Ill.LIMITS):
            world.at(moments[3], lambda: self._limit(300))
            world.at(moments[4], lambda: self._limit(500))
        if settings.has(Ill.STRANGERS):
            for ms in moments:
                world.at(ms, self._stranger)

    def _break_down(self) -> None:
        if self.world.calm:
            return
        self.outage = self.jitter.choice(("down", "401", "403", "429", "503", "redirect"))
        self.world.strike(f"outage: {self.outage}")
        self.world.trace.note(self.world.ms, self.name, f"outage begins: {self.outage}")
        self.world.at(self.world.ms + self.jitter.choice((20, 120, 900)) * SECOND, self._recover)

    def _take_none(self) -> None:
        """From now on, until all is calm."""
        if not self.world.calm:
            self.takes_none = True
            self.world.strike("takes no status")
            self.world.trace.note(self.world.ms, self.name, "takes no status from now on")

    def _recover(self) -> None:
        self.outage = ""
        self.world.trace.note(self.world.ms, self.name, "outage is over")

    def _limit(self, characters: int) -> None:
        self.world.strike("limits changed")
        self.world.trace.note(self.world.ms, self.name, f"allows {characters} characters now")
        self.max_characters = characters

    def _stranger(self) -> None:
        """The account's owner writes something, or deletes something."""
        if self.jitter.random() < 0.7 or len(self.statuses) < 2:
            self.world.strike("a person writes a status")
            self.write(f"What a day {self._number}")
            return
        victim = self.jitter.choice(self.statuses)
        if self.delete(victim.id, by="its owner"):
            self.world.strike("a person deletes a status")

    def delete(self, status_id: str, *, by: str) -> bool:
        """Delete a status; whether it was there still."""
        victim = self._standing(status_id)
        if victim is None:
            return False
        self.world.trace.note(self.world.ms, self.name, f"status {victim.id} is deleted by {by}")
        self.watch.deleted(self.name, victim.key, by=by)
        victim.deleted = True
        return True

    def edit(self, status_id: str, status: Status, media_ids: tuple[str, ...]) -> Reply:
        """Replace what a status says."""
        kept = self._standing(status_id)
        if kept is None:
            return Refused(code=404, message="Record not found")
        if self.refuses_the_same and (kept.text, kept.media_ids) == (status.text, media_ids):
            self.world.strike("edit: refused, since nothing would change")
            return Refused(code=422, message="status was not changed")
        new = tuple(media_id for media_id in media_ids if media_id not in kept.media_ids)
        refused = self._refusal(status, new)
        if refused is not None:
            return refused
        self.world.trace.note(self.world.ms, self.name, f"status {kept.id} says now: {status.text[:40]!r}")
        kept.text, kept.media_ids = status.text, media_ids
        for tell in self.on_edited:
            tell(kept.text)
        return _published(kept)

    def boost(self, status_id: str) -> Reply:
        """Boost a status, as often as it is asked for."""
        kept = self._standing(status_id)
        if kept is None:
            return Refused(code=404, message="Record not found")
        kept.boosts += 1
        self.watch.boosted(self.name, kept.id, kept.boosts)
        return Published(id=self._next_id(), url="", created_at=self.now())

    def boosted(self, status_id: str) -> bool | None:
        """Whether a status is boosted; None where there is none."""
        kept = self._standing(status_id)
        return bool(kept.boosts) if kept is not None else None

    def _standing(self, status_id: str) -> Kept | None:
        """The status with this id, unless it is deleted."""
        return next((status for status in self.statuses if status.id == status_id and not status.deleted), None)

    def standing_at(self, url: str) -> Kept | None:
        """The status with this address, unless it is deleted."""
        return next((status for status in self.statuses if status.url == url and not status.deleted), None)

    def limits(self) -> Limits:
        """What the instance says of itself."""
        software = "gotosocial" if self.refuses_the_same else "snac"
        return Limits(max_characters=self.max_characters, software=software)

    def write(self, text: str) -> None:
        """A person writes a status."""
        self.keep(Status(text=text), (), "")

    def mend(self) -> None:
        """Whatever was wrong is over."""
        self.outage, self.takes_none = "", False

    # --- what the server does

    def now(self) -> datetime:
        """The time by the server's clock."""
        now = self.world.now() + self.skew
        return now.replace(microsecond=0) if self.whole_seconds else now

    def receive(self, status: Status, media_ids: tuple[str, ...], key: str, *, work: int) -> Job:
        """A publish arrives; it is done so much later, whoever still waits for it."""
        ms = self.world.ms
        job = Job(status=status, media_ids=media_ids, key=key, done_at=ms + work)
        job.reply = self._at_the_door(key)
        if job.reply is not None:
            job.done_at = ms + 50
            return job
        self.watch.arrived(self.name, key)
        self._keys[key] = self._keys.get(key) or _Key(ms)
        self.jobs.append(job)
        self.world.at(job.done_at, lambda: self._finish(job))
        return job

    def no(self) -> Barred | Throttled | Unanswered | None:
        """What everybody is told while there is an outage or the window is full."""
        match self.outage:
            case "401" | "403":
                return Barred(code=int(self.outage), message="simulated")
            case "redirect":
                return Barred(code=301, message="simulated")
            case "429":
                return Throttled(message="simulated")
            case "503":
                return Unanswered(message="503")
        return None

    def rate(self) -> RateLimit | None:
        """What the headers say."""
        if not self.window or not self.says_rate:
            return None
        return RateLimit(remaining=max(0, self.window - self._used()), reset_at=self.reset_at())

    def reset_at(self) -> datetime:
        """When the rate window begins anew."""
        return self.world.instant((self.world.ms // MINUTE + 1) * MINUTE)

    def full(self) -> bool:
        """Whether the rate window has no room."""
        return bool(self.window) and self._used() >= self.window

    def visible(self) -> list[Kept]:
        """What a listing shows, newest first."""
        horizon = self.world.ms - (0 if self.world.calm else self.lag)
        kept = [status for status in self.statuses if not status.deleted and status.ms <= horizon]
        return sorted(kept, key=lambda status: (status.created_at, int(status.id)), reverse=True)

    def keep_file(self) -> str:
        """An upload is kept; returns its id."""
        media_id = self._next_id()
        slow = self.jitter.choice((0, 0, 2, 10, 600)) * SECOND
        self.files[media_id] = File(self.world.ms + slow)
        if self.jitter.random() < 0.1:
            self.files[media_id].state = self.jitter.choice((MediaState.FAILED, MediaState.MISSING))
        return media_id

    def file_state(self, media_id: str) -> MediaState:
        """What became of a file; an attached one is missing."""
        file = self.files.get(media_id)
        if file is None or media_id in self._attached():
            return MediaState.MISSING
        if self.world.ms < file.ready_at and file.state is MediaState.READY:
            return MediaState.PROCESSING
        return file.state

    def _used(self) -> int:
        return sum(status.ms // MINUTE == self.world.ms // MINUTE for status in self.statuses)

    def _at_the_door(self, key: str) -> Reply | None:
        """What a key that is known is answered; None where the work begins."""
        known = self._keys.get(key)
        if known is None or self.flavour is Keys.NONE or self.world.ms - known.since > _LIFE.get(self.flavour, HOUR):
            self._keys.pop(key, None)
            return None
        self.world.strike("a key is replayed")
        running = any(job.key == key and job.reply is None for job in self.jobs)
        match self.flavour:
            case Keys.REFUSING:
                return Refused(code=400, message="Duplicate idempotency key.")
            case Keys.PLACEHOLDER:
                return _published(known.status) if known.status else Unanswered(message="408")
            case Keys.ERRORS:
                return None if running else known.reply
        return self._again(known, running=running)

    def _again(self, known: _Key, *, running: bool) -> Reply | None:
        """What one of Mastodon's versions says to a key that it knows."""
        if running:
            return Unanswered(message="503") if self.flavour is not Keys.HOUR else None
        if known.status is None:
            return None
        if self.flavour is Keys.BROKEN:
            return Unanswered(message="500")
        return Refused(code=404, message="Record not found") if known.status.deleted else _published(known.status)

    def _finish(self, job: Job) -> None:
        """The work is done."""
        known = self._keys.setdefault(job.key, _Key(self.world.ms))
        job.reply = self._refusal(job.status, job.media_ids)
        if job.reply is None:
            kept = self.keep(job.status, job.media_ids, job.key)
            known.status = kept
            job.reply = _published(kept)
            self.watch.published(self.name, job.key)
        known.since, known.reply = self.world.ms, job.reply
        self.watch.done(self.name, job.key)

    def _refusal(self, status: Status, media_ids: tuple[str, ...]) -> Refused | None:
        if len(status.text) > self.max_characters:
            return Refused(code=422, message="Validation failed: too long")
        states = [self.file_state(media_id) for media_id in media_ids]
        if MediaState.MISSING in states or MediaState.FAILED in states:
            self.world.strike("publish: media not found or attached already")
            return Refused(code=422, message="Media not found or already attached")
        if MediaState.PROCESSING in states:
            self.world.strike("publish: media not ready")
            return Refused(code=422, message="Cannot attach files that have not finished processing")
        return None

    def keep(self, status: Status, media_ids: tuple[str, ...], key: str) -> Kept:
        """A status stands from now on."""
        kept = Kept(
            id=self._next_id(),
            profile=self.profile,
            created_at=self.now(),
            ms=self.world.ms,
            text=status.text,
            media_ids=media_ids,
            key=key,
            visibility=status.visibility,
        )
        self.statuses.append(kept)
        named = {handle for handle in _MENTION.findall(kept.text) if handle != FRIEND}
        if named:
            self.world.fail(NOBODY, f"status {kept.id} on {self.name} mentions {sorted(named)}")
        who = f"key {key[:6]}" if key else "a person"
        self.world.trace.note(self.world.ms, self.name, f"status {kept.id} stands ({who}): {status.text[:40]!r}")
        return kept

    def _attached(self) -> set[str]:
        return {media_id for kept in self.statuses for media_id in kept.media_ids}

    def _next_id(self) -> str:
        self._number += 1
        return str(self._number)


def _published(kept: Kept) -> Published:
    return Published(id=kept.id, url=kept.url, created_at=kept.created_at)
