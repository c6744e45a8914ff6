"""What happens to an account and its shares."""

import logging
from datetime import datetime

from bot.crosspost.events import Event, tell
from bot.domain.models import Share, State
from bot.domain.transitions.change import Change

_LEVELS = {
    State.FAILED: logging.ERROR,
    State.HELD: logging.ERROR,
    State.UNKNOWN: logging.WARNING,
    State.PENDING: logging.WARNING,
}


class ShareChanged(Event, frozen=True, kw_only=True):
    """Something was tried with a share, and recorded. before: as it was; change: what became of it."""

    before: Share
    change: Change

    @property
    def name(self) -> str:
        """What came of the attempt: "shared", "refused", "held" and so on."""
        return self.change.attempt.outcome

    @property
    def level(self) -> int:
        """By the state that the share is in now; to wait without a trouble is the ordinary way."""
        share = self.change.share
        waits = share.state is State.PENDING and not share.error
        return logging.INFO if waits else _LEVELS.get(share.state, logging.INFO)

    def sentence(self) -> str:
        """What came of it, of which share, and why."""
        share, attempt = self.change.share, self.change.attempt
        return f"{attempt.outcome}: {share.name}: {attempt.detail or share.state}"

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


class ImageUploaded(Event, frozen=True, kw_only=True):
    """An image was uploaded, or its instance said no; outcome and detail as in the share's history."""

    NAME = "upload"
    LEVEL = logging.DEBUG
    SENTENCE = "upload: {0.site}/{0.post_id} on {0.account}: {0.outcome} {0.detail}"
    LOGGED = ("site", "post_id", "account", "outcome")
    site: str
    post_id: int
    account: str
    outcome: str
    detail: str


class Paused(Event, frozen=True, kw_only=True):
    """An account is left alone for a while."""

    NAME = "paused"
    LEVEL = logging.ERROR
    SENTENCE = "paused: {0.account} until {0.until:%Y-%m-%d %H:%M:%SZ}: {0.reason}"
    LOGGED = ("account", "until")
    account: str
    until: datetime
    reason: str


class TokenChanged(Event, frozen=True, kw_only=True):
    """An account that was paused is tried again: its token was replaced, or may be read by now."""

    NAME = "token_changed"
    SENTENCE = "account {0.account}: tried again with the token as it is now"
    account: str


class TokenUnreadable(Event, frozen=True, kw_only=True):
    """An account's token can't be read; nothing is sent there until it can."""

    NAME = "token_unreadable"
    LEVEL = logging.ERROR
    SENTENCE = "account {0.account} is left alone until its token can be read: {0.error}"
    account: str
    error: str


class Rests(Event, frozen=True, kw_only=True):
    """What waits on an account is put off by min_interval, max_per_day or quiet_hours."""

    NAME = "rests"
    SENTENCE = "rests: {0.account} until {0.until:%Y-%m-%d %H:%M:%SZ} (min_interval, max_per_day or quiet_hours)"
    account: str
    until: datetime


class Backlog(Event, frozen=True, kw_only=True):
    """Several posts wait on an account that has to rest. forecast: how many, and until when, in words."""

    NAME = "backlog"
    SENTENCE = "backlog: {0.account}: {0.forecast}"
    LOGGED = ("account", "waiting", "last_at")
    account: str
    waiting: int
    last_at: datetime
    forecast: str


class LeaseLost(Event, frozen=True, kw_only=True):
    """Another process attends to an account by now; this one leaves it alone."""

    NAME = "lease_lost"
    LEVEL = logging.WARNING
    SENTENCE = "lease lost: {0.account}: {0.error}"
    LOGGED = ("account",)
    account: str
    error: str


class NotDeleted(Event, frozen=True, kw_only=True):
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
