"""Which images go along with a status, in which order their files are tried, and what their texts say."""

from dataclasses import dataclass
from html import unescape

from bot.domain.models import Image, ImageSize, Limits, Post
from bot.domain.policy import AccountPolicy, Images
from bot.domain.text import clean, shorten


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """An image that is to go along, with description as its alternative text."""

    image: Image
    description: str = ""


def attachments(post: Post, *, policy: AccountPolicy, limits: Limits) -> tuple[Attachment, ...]:
    """The images of a post that are to go along; none where they are left to the link's preview card."""
    wanted = policy.images is Images.ATTACH and limits.max_media_attachments > 0
    if not wanted or post.image is None or not post.image.sizes:
        return ()
    return (Attachment(image=post.image, description=_description(post.image, limits)),)


def image_candidates(image: Image, limits: Limits) -> tuple[ImageSize, ...]:
    """An image's files in the order to try them: the largest that is no larger than it will be seen comes first.

    Behind these come files of unknown size, then larger ones, the smallest first; then thumbnails; and last what has
    more pixels than the instance takes, which has to be made smaller. Left out is what is of a type that the
    instance says it doesn't take; a file whose type the site doesn't say stays.
    """
    taken = {size.url: size for size in image.sizes if _is_taken(size, limits)}
    most = limits.image_matrix_limit or _MATRIX
    return tuple(sorted(taken.values(), key=lambda size: _rank(size, most)))


# Older instances take images of no more pixels than this and don't all say so.
_MATRIX = 4096 * 4096
# Instances scale down what is larger; smaller ones are thumbnails, often cropped.
_SEEN = 2560
_THUMBNAIL = 400
_DESCRIPTION = 1500


def _description(image: Image, limits: Limits) -> str:
    longest = limits.description_limit or _DESCRIPTION
    # WordPress keeps it as text: entities come in with it now and then, and a tag is what the author typed.
    return shorten(clean(unescape(image.alt)), lambda text: len(text) <= longest)


def _is_taken(size: ImageSize, limits: Limits) -> bool:
    types = limits.supported_mime_types
    return not types or not size.mime_type or size.mime_type in types


def _rank(size: ImageSize, most: int) -> tuple[int, int]:
    """The group that a file belongs to, and its place there."""
    pixels, side = size.width * size.height, max(size.width, size.height)
    if pixels == 0:
        return 1, 0
    if pixels > most:
        return 4, pixels
    if side > _SEEN:
        return 2, pixels
    return (3 if side < _THUMBNAIL else 0), -pixels
