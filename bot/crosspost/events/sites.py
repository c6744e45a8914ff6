"""What else happens to a site."""

import logging

from bot.crosspost.events import Event


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
