"""What is to be made of an image, as it goes from howdah to the process that makes it."""

import json
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any

JPEG, PNG = "image/jpeg", "image/png"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
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
