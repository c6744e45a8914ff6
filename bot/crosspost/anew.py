"""Make an image anew, and leave word of it before: what brings howdah down while it does so costs that image alone.

The process that does it is bounded, but a machine may run out of memory all the same. Then the next start finds in the
share's history that an image was begun and never ended, and goes without it.
"""

from collections.abc import Callable, Iterable

from bot.crosspost.lane import Lane
from bot.domain.models import Attempt, MediaFile, Share
from bot.errors import ImageError

_STEP = "image"
_BEGUN, _MADE, _FAILED = "begun", "made", "failed"


def made_anew(lane: Lane, share: Share, url: str, make: Callable[[], MediaFile]) -> MediaFile:
    """What make() returns; ImageError as it raises it, and where howdah was stopped in the midst of it before.

    url: where the site has the image.
    """
    if url in stopped_at(lane.context.store.attempts(share)):
        raise ImageError(f"howdah was stopped while it made {url} anew")
    _note(lane, share, _BEGUN, url)
    try:
        file = make()
    except ImageError as error:
        _note(lane, share, _FAILED, str(error))
        raise
    _note(lane, share, _MADE, file.mime_type)
    return file


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


def _note(lane: Lane, share: Share, outcome: str, detail: str) -> None:
    attempt = Attempt(at=lane.context.clock.now(), step=_STEP, outcome=outcome, detail=detail)
    lane.context.store.record_upload(share, attempt=attempt, rate=None)
