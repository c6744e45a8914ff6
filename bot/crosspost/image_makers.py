"""Make an image anew, and record that before: what brings howdah down while it does so costs that image alone.

The process that does it is bounded, but a machine may run out of memory all the same. Then the next start finds in the
share's history that an image was begun and never ended, and goes without it.
"""

from collections.abc import Callable, Collection, Iterable

from bot.crosspost.context import Context
from bot.domain.models import Attempt, MediaFile, Share
from bot.errors import ImageError

_STEP = "image"
_BEGUN, _MADE, _FAILED = "begun", "made", "failed"


def _nothing() -> None:
    pass


class RecordingMaker:
    """Works on the images of a share that is about to be sent, and writes each begin down.

    keep: called before each file; it may raise what ends the work.
    """

    def __init__(self, context: Context, share: Share, *, keep: Callable[[], None] = _nothing) -> None:
        self._context = context
        self._share = share
        self._keep = keep

    def begin(self) -> None:
        """Keep what has to be kept."""
        self._keep()

    def make(self, url: str, make: Callable[[], MediaFile]) -> MediaFile:
        """A file made anew; ImageError also where howdah was stopped in the midst of it before."""
        _refuse_stopped(url, self._context.store.attempts(self._share))
        self._note(outcome=_BEGUN, detail=url)
        try:
            file = make()
        except ImageError as error:
            self._note(outcome=_FAILED, detail=str(error))
            raise
        self._note(outcome=_MADE, detail=file.mime_type)
        return file

    def _note(self, *, outcome: str, detail: str) -> None:
        attempt = Attempt(at=self._context.clock.now(), step=_STEP, outcome=outcome, detail=detail)
        self._context.store.record_upload(self._share, attempt=attempt, rate=None)


class TrialMaker:
    """Works on images that are only looked at: makes what would be made, and writes nothing down.

    history: what the store knows of the share.
    """

    def __init__(self, history: Collection[Attempt] = ()) -> None:
        self._history = history

    def begin(self) -> None:
        """Nothing is held."""

    def make(self, url: str, make: Callable[[], MediaFile]) -> MediaFile:
        """A file made anew; ImageError also where it would not be tried for a send."""
        _refuse_stopped(url, self._history)
        return make()


def _refuse_stopped(url: str, history: Iterable[Attempt]) -> None:
    if url in stopped_at(history):
        raise ImageError(f"howdah was stopped while it made {url} anew")


def stopped_at(history: Iterable[Attempt]) -> frozenset[str]:
    """The images that were begun and never ended, by a share's history, in its order."""
    stopped, begun = set(), ""
    for attempt in (attempt for attempt in history if attempt.step == _STEP):
        if attempt.outcome == _BEGUN:
            stopped.add(begun)
            begun = attempt.detail
        elif attempt.outcome in (_MADE, _FAILED):
            begun = ""
    return frozenset({*stopped, begun} - {""})
