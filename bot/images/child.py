"""The process that makes images anew, and nothing else: `python -m bot.images.child`.

It reads a Task as one line and then the file, within bounds that it sets itself; it writes the new file's type as one
line of JSON and then its bytes, or why there is none.
"""

import json
import resource
import sys
from contextlib import suppress
from pathlib import Path

from bot.errors import ImageError
from bot.images.process import Task, task_of

# Of the processor's time, in seconds.
_MOST_SECONDS = 20


def main() -> None:
    """Do one task."""
    task = task_of(sys.stdin.buffer.readline())
    _bound(task.memory)
    said, data = _done(task)
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + data)


def _bound(memory: int) -> None:
    """Die rather than take more than that; and be the first to die where the machine has no memory left."""
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):  # macOS knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _done(task: Task) -> tuple[dict[str, str], bytes]:
    try:
        from PIL import AvifImagePlugin

        from bot.images.remaking import remade

        AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # each has a stack of its own
        made = remade(sys.stdin.buffer.read(), task)
    except ImageError as error:
        return {"error": str(error)}, b""
    except MemoryError:
        return {"error": "the image takes more memory than there is for it"}, b""
    return {"mime_type": made.mime_type}, made.data


if __name__ == "__main__":
    main()
