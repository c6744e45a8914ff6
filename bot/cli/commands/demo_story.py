"""The demo's story: posts are published one after the other, and what becomes of each is told as it happens."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from textwrap import wrap
from typing import TYPE_CHECKING

from bot.cli.failures import Failed
from bot.cli.terminal.output import say, say_styled
from bot.cli.terminal.share_table import STYLES

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from bot.domain.models import Share
    from bot.ports import Store
    from bot.sandbox.wordpress import SandboxWordPress
    from bot.sandbox.wordpress_posts import PostFields

_LOOK_EVERY_SECONDS = 0.1
_PUBLISH_EVERY_SECONDS = 1.0
_LONGEST_SECONDS = 60.0
_TITLE_LENGTH = 58
_WIDTH = 76
_INDENT = " " * 16
_ENDS = ("shared", "skipped", "failed", "held")


@dataclass(slots=True, kw_only=True)
class Story:
    """Publishes the sample posts, and prints every turn of their shares.

    name: the site's in the config. shared_before: the url of a status that the site's own plugin published.
    """

    site: SandboxWordPress
    store: Store
    stop: threading.Event
    name: str
    shared_before: str
    _begun: float = field(default_factory=time.monotonic)
    _told: dict[int, str] = field(default_factory=dict)
    _titles: dict[int, str] = field(default_factory=dict)
    _shared: bool = False

    def tell(self) -> bool:
        """Until every post has an end; False where the demo was stopped before. Failed where that takes too long."""
        before, after = _posts(self.site, self.shared_before)
        for post in before:
            self._publish(post)
        if not self._until(self._looked):
            return False
        for post in after:
            self._publish(post)
            if self.stop.wait(_PUBLISH_EVERY_SECONDS):
                return False
            self._print_changes()
        return self._until(self._ended)

    def _publish(self, post: PostFields) -> None:
        post_id = self.site.publish(**post)
        self._titles[post_id] = post["title"] or "(a post without a title)"

    def _until(self, holds: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + _LONGEST_SECONDS
        while not holds():
            if time.monotonic() > deadline:
                raise Failed("the demo didn't come to its end in time; `howdah --verbose demo` tells more")
            if self.stop.wait(_LOOK_EVERY_SECONDS):
                return False
            self._print_changes()
        self._print_changes()
        return True

    def _looked(self) -> bool:
        return self.store.site(self.name).looked_at is not None

    def _ended(self) -> bool:
        shares = self.store.shares(site=self.name)
        return len(shares) == len(self._titles) and all(share.state in _ENDS for share in shares)

    def _print_changes(self) -> None:
        """Print what changed since the last time, oldest first."""
        for share in reversed(self.store.shares(site=self.name)):
            before = self._told.get(share.id, "")
            if not self._shared and not _is_published(share):
                continue  # a status with its text comes first: it is what a person wants to see
            if share.state != before and share.state in (*_ENDS, "unknown"):
                self._told[share.id] = str(share.state)
                self._tell(share, before=before)

    def _tell(self, share: Share, *, before: str) -> None:
        seconds = int(time.monotonic() - self._begun)
        title = self._titles[share.post_id]
        if len(title) > _TITLE_LENGTH:
            title = f"{title[: _TITLE_LENGTH - 1]}…"
        say_styled((f"{seconds:>3} s  ", ""), (f"{share.state:<8} ", STYLES[share.state]), (title, "bold"))
        for line in _details(share, before=before):
            say(f"{_INDENT}{line}")
        if share.status is not None and not self._shared:
            for paragraph in share.status.text.splitlines():
                for line in wrap(paragraph, _WIDTH, break_long_words=False, break_on_hyphens=False) or [""]:
                    say(f"  | {line}".rstrip())
        self._shared = True


def _is_published(share: Share) -> bool:
    """Whether howdah published it, so that there is a text to be seen."""
    return share.state == "shared" and share.status is not None


def _posts(site: SandboxWordPress, shared_before: str) -> tuple[list[PostFields], list[PostFields]]:
    """The posts that are there before howdah looks for the first time, and those that come after."""
    from bot.sandbox.posts import sample_posts, shared_post

    orchard, ferry, rain, aside, council, languages, protected, _ = sample_posts()
    # Its own date is long past, as that of a real record: here it is news.
    adopted = shared_post(site.url)
    adopted |= {"date": datetime.now(UTC), "share_on_mastodon": {"url": shared_before, "error": ""}}
    return [aside, council], [orchard, ferry, rain, adopted, protected, languages]


def _details(share: Share, *, before: str) -> tuple[str, ...]:
    if share.state == "unknown":
        return ("the answer got lost on its way: was it published or not?",)
    if share.state != "shared":
        return (share.error,)
    if before == "unknown":
        return (share.url, "found on the account itself, so it isn't sent twice")
    if share.attempts == 0:
        return (share.url, "WordPress says that it was shared before: nothing is posted")
    return (share.url,)
