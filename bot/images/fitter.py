"""The fitter: what becomes of an image before it is uploaded."""

import threading
from contextlib import suppress

from msgspec.structs import replace

from bot.domain.models import Limits, MediaFile
from bot.errors import ImageError
from bot.images.header import Header, header_of
from bot.images.memory import needed, room
from bot.images.metadata import bare
from bot.images.process import JPEG, PNG, Task, made_by_child

# What every instance takes, also where it doesn't say so.
_SURE_TYPES = (JPEG, PNG, "image/gif")
_SURE_BYTES = 8 * 1024 * 1024
# A progressive JPEG goes over all its pixels once for every scan; honest ones have ten.
_MOST_PASSES = 1_200_000_000
# How long the longer side of a picture may be where there isn't the memory for a larger one. A JPEG can be unpacked at
# a half or a quarter of its size.
_SMALLER_SIDES = (1920, 1280)


class PillowFitter:
    """An ImageFitter that unpacks pictures in a process of their own, and only where they have to be made anew.

    One picture at a time, whatever the threads: the memory that it needs unpacked is needed once. That process has a
    limit of its own, within what howdah's own limit leaves: a picture that needs more costs itself alone.
    """

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()

    def whole(self, file: MediaFile, limits: Limits) -> MediaFile | None:
        """The file but for its metadata, where the instance takes it so; None where it has to be made anew."""
        task = task_for(file, limits)
        with suppress(ValueError):  # malformed, which only unpacking it tells more of
            header = header_of(file.data, file.mime_type)
            if _is_wanted(header, task):
                data = bare(file.data, file.mime_type)
                return replace(file, data=data, animated=header.moves) if len(data) < task.max_bytes else None
        return None

    def remade(self, file: MediaFile, limits: Limits) -> MediaFile:
        """A new file of the picture, or of an animation's first frame; ImageError where there can be none."""
        return self._made(file, task_for(file, limits))

    def jpeg(self, file: MediaFile, limits: Limits) -> MediaFile:
        """The same, as a JPEG of the plainest kind."""
        return self._made(file, replace(task_for(file, limits), types=(JPEG,)))

    def _made(self, file: MediaFile, task: Task) -> MediaFile:
        with self._one_at_a_time:
            task = replace(task, memory=room())
            with suppress(ValueError):  # then the process's own limit has to do
                task = _affordable(header_of(file.data, file.mime_type), task)
            return made_by_child(file.data, task)


def task_for(file: MediaFile, limits: Limits) -> Task:
    """What is to become of a file that the instance doesn't take as it is."""
    from bot.domain.composing.attachments import LONGEST_SIDE, pixel_limit  # what composes comes along

    return Task(
        mime_type=file.mime_type,
        types=limits.supported_mime_types or _SURE_TYPES,
        max_bytes=limits.image_size_limit or _SURE_BYTES,
        max_pixels=pixel_limit(file.mime_type, limits),
        max_side=LONGEST_SIDE,
    )


def _is_wanted(header: Header, task: Task) -> bool:
    size = (header.width, header.height)
    return task.mime_type in task.types and task.size(*size) == size and header.upright and header.common


def _affordable(header: Header, task: Task) -> Task:
    """The task, for a smaller picture where there isn't the memory for a large one.

    ImageError for what can't be unpacked at all: no process has to be started to find that out.
    """
    if header.scans > 1 and header.width * header.height * header.scans > _MOST_PASSES:
        raise ImageError("the image takes too long to unpack: its JPEG has too many scans")
    for side in (task.max_side, *_SMALLER_SIDES):
        smaller = replace(task, max_side=side)
        if needed(header, smaller) <= task.memory:
            return smaller
    size = f"{header.width} × {header.height}"
    raise ImageError(f"the image has too many pixels to be unpacked in {task.memory // 2**20} MiB: {size}")
