"""What comes of a look at a site."""

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
