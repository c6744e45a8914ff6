"""The images in a post's content: HTML as WordPress renders it → pictures, in order, each once.

WordPress shows one picture under many addresses (its sizes, a CDN's, a lazy loader's). Those that have a key in common
are one picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, pairwise
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import regex
from msgspec import Struct
from msgspec.structs import replace

from bot.domain.models import Image, ImageSize
from bot.domain.text.html import parsable, plain
from bot.domain.text.patterns import lazily

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag


def content_images(html: str, *, base: str) -> tuple[Image, ...]:
    """The pictures in a post's content that are worth showing, each with its files, its alt and its caption.

    base: the address that relative ones are relative to. Left out is what is no picture of the post's: tracking
    pixels, emoji, avatars, icons, drawings (SVG), data within the HTML. Never raises, and reads no more than the
    beginning of a very long content.
    """
    if "<img" not in html.lower():
        return ()
    from bs4 import BeautifulSoup

    # Entities are left for `plain`, so that the parser can't stumble over one.
    soup = BeautifulSoup(f"<div>{parsable(html[:_MOST_READ]).replace('&', '&amp;')}", "html.parser")
    captions = _captions(soup)
    shown = (_shown(tag, base=base, captions=captions) for tag in soup.find_all("img", limit=_MOST_TAGS))
    return tuple(picture for picture in _merged(shown) if _is_picture(picture))


def picture_keys(image: Image) -> frozenset[str]:
    """What all files of a picture have in common: their addresses without size, query and host."""
    return frozenset(_key(size.url) for size in image.sizes)


def may_show(html: str, image: Image) -> bool:
    """Whether a content may show this picture too: a quick look, before it is read."""
    return any(_name(key) in html for key in picture_keys(image))


def is_ornament(url: str) -> bool:
    """Whether an address shows that its image is no picture of a post's: an avatar, an emoji, a pixel, a drawing."""
    return bool(_ORNAMENT().search(url.partition("?")[0]))


def is_named_as_image(url: str) -> bool:
    """Whether an address ends as image files do."""
    return bool(_FILE_END().search(urlsplit(url).path))


_MOST_READ = 100_000
_MOST_TAGS = 100
_MOST_FILES = 20
_LONGEST_ADDRESS = 2_000
# How far around an image its link and its figure are looked for.
_NEAR = 8
# What is shown smaller than this is an icon, a button or a line.
_LEAST_SIDE, _LEAST_OTHER_SIDE = 100, 40

# The best first: Jetpack names the original and a large one; lazy loaders put something else into src.
_ADDRESSES = (
    "data-orig-file", "data-large-file", "data-src", "data-lazy-src", "data-original", "data-orig-src", "data-lazy",
    "data-wpfc-original-src", "data-ezsrc", "src",
)  # fmt: skip
_SETS = ("srcset", "data-srcset", "data-lazy-srcset")
_KINDS = r"(?:jpe?g|png|gif|webp|avif|heic)"
_MEASURES = r"-(?P<width>[0-9]{1,5})x(?P<height>[0-9]{1,5})"
_MEASURED = lazily(rf"{_MEASURES}\.{_KINDS}\Z", regex.IGNORECASE)
# "kite-scaled-300x200.jpg.webp" is a file of "kite".
_FILE_END = lazily(
    rf"(?:-[0-9]{{1,5}}x[0-9]{{1,5}}|-scaled|-rotated)*+\.{_KINDS}(?:\.(?:webp|avif))?\Z", regex.IGNORECASE
)
_SET_COMMA = lazily(r"(?<=\s[0-9]{1,5}[wx]),")
_WIDTH = lazily(r"([0-9]{1,5})w")
_PIXELS = lazily(r"([0-9]{1,5})(?:px)?")
_ID_CLASS = lazily(r"wp-image-[0-9]{1,19}")
_ORNAMENT_CLASS = lazily(r"emoji|wp-smiley|(?:.*[-_])?(?:gr)?avatar(?:[-_].*)?", regex.IGNORECASE)
_ORNAMENT = lazily(
    r"\.svg\Z|/(?:1x1|blank|spacer|transparent|placeholder|pixel|lazy(?:-?load(?:er)?)?)\.(?:gif|png)\Z"
    r"|//(?:[\w-]+\.)?(?:gravatar\.com/avatar|s\.w\.org/images/core/emoji|pixel\.wp\.com|stats\.wordpress\.com)",
    regex.IGNORECASE,
)


class _Shown(Struct, frozen=True, kw_only=True):
    """What one `img` shows; no sizes where that is no picture."""

    image: Image
    keys: frozenset[str]


# --- from tags to what they show ----------------------------------------------------------------------------------


def _shown(tag: Tag, *, base: str, captions: Mapping[int, str]) -> _Shown:
    around = list(islice(tag.parents, _NEAR))
    classes = [name for name in tag.get_attribute_list("class") if name]
    files = [] if any(map(_ORNAMENT_CLASS().fullmatch, classes)) else list(islice(_sizes(tag, base=base), _MOST_FILES))
    keys = {_key(size.url) for size in files}
    image = Image(
        sizes=tuple({size.url: size for size in [*_linked(around, keys, base=base), *files]}.values()),
        alt=_said(tag, "alt"),
        caption=_caption(around, captions),
    )
    return _Shown(image=image, keys=frozenset(keys) | set(filter(_ID_CLASS().fullmatch, classes)))


def _sizes(tag: Tag, *, base: str) -> Iterator[ImageSize]:
    """The files that an `img` names itself: of one that it names twice, the last measures are the surest."""
    width, height = _pixels(tag, "width"), _pixels(tag, "height")
    for name in _ADDRESSES:
        if url := _address(_said(tag, name), base=base):
            yield _measured(url, width, height)
    for name in _SETS:
        words = _SET_COMMA().sub(" ", _said(tag, name)).split()
        for address, described in pairwise(words):
            wide = _WIDTH().fullmatch(described)
            if wide and (url := _address(address, base=base)):
                yield _measured(url, int(wide[1]), round(int(wide[1]) * height / width) if width else 0)


def _measured(url: str, width: int, height: int) -> ImageSize:
    """A file with the measures that its name tells, else these."""
    told = _MEASURED().search(urlsplit(url).path)
    if told:
        width, height = int(told["width"]), int(told["height"])
    return ImageSize(url=url, width=width, height=height)


def _linked(around: Iterable[Tag], keys: Iterable[str], *, base: str) -> Iterator[ImageSize]:
    """The file that the image is linked with, where that is the same picture: the whole one mostly."""
    names = {_name(key) for key in keys}
    for tag in around:
        url = _address(_said(tag, "href"), base=base) if tag.name == "a" else ""
        if url and is_named_as_image(url) and _name(_key(url)) in names:
            yield ImageSize(url=url)


def _captions(soup: BeautifulSoup) -> dict[int, str]:
    """The captions (HTML) by the identity of the element that holds them together with their image."""
    tags = [*soup.find_all("figcaption", limit=_MOST_TAGS), *soup.find_all(class_="wp-caption-text", limit=_MOST_TAGS)]
    return {id(tag.parent): tag.get_text().replace("<", "&lt;") for tag in tags}


def _caption(around: Iterable[Tag], captions: Mapping[int, str]) -> str:
    """The caption of the innermost figure; an outer one has that of its gallery."""
    for tag in around:
        if id(tag) in captions or tag.name == "figure":
            return captions.get(id(tag), "")
    return ""


def _said(tag: Tag, name: str) -> str:
    """An attribute's value as one line."""
    return plain(str(tag.get(name, "")).replace("<", "&lt;"))


def _pixels(tag: Tag, name: str) -> int:
    pixels = _PIXELS().fullmatch(_said(tag, name))
    return int(pixels[1]) if pixels else 0


def _address(value: str, *, base: str) -> str:
    """An absolute web address of what may be a picture; '' for anything else."""
    try:
        url = urljoin(base, value) if value.lstrip("#") else ""
        parts = urlsplit(url)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return url if is_web and not is_ornament(url) and len(url) <= _LONGEST_ADDRESS else ""


# --- from what is shown to pictures -------------------------------------------------------------------------------


def _merged(shown: Iterable[_Shown]) -> Iterable[Image]:
    """The pictures in the order of their first appearance, each with what all its appearances say."""
    pictures: list[Image] = []
    places: dict[str, int] = {}
    for one in shown:
        if not one.image.sizes:
            continue
        place = next((places[key] for key in sorted(one.keys) if key in places), len(pictures))
        if place < len(pictures):
            pictures[place] = _both(pictures[place], one.image)
        else:
            pictures.append(one.image)
        places |= dict.fromkeys(one.keys, place)
    return pictures


def _both(first: Image, second: Image) -> Image:
    sizes = {size.url: size for size in (*second.sizes, *first.sizes)}
    return replace(
        first, sizes=tuple(sizes.values()), alt=first.alt or second.alt, caption=first.caption or second.caption
    )


def _is_picture(image: Image) -> bool:
    """Whether one of its files may be large enough to be looked at."""
    return any(
        not (size.width and size.height)
        or (max(size.width, size.height) >= _LEAST_SIDE and min(size.width, size.height) >= _LEAST_OTHER_SIDE)
        for size in image.sizes
    )


def _key(url: str) -> str:
    """What tells a picture's files from another's. Addresses that end in no image file are each their own."""
    path = urlsplit(url).path
    if not _FILE_END().search(path):
        return url.partition("#")[0]
    return "/".join(_FILE_END().sub("", path).split("/")[-3:])


def _name(key: str) -> str:
    return key.rpartition("/")[2]
