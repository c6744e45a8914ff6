"""From WordPress's JSON to our values. Everything is hostile until it is parsed.

Only an id has to be right: a record without one voids the whole answer. Any other field that is missing or of
another type falls back to its default.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.domain.models import Image, ImageSize, ListedPost, Post, Term
from bot.wordpress.payload import UnreadableError
from bot.wordpress.routes import split

# A date as the site's own clock shows it, in the one form that sorts by time and can be handed back as a key.
_LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_LARGEST_ID = 2**63 - 1
_LONGEST_SIDE = 100_000
_CATEGORY, _TAG = "category", "post_tag"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a listing: the post, and what it says of its own status and type ('' where it says nothing)."""

    post: ListedPost
    status: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A post as read by itself, and what it says of its type ('' where it says nothing)."""

    post: Post
    type: str

    @property
    def status(self) -> str:
        """The post's status."""
        return self.post.status


def rows(values: list[Any]) -> tuple[Row, ...]:
    """The rows of a listing; UnreadableError where one has no id."""
    return tuple(_row(value) for value in values)


def post_id(value: object) -> int:
    """The id of a record; UnreadableError where there is none that is an integer."""
    found = value.get("id") if isinstance(value, dict) else None
    if isinstance(found, bool) or not isinstance(found, int) or not 0 < found <= _LARGEST_ID:
        raise UnreadableError("answered with a record that has no id")
    return found


def record(value: object) -> Record:
    """One post with what is embedded in it; UnreadableError where it has no id."""
    number = post_id(value)
    found = _object(value)
    return Record(post=_post(number, found), type=_text(found.get("type")))


def instant(value: object) -> datetime | None:
    """A date in GMT, which WordPress writes without a zone; None for zeros and for what is no date."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip())
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _post(number: int, record: Mapping[str, Any]) -> Post:
    embedded = _object(record.get("_embedded"))
    excerpt, content = _object(record.get("excerpt")), _object(record.get("content"))
    terms = tuple(_terms(embedded.get("wp:term")))
    author = _first_readable(embedded.get("author"))
    return Post(
        id=number,
        link=_address(record.get("link")),
        title=_rendered(record.get("title")),
        excerpt=_rendered(record.get("excerpt")),
        status=_status(record),
        protected=excerpt.get("protected") is True or content.get("protected") is True,
        published_at=instant(record.get("date_gmt")),
        modified_at=instant(record.get("modified_gmt")),
        author=_text(author.get("name")),
        author_slug=_text(author.get("slug")),
        categories=tuple(term for taxonomy, term in terms if taxonomy == _CATEGORY),
        tags=tuple(term for taxonomy, term in terms if taxonomy == _TAG),
        image=_image(record, embedded),
        share_url=_share_url(record),
    )


def _row(value: object) -> Row:
    number = post_id(value)
    record = _object(value)
    date = record.get("date")
    listed = ListedPost(
        id=number,
        date=date if isinstance(date, str) and _LOCAL.fullmatch(date) else "",
        published_at=instant(record.get("date_gmt")),
        modified_at=instant(record.get("modified_gmt")),
        link=_address(record.get("link")),
        title=_rendered(record.get("title")),
        share_url=_share_url(record),
    )
    return Row(post=listed, status=_text(record.get("status")), type=_text(record.get("type")))


def _object(value: object) -> Mapping[str, Any]:
    """An object, or an empty one: PHP writes an empty array as a list."""
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    """A text that can be stored and sent: no NUL, no half of a surrogate pair."""
    if not isinstance(value, str):
        return ""
    return value.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _rendered(value: object) -> str:
    """A title or excerpt: {"rendered": HTML}, or HTML alone as some serializers have it."""
    return _text(value) if isinstance(value, str) else _text(_object(value).get("rendered"))


def _status(record: Mapping[str, Any]) -> str:
    """The post's status. One that isn't a text is not taken for a public one."""
    value = record.get("status", "publish")
    return _text(value) or "unreadable"


def _address(value: object) -> str:
    """An absolute web address as it was given; '' for anything else."""
    text = _text(value).strip()
    return text if split(text) is not None else ""


def _share_url(record: Mapping[str, Any]) -> str:
    """Where the Share on Mastodon plugin says that the post was shared: its field, or its meta before 0.17."""
    shared = _object(record.get("share_on_mastodon")).get("url")
    return _address(shared) or _address(_object(record.get("meta")).get("_share_on_mastodon_url"))


def _terms(groups: object) -> Iterator[tuple[str, Term]]:
    """The embedded terms with their taxonomy: a list for each taxonomy, empty ones and errors among them."""
    for group in groups if isinstance(groups, list) else ():
        for value in group if isinstance(group, list) else ():
            term = _object(value)
            name = _text(term.get("name"))
            if name and "code" not in term:
                yield _text(term.get("taxonomy")), Term(name=name, slug=_text(term.get("slug")))


def _first_readable(embeds: object) -> Mapping[str, Any]:
    """The first of some embeds; {} where it is missing or an error."""
    first = _object(embeds[0]) if isinstance(embeds, list) and embeds else {}
    return {} if "code" in first else first


def _image(record: Mapping[str, Any], embedded: Mapping[str, Any]) -> Image | None:
    """The featured image. Where it is gone, old WordPress embeds its whole REST index instead."""
    media = _first_readable(embedded.get("wp:featuredmedia"))
    if media.get("media_type") == "image" and isinstance(media.get("source_url"), str):
        sizes = {size.url: size for size in _sizes(media) if size.url}
        if sizes:
            return Image(sizes=tuple(sizes.values()), alt=_text(media.get("alt_text")).strip())
    fallback = _address(record.get("jetpack_featured_media_url"))
    return Image(sizes=(ImageSize(url=fallback),)) if fallback else None


def _sizes(media: Mapping[str, Any]) -> Iterator[ImageSize]:
    """The original and the smaller files, the original first."""
    details = _object(media.get("media_details"))
    yield _size(media.get("source_url"), details, mime_type=media.get("mime_type"))
    for value in _object(details.get("sizes")).values():
        size = _object(value)
        yield _size(size.get("source_url"), size, mime_type=size.get("mime_type"))


def _size(url: object, measures: Mapping[str, Any], *, mime_type: object) -> ImageSize:
    return ImageSize(
        url=_address(url),
        width=_side(measures.get("width")),
        height=_side(measures.get("height")),
        mime_type=_text(mime_type),
    )


def _side(value: object) -> int:
    """Pixels; some plugins store them as text. 0 where it can't be read."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    pixels = int(text) if re.fullmatch(r"[0-9]{1,6}", text) else 0
    return pixels if pixels <= _LONGEST_SIDE else 0
