"""A process of its own for each picture that is made anew: what a file does to it, it does to that process alone.

A Task says what is to be made, on its way from howdah to that process, which is child.py.
"""

import json
import os
import sys
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import asdict

from bot.domain.models import MediaFile
from bot.errors import ImageError

if TYPE_CHECKING:
    import subprocess

JPEG, PNG = "image/jpeg", "image/png"
# In seconds, on a machine that has other things to do as well; an account's lease lasts longer.
_LONGEST = 30.0
_PACKAGES = Path(__file__).parents[2]


class Task(Struct, frozen=True, kw_only=True):
    """What the new file has to be: of one of types, smaller than max_bytes, with no more than max_pixels.

    max_side: the most pixels that it may be wide or high. memory: how many bytes may be used for making it, in all.
    """

    mime_type: str
    types: tuple[str, ...]
    max_bytes: int
    max_pixels: int
    max_side: int
    memory: int = 0

    def size(self, width: int, height: int) -> tuple[int, int]:
        """How large such an image is going to be."""
        scale = min(1.0, self.max_side / max(width, height), sqrt(self.max_pixels / (width * height)))
        return max(1, int(width * scale)), max(1, int(height * scale))

    def line(self) -> bytes:
        """The task as one line."""
        return json.dumps(asdict(self)).encode() + b"\n"


def task_of(line: bytes) -> Task:
    """The task that a line holds."""
    fields: dict[str, Any] = json.loads(line)
    return Task(**{**fields, "types": tuple(fields["types"])})


def made_by_child(data: bytes, task: Task) -> MediaFile:
    """The new file that a child process made; ImageError where it made none, took too long or died of it."""
    import subprocess

    # A pipe each way and nothing else: no shared memory, no files. Not in the terminal's group, so that Ctrl-C doesn't
    # end it within the item that is finished. It needs none of howdah's secrets.
    command = [sys.executable, "-P", "-m", "bot.images.child"]
    with subprocess.Popen(  # noqa: S603 # nothing of the command comes from outside
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
        start_new_session=True,
    ) as child:
        return _file(_answer(child, task, data), child.returncode)


def environment() -> dict[str, str]:
    """What a Python needs of the environment to start, and where it finds this package."""
    kept = ("PATH", "LD_LIBRARY_PATH", "LANG", "TZ")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"PYTHONPATH": str(_PACKAGES)}


def _answer(child: "subprocess.Popen[bytes]", task: Task, data: bytes) -> bytes:
    """All that the child says; ImageError where it takes too long."""
    import subprocess

    try:
        # One after the other: joined, a large file would be in memory once more.
        if child.stdin is not None:
            child.stdin.write(task.line())
        answer, _ = child.communicate(data, timeout=_LONGEST)
    except subprocess.TimeoutExpired as error:
        child.kill()
        raise ImageError("the image takes too long to be made anew") from error
    except BrokenPipeError:
        child.kill()
        return b""
    return answer


def _file(answer: bytes, code: int | None) -> MediaFile:
    line, _, data = answer.partition(b"\n")
    try:
        said = json.loads(line)
    except ValueError as error:
        how = f"ended by signal {-code}" if code and code < 0 else f"ended with {code}"
        raise ImageError(f"the image takes more memory or time than there is for it ({how})") from error
    if "error" in said:
        raise ImageError(said["error"])
    return MediaFile(data=data, mime_type=said["mime_type"])
