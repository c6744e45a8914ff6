"""A fitter that looks at no pixel. It passes the same contract suite as the real one."""

from dataclasses import replace

from bot.domain.models import Limits, MediaFile
from bot.errors import ImageError
from bot.wordpress.image_types import mime_type

# What it makes of every file that the instance wouldn't take.
PRINT = MediaFile(data=b"\xff\xd8\xff a print of it", mime_type="image/jpeg")
# How a GIF says that it plays in a loop.
_MOVES = b"NETSCAPE2.0"


class FakeDarkroom:
    """A ImageFitter that takes a file for what its first bytes say.

    broken holds the bytes of which it says that nothing can be made; developed what was asked for, in order.
    """

    def __init__(self) -> None:
        self.broken: set[bytes] = set()
        self.developed: list[tuple[str, bytes]] = []

    def fit(self, file: MediaFile, limits: Limits) -> MediaFile:
        """The file, or a print where the instance wouldn't take it."""
        self._called("fit", file)
        return replace(file, animated=_MOVES in file.data) if _is_taken(file, limits) else PRINT

    def still(self, file: MediaFile, limits: Limits) -> MediaFile:
        """The same, and a print of what moves."""
        self._called("still", file)
        return file if _is_taken(file, limits) and _MOVES not in file.data else PRINT

    def _called(self, method: str, file: MediaFile) -> None:
        self.developed.append((method, file.data))
        if file.data in self.broken or not file.mime_type or mime_type(file.data) != file.mime_type:
            raise ImageError("this is no image that can be used")


def _is_taken(file: MediaFile, limits: Limits) -> bool:
    small = not limits.image_size_limit or len(file.data) < limits.image_size_limit
    return small and (not limits.supported_mime_types or file.mime_type in limits.supported_mime_types)
