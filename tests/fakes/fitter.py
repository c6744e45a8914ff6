"""A fitter that looks at no pixel. It passes the same contract suite as the real one."""

from msgspec.structs import replace

from bot.domain.models import Limits, MediaFile
from bot.errors import ImageError
from bot.wordpress.featured_image import mime_type

# What it makes of every file that the instance wouldn't take.
REMADE = MediaFile(data=b"\xff\xd8\xff made anew", mime_type="image/jpeg")
# How a GIF says that it plays in a loop.
_MOVES = b"NETSCAPE2.0"


class FakeFitter:
    """An ImageFitter that takes a file for what its first bytes say.

    broken holds the bytes of which it says that nothing can be made; asked what was asked for, in order.
    """

    def __init__(self) -> None:
        self.broken: set[bytes] = set()
        self.asked: list[tuple[str, bytes]] = []

    def whole(self, file: MediaFile, limits: Limits) -> MediaFile | None:
        """The file, where the instance would take it."""
        self.asked.append(("whole", file.data))
        sound = self._is_sound(file) and _is_taken(file, limits)
        return replace(file, animated=_MOVES in file.data) if sound else None

    def remade(self, file: MediaFile, limits: Limits) -> MediaFile:
        """The file made anew."""
        return self._remade("remade", file)

    def jpeg(self, file: MediaFile, limits: Limits) -> MediaFile:
        """The same as a JPEG."""
        return replace(self._remade("jpeg", file), data=REMADE.data + b" once more")

    def _remade(self, method: str, file: MediaFile) -> MediaFile:
        self.asked.append((method, file.data))
        if not self._is_sound(file):
            raise ImageError("this is no image that can be used")
        return REMADE

    def _is_sound(self, file: MediaFile) -> bool:
        return file.data not in self.broken and bool(file.mime_type) and mime_type(file.data) == file.mime_type


def _is_taken(file: MediaFile, limits: Limits) -> bool:
    small = not limits.image_size_limit or len(file.data) < limits.image_size_limit
    return small and (not limits.supported_mime_types or file.mime_type in limits.supported_mime_types)
