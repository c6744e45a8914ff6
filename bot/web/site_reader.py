"""What the pages read at a site: a post as it is now, and its pictures. Kept for a moment; a page never waits twice."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Generic, TypeVar

from bot.crosspost.context import Context
from bot.domain.composing.attachments import image_candidates
from bot.domain.models import Limits, MediaFile, Post
from bot.errors import ImageError, SiteError, SiteUnavailableError
from bot.ports import Clock
from bot.report.preview import latest, preview

IMAGE_BYTES = 8_000_000
# So many requests wait for sites at a time, half of those that work: a silent site leaves the others to all else.
MOST_WAITING = 4
_PATIENCE = 2.0  # seconds
_KEPT_FOR = timedelta(minutes=1)
_Value = TypeVar("_Value")


class _CrowdedError(SiteUnavailableError):
    """Nothing was asked: too many wait already."""


class Recent(Generic[_Value]):
    """The last few things that were read, or couldn't be, each for a minute: an open page asks no more often."""

    def __init__(self, most: int, *, clock: Clock) -> None:
        self._most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[timedelta, _Value | SiteError]] = OrderedDict()

    def get(self, key: Hashable, read: Callable[[], _Value]) -> _Value:
        """What was read lately, or is read now. A site's error is kept too, and raised; not where it wasn't asked."""
        with self._lock:
            kept = self._kept.get(key)
        is_fresh = kept is not None and self._clock.elapsed() - kept[0] < _KEPT_FOR
        value = kept[1] if kept is not None and is_fresh else self._read(key, read)
        if isinstance(value, SiteError):
            raise value.with_traceback(None)
        return value

    def _read(self, key: Hashable, read: Callable[[], _Value]) -> _Value | SiteError:
        value: _Value | SiteError
        try:
            value = read()
        except _CrowdedError:
            raise
        except SiteError as error:
            value = error
        with self._lock:
            self._kept[key] = (self._clock.elapsed(), value)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return value


class Reader:
    """Reads posts and pictures for the pages."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._posts: Recent[Post] = Recent(50, clock=context.clock)
        self._pictures: Recent[MediaFile] = Recent(8, clock=context.clock)
        self._turns = threading.BoundedSemaphore(MOST_WAITING)

    def post(self, site: str, post_id: int) -> Post:
        """A post as it is now. SiteError where it can't be read."""
        return self._posts.get((site, post_id), lambda: self._read(site, post_id))

    def latest(self, site: str, number: int) -> list[int]:
        """The ids of a site's newest posts, newest first. SiteError where it can't be asked."""
        with self._turn(site):
            posts = latest(self._context.sites[site].site, number, now=self._context.clock.now())
        return [post.id for post in posts]

    def limits(self, account: str) -> Limits:
        """What the instance allows, as it was remembered; the usual where nothing is."""
        return self._context.store.account(account).limits or Limits()

    def picture(self, site: str, post_id: int, *, account: str, number: int) -> MediaFile:
        """A picture that goes along with a post's status, by its place. ImageError where there is none to be had."""
        return self._pictures.get(
            (site, post_id, account, number), lambda: self._picture(site, post_id, account=account, number=number)
        )

    @contextmanager
    def _turn(self, site: str) -> Iterator[None]:
        """One of few at a time. SiteError where the others don't come to an end."""
        if not self._turns.acquire(timeout=_PATIENCE):
            raise _CrowdedError(f"site {site}: other pages wait for sites already; load this one again")
        try:
            yield
        finally:
            self._turns.release()

    def _read(self, site: str, post_id: int) -> Post:
        known = self._context.store.shares(site=site, post_id=post_id)
        with self._turn(site):
            return self._context.sites[site].site.read(post_id, link=known[0].link if known else "")

    def _picture(self, site: str, post_id: int, *, account: str, number: int) -> MediaFile:
        post, limits = self.post(site, post_id), self.limits(account)
        wanted = preview(self._context, site, post, account=account, limits=limits).draft.wanted
        if not 0 <= number < len(wanted):
            raise ImageError(f"{site}/{post_id} has no such picture")
        files = image_candidates(wanted[number].image, limits)
        if not files:
            raise ImageError(f"{site}/{post_id}: none of the picture's files can be used")
        with self._turn(site):
            found = self._context.sites[site].site.fetch_image(files[0].url, max_bytes=IMAGE_BYTES)
        if not found.mime_type.startswith("image/") or "svg" in found.mime_type:
            raise ImageError(f"{site}/{post_id}: the picture is of a type that isn't shown")
        return found
