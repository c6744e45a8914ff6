"""What happens, as values: each is logged as a sentence with fields, and handed to whoever listens.

The name and the fields of an event are interface: they are what `--log-format json` prints.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from typing import ClassVar

from bot.domain.models import Share, State
from bot.domain.transitions.change import Change

log = logging.getLogger("howdah")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened.

    NAME is what the log calls it, LEVEL is logging's. SENTENCE is for people, a format of the event itself as {0}.
    LOGGED names the fields that the log prints beside the sentence, where those are not all. With TRACEBACK the error
    in hand is logged with its traceback.
    """

    NAME: ClassVar[str]
    LEVEL: ClassVar[int] = logging.INFO
    SENTENCE: ClassVar[str]
    LOGGED: ClassVar[tuple[str, ...] | None] = None
    TRACEBACK: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """What the log calls it."""
        return self.NAME

    @property
    def level(self) -> int:
        """How grave it is, as logging counts."""
        return self.LEVEL

    def sentence(self) -> str:
        """What happened, for people."""
        return self.SENTENCE.format(self)

    def fields(self) -> dict[str, object]:
        """What happened, for machines; instants in ISO 8601."""
        names = self.LOGGED if self.LOGGED is not None else [field.name for field in fields(self)]
        values = {name: getattr(self, name) for name in names}
        return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


Listener = Callable[[Event], None]
_listeners: list[Listener] = []


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Hand every event of this process to a listener meanwhile, in the thread that it happens in.

    It is called whatever the log shows. What it raises is logged and goes no further.
    """
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def tell(event: Event) -> None:
    """Log an event and hand it to the listeners."""
    extra = {"event": event.name, **event.fields()}
    log.log(event.level, "%s", event.sentence(), extra=extra, exc_info=event.TRACEBACK or None, stacklevel=2)
    for listener in tuple(_listeners):
        try:
            listener(event)
        except Exception:  # the work goes on, whatever becomes of a count or a notice
            log.exception("a listener failed at %s", event.name, extra={"event": "listener_failed"})


# --- the process ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Running(Event):
    """The daemon works by a config: at its start, and after each reload."""

    NAME = "running"
    SENTENCE = "running: {0.sites} site(s), {0.accounts} account(s)"
    sites: int
    accounts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping(Event):
    """The daemon was told to stop, and heard it."""

    NAME = "stopping"
    SENTENCE = "stopping: what is in hand is finished first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped(Event):
    """The daemon has ended."""

    NAME = "stopped"
    SENTENCE = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reloaded(Event):
    """The config was read anew and is the one that counts."""

    NAME = "reloaded"
    SENTENCE = "config read anew"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReloadFailed(Event):
    """The config was to be read anew and is wrong; the old one still counts."""

    NAME = "reload_failed"
    LEVEL = logging.ERROR
    SENTENCE = "config not taken over: {0.error}"
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFailed(Event):
    """Somebody could not be told what needs a person, or that howdah works."""

    NAME = "notice_failed"
    LEVEL = logging.ERROR
    SENTENCE = "not told: {0.error}"
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigWarning(Event):
    """Something in the config is allowed and unwise."""

    NAME = "config_warning"
    LEVEL = logging.WARNING
    SENTENCE = "{0.warning}"
    LOGGED = ()
    warning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job(Event):
    """A job of a worker pool. kind: of the pool ("site", "account", "tick")."""

    LEVEL = logging.ERROR
    kind: str
    job: str

    def fields(self) -> dict[str, object]:
        """The job's name under its kind: {"site": "uk"}."""
        return {self.kind: self.job}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFailed(_Job):
    """A job ended in an expected error."""

    NAME = "error"
    SENTENCE = "{0.kind} {0.job}: {0.error}"
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCrashed(_Job):
    """A job ended in an error that nobody expected."""

    NAME = "crash"
    SENTENCE = "{0.kind} {0.job}: unexpected"
    TRACEBACK = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TickFailed(Event):
    """The store could not be asked what is due."""

    NAME = "error"
    LEVEL = logging.ERROR
    SENTENCE = "{0.error}"
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TickCrashed(Event):
    """Asking what is due ended in an error that nobody expected."""

    NAME = "crash"
    LEVEL = logging.ERROR
    SENTENCE = "unexpected, while asking what is due"
    TRACEBACK = True


# --- a site ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look(Event):
    """A look at a site was recorded. posts: those that are new. first: nothing was known of the site before."""

    LOGGED: ClassVar[tuple[str, ...] | None] = ("site", "posts", "first")
    site: str
    posts: int
    first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked(_Look):
    """What a look found; one that found nothing new is logged at DEBUG."""

    NAME = "looked"

    @property
    def level(self) -> int:
        """By what was found."""
        return logging.INFO if self.first or self.posts else logging.DEBUG

    def sentence(self) -> str:
        """How many posts."""
        if self.first:
            return f"first look: {self.site}: {self.posts} posts remembered"
        return f"looked: {self.site}: {self.posts} new posts"


@dataclass(frozen=True, slots=True, kw_only=True)
class LookIncomplete(_Look):
    """A look did not see everything: what it saw is recorded, and the next one looks as far back."""

    NAME = "look_incomplete"
    LEVEL = logging.WARNING
    SENTENCE = "look incomplete: {0.site}: {0.error}"
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdHeld(_Look):
    """A look found so many new posts that all of them wait for a person. shares: how many wait."""

    NAME = "held"
    LEVEL = logging.ERROR
    SENTENCE = "held: {0.site}: {0.reason}"
    LOGGED = ("site", "posts", "first", "shares")
    shares: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookFailed(Event):
    """A look at a site failed; it is made again later. The error names the site."""

    NAME = "look_failed"
    LEVEL = logging.WARNING
    SENTENCE = "look failed: {0.error}"
    site: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StandsStill(Event):
    """Something of a site was tried and refused more than a few times: told once, when it comes to that."""

    NAME = "stands_still"
    LEVEL = logging.ERROR
    SENTENCE = "stands still: {0.site}: {0.what}"
    LOGGED = ("site",)
    site: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowFailed(Event):
    """A site could not be asked what became of posts that were shared. The error names the site."""

    NAME = "follow_failed"
    LEVEL = logging.WARNING
    SENTENCE = "not followed: {0.error}"
    site: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginFailed(Event):
    """The plugin Share on Mastodon has tried to share a post, and was refused; howdah shares it now."""

    NAME = "plugin_failed"
    LEVEL = logging.WARNING
    SENTENCE = "Share on Mastodon was refused: {0.site}/{0.post_id}: {0.error}"
    site: str
    post_id: int
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTaken(Event):
    """A site announced a post, or a person there wants it shared once more; or what was sent is no notice.

    outcome: "accepted", "repeated", "forged", "stale", "unreadable" or "too many".
    """

    NAME = "notice"
    SENTENCE = "notice: {0.site}: {0.outcome}"
    site: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDone(Event):
    """What came of a notice, in words."""

    NAME = "notice_done"
    SENTENCE = "announced: {0.site}/{0.post_id}: {0.outcome}"
    site: str
    post_id: int
    outcome: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written(Event):
    """A site was told what became of a post, and shows it. url, error: what it shows, '' for none."""

    NAME = "written"
    SENTENCE = "written: {0.site}/{0.post_id}: {0.shown}"
    site: str
    post_id: int
    url: str
    error: str

    @property
    def shown(self) -> str:
        """What the site shows, in a word."""
        return self.url or self.error or "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotWritten(Event):
    """A site could not be told what became of a post. It is tried again, unless given_up. The error names the site."""

    NAME = "not_written"
    LEVEL = logging.WARNING
    SENTENCE = "not written: {0.site}/{0.post_id}: {0.error}"
    site: str
    post_id: int
    error: str
    given_up: bool


# --- an account and its shares --------------------------------------------------------------------------------------

_LEVELS = {
    State.FAILED: logging.ERROR,
    State.HELD: logging.ERROR,
    State.UNKNOWN: logging.WARNING,
    State.PENDING: logging.WARNING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareChanged(Event):
    """Something was tried with a share, and recorded. before: as it was; change: what became of it."""

    before: Share
    change: Change

    @property
    def name(self) -> str:
        """What came of the attempt: "shared", "refused", "held" and so on."""
        return self.change.attempt.outcome

    @property
    def level(self) -> int:
        """By the state that the share is in now."""
        return _LEVELS.get(self.change.share.state, logging.INFO)

    def sentence(self) -> str:
        """What came of it, of which share, and why."""
        share, attempt = self.change.share, self.change.attempt
        return f"{attempt.outcome}: {_name(share)}: {attempt.detail or share.state}"

    def fields(self) -> dict[str, object]:
        """The attempt, and the share as it is now."""
        share = self.change.share
        return {
            "step": self.change.attempt.step,
            "site": share.site,
            "post_id": share.post_id,
            "account": share.account,
            "number": share.number,
            "state": str(share.state),
            "was": str(self.before.state),
            "url": share.url,
            "error": share.error,
            "attempts": share.attempts,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused(Event):
    """An account is left alone for a while."""

    NAME = "paused"
    LEVEL = logging.ERROR
    SENTENCE = "paused: {0.account} until {0.until:%Y-%m-%d %H:%M:%SZ}: {0.reason}"
    LOGGED = ("account", "until")
    account: str
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenChanged(Event):
    """An account that was paused is tried again: its token was replaced, or may be read by now."""

    NAME = "token_changed"
    SENTENCE = "account {0.account}: tried again with the token as it is now"
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenUnreadable(Event):
    """An account's token can't be read; nothing is sent there until it can."""

    NAME = "token_unreadable"
    LEVEL = logging.ERROR
    SENTENCE = "account {0.account} is left alone until its token can be read: {0.error}"
    account: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rests(Event):
    """What waits on an account is put off by min_interval, max_per_day or quiet_hours."""

    NAME = "rests"
    SENTENCE = "rests: {0.account} until {0.until:%Y-%m-%d %H:%M:%SZ} (min_interval, max_per_day or quiet_hours)"
    account: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog(Event):
    """Several posts wait on an account that has to rest. forecast: how many, and until when, in words."""

    NAME = "backlog"
    SENTENCE = "backlog: {0.account}: {0.forecast}"
    LOGGED = ("account", "waiting", "last_at")
    account: str
    waiting: int
    last_at: datetime
    forecast: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseLost(Event):
    """Another process attends to an account by now; this one leaves it alone."""

    NAME = "lease_lost"
    LEVEL = logging.WARNING
    SENTENCE = "lease lost: {0.account}: {0.error}"
    LOGGED = ("account",)
    account: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDeleted(Event):
    """A post is gone, and its status stays until a person has looked: too many are gone, or the site shows none."""

    NAME = "gone_crowd"
    LEVEL = logging.ERROR
    SENTENCE = "not deleted: {0.site}/{0.post_id} on {0.account}: {0.reason}"
    LOGGED = ("site", "account")
    site: str
    post_id: int
    account: str
    reason: str


def report(before: Share, change: Change) -> None:
    """Tell what became of a share, and of its account where that has to pause."""
    tell(ShareChanged(before=before, change=change))
    if change.pause is not None:
        tell(Paused(account=change.share.account, until=change.pause.until, reason=change.pause.reason))


def _name(share: Share) -> str:
    return f"{share.post_name} on {share.account}"
