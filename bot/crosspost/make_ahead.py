"""Making ahead: while one status is on its way, the next is read and composed, and its images are fetched and fitted.

Nothing is decided ahead and nothing uploaded. What is not the same by the share's turn (its row, its post, the limits)
is made anew then, and what goes wrong ahead goes wrong in its turn, where it is told.
"""

from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from datetime import timedelta

from bot.crosspost.anew import RecordingMaker
from bot.crosspost.context import Context
from bot.crosspost.draft import Draft, NoStatus, draft
from bot.crosspost.pictures import Picture, pictures
from bot.crosspost.read_ahead import ReadAhead
from bot.domain.models import Limits, Post, Share
from bot.errors import HowdahError

_KEEP_EVERY = timedelta(milliseconds=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was made of a share ahead, and from what."""

    share: Share
    post: Post
    limits: Limits
    draft: Draft
    pictures: tuple[Picture, ...]

    def is_of(self, post: Post, limits: Limits) -> bool:
        """Whether it was made of this post and by these limits."""
        return (self.post, self.limits) == (post, limits)


class MakeAhead:
    """The one share of a lane that is being made ahead, where the context has somebody to do so."""

    def __init__(self, context: Context, posts: ReadAhead) -> None:
        self._context = context
        self._posts = posts
        self._pending: Future[Made | None] | None = None

    def begin(self, share: Share, limits: Limits | None) -> None:
        """Begin with a share; with none where it is frozen under its key, or where the limits aren't known."""
        self._pending = None
        executor = self._context.executor
        if executor is not None and limits is not None and not share.idempotency_key:
            self._pending = executor.submit(_make, self._context, self._posts, share, limits)

    def take(self, share: Share, *, keep: Callable[[], None]) -> Made | None:
        """What was made of this share; None where nothing was. Its post is among those that were read ahead then.

        keep is called again and again while it is waited for, and may raise what ends that: end() waits for it then.
        """
        pending = self._pending
        if pending is None or pending.cancel():
            return None
        while not wait([pending], timeout=_KEEP_EVERY.total_seconds()).done:
            keep()
        self._pending = None
        made = pending.result()
        return made if made is not None and made.share == share else None

    def end(self) -> None:
        """Wait until nothing is being made any more."""
        if self._pending is not None and not self._pending.cancel():
            wait([self._pending])


def _make(context: Context, posts: ReadAhead, share: Share, limits: Limits) -> Made | None:
    try:
        post = posts.read(share)
        made = draft(context, share, post, limits)
        if isinstance(made, NoStatus):
            return None
        found = tuple(pictures(context, share, made.wanted, limits, maker=RecordingMaker(context, share)))
    except HowdahError:
        return None
    return Made(share=share, post=post, limits=limits, draft=made, pictures=found)
