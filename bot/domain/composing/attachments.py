"""Which images go along with a status, in which order their files are tried, and what their texts say."""

import re
from collections.abc import Iterable
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from bot.domain.composing.content_images import content_images, may_show, picture_keys
from bot.domain.composing.counting import Rule, rule_for
from bot.domain.composing.shortening import shorten
from bot.domain.models import Image, ImageSize, Limits, Post
from bot.domain.policy import AccountPolicy, Images
from bot.domain.text.html import plain

# What an image is seen in at most; instances make larger ones smaller.
LONGEST_SIDE = 2560
# What is larger than this is no picture to be uploaded, but one to be made smaller.
_MOST_PIXELS = 4096 * 4096
# Mastodon and its forks make a video of every GIF, and take none that is larger (`GIF_MATRIX_LIMIT`, 1280 × 720).
_MOST_GIF_PIXELS = 1280 * 720


class Attachment(Struct, frozen=True, kw_only=True):
    """An image that is to go along, with description as its alternative text."""

    image: Image
    description: str = ""


def attachments(post: Post, *, policy: AccountPolicy, limits: Limits) -> tuple[Attachment, ...]:
    """The images of a post that are to go along: the featured one, then those in its content, as many as wanted.

    None where they are left to the link's preview card. The alternative text is the library's, else what the post
    itself says of the same picture, else its caption; never longer than the instance takes.
    """
    most = min(policy.max_images, limits.max_media_attachments)
    if policy.images is not Images.ATTACH or most < 1:
        return ()
    pictures = _pictures(post, most=most)
    return tuple(Attachment(image=image, description=_description(image, limits)) for image in pictures)


def names_of(images: Iterable[Attachment]) -> tuple[str, ...]:
    """A name for each image that goes along: another one where its file, alternative text or focus is another."""
    return tuple(map(_name_of, images))


def image_candidates(image: Image, limits: Limits) -> tuple[ImageSize, ...]:
    """An image's files in the order to try them: the largest that is no larger than it will be seen comes first.

    Behind these come files of unknown size, then larger ones, the smallest first; then what has to be made anew (more
    pixels than the instance takes, a type that it doesn't take), and last thumbnails. Left out is what can't be made
    anything of; a file whose type the site doesn't say stays.
    """
    usable = {size.url: size for size in image.sizes if size.mime_type not in _UNREADABLE}
    return tuple(sorted(usable.values(), key=lambda size: _rank(size, limits)))


def pixel_limit(mime_type: str, limits: Limits) -> int:
    """The most pixels that an image of this type may have on the instance."""
    most = limits.image_matrix_limit or _MOST_PIXELS
    like_mastodon = rule_for(limits.software, limits.version) in (Rule.MASTODON, Rule.SAFE)
    return min(most, _MOST_GIF_PIXELS) if mime_type == "image/gif" and like_mastodon else most


_UNREADABLE = frozenset({"image/svg+xml", "image/heic", "image/heif", "image/tiff", "image/bmp", "image/x-icon"})
# Often cropped, too.
_THUMBNAIL = 400
_DESCRIPTION = 1500
# What a camera or a program called the file says nothing to anybody.
_FILE_NAME = re.compile(r"\S+\.(?:jpe?g|png|gif|webp|avif|heic)", re.IGNORECASE)


def _pictures(post: Post, *, most: int) -> tuple[Image, ...]:
    """The post's first pictures. Its content is only looked into where that tells something."""
    featured = post.image
    if featured is None or not featured.sizes:
        # One that the post has and nobody can read is told of, where no other picture stands in for it.
        unread = (Image(sizes=()),) if post.featured_media else ()
        return content_images(post.content, base=post.link)[:most] or unread
    if most == 1 and (_alt(featured.alt) or not may_show(post.content, featured)):
        return (featured,)
    shown = content_images(post.content, base=post.link)
    keys = picture_keys(featured)
    again = [image for image in shown if keys & picture_keys(image)]
    others = [image for image in shown if not keys & picture_keys(image)]
    return (_with_texts(featured, again), *others)[:most]


def _with_texts(image: Image, shown: list[Image]) -> Image:
    """The image with the texts that the post has with it where the library has none."""
    for again in shown:
        image = replace(image, alt=_alt(image.alt) or again.alt, caption=image.caption or again.caption)
    return image


def _description(image: Image, limits: Limits) -> str:
    longest = limits.description_limit or _DESCRIPTION
    return shorten(_alt(image.alt) or plain(image.caption), lambda text: len(text) <= longest)


def _name_of(attachment: Attachment) -> str:
    original = "".join(size.url for size in attachment.image.sizes[:1])
    told = f"{original}\n{attachment.description}\n{attachment.image.focus}"
    return sha256(told.encode("utf-8", "replace")).hexdigest()[:16]


def _alt(text: str) -> str:
    """An alternative text as one line: '' where it is a file's name.

    WordPress keeps it as text: entities come in with it now and then, and a tag is what the author typed.
    """
    text = plain(text.replace("<", "&lt;"))
    return "" if _FILE_NAME.fullmatch(text) else text


def _rank(size: ImageSize, limits: Limits) -> tuple[int, int]:
    """The group that a file belongs to, and its place there."""
    side = max(size.width, size.height)
    pixels = size.width * size.height or side * side
    types = limits.supported_mime_types
    if pixels > pixel_limit(size.mime_type, limits) or (types and size.mime_type not in (*types, "")):
        return 3, pixels
    if pixels == 0:
        return 1, 0
    if side > LONGEST_SIDE:
        return 2, pixels
    return (4 if side < _THUMBNAIL else 0), -pixels
