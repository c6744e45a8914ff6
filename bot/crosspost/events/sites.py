"""What comes of a look at a site, and what else happens to it."""

import logging
from typing import ClassVar

from bot.crosspost.events import Event


class _Look(Event, frozen=True, kw_only=True):
    """A look at a site was recorded. posts: those that are new. first: nothing was known of the site before."""

    LOGGED: ClassVar[tuple[str, ...] | None] = ("site", "posts", "first")
    site: str
    posts: int
    first: bool


class Looked(_Look, frozen=True, kw_only=True):
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


class LookIncomplete(_Look, frozen=True, kw_only=True):
    """A look did not see everything: what it saw is recorded, and the next one looks as far back."""

    NAME = "look_incomplete"
    LEVEL = logging.WARNING
    SENTENCE = "look incomplete: {0.site}: {0.error}"
    error: str


class CrowdHeld(_Look, frozen=True, kw_only=True):
    """A look found so many new posts that all of them wait for a person. shares: how many wait."""

    NAME = "held"
    LEVEL = logging.ERROR
    SENTENCE = "held: {0.site}: {0.reason}"
    LOGGED = ("site", "posts", "first", "shares")
    shares: int
    reason: str


class LookFailed(Event, frozen=True, kw_only=True):
    """A look at a site failed; it is made again later. The error names the site."""

    NAME = "look_failed"
    LEVEL = logging.WARNING
    SENTENCE = "look failed: {0.error}"
    site: str
    error: str


class StandsStill(Event, frozen=True, kw_only=True):
    """Something of a site was tried and refused more than a few times: told once, when it comes to that."""

    NAME = "stands_still"
    LEVEL = logging.ERROR
    SENTENCE = "stands still: {0.site}: {0.what}"
    LOGGED = ("site",)
    site: str
    what: str


class FollowFailed(Event, frozen=True, kw_only=True):
    """A site could not be asked what became of posts that were shared. The error names the site."""

    NAME = "follow_failed"
    LEVEL = logging.WARNING
    SENTENCE = "not followed: {0.error}"
    site: str
    error: str


class PluginFailed(Event, frozen=True, kw_only=True):
    """The plugin Share on Mastodon has tried to share a post, and was refused; howdah shares it now."""

    NAME = "plugin_failed"
    LEVEL = logging.WARNING
    SENTENCE = "Share on Mastodon was refused: {0.site}/{0.post_id}: {0.error}"
    site: str
    post_id: int
    error: str


class NoticeTaken(Event, frozen=True, kw_only=True):
    """A site announced a post, or a person there wants it shared once more; or what was sent is no notice.

    outcome: "accepted", "repeated", "forged", "stale", "unreadable" or "too many".
    """

    NAME = "notice"
    SENTENCE = "notice: {0.site}: {0.outcome}"
    site: str
    outcome: str


class NoticeDone(Event, frozen=True, kw_only=True):
    """What came of a notice, in words."""

    NAME = "notice_done"
    SENTENCE = "announced: {0.site}/{0.post_id}: {0.outcome}"
    site: str
    post_id: int
    outcome: str
    detail: str


class Written(Event, frozen=True, kw_only=True):
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


class NotWritten(Event, frozen=True, kw_only=True):
    """A site could not be told what became of a post. It is tried again, unless given_up. The error names the site."""

    NAME = "not_written"
    LEVEL = logging.WARNING
    SENTENCE = "not written: {0.site}/{0.post_id}: {0.error}"
    site: str
    post_id: int
    error: str
    given_up: bool
