"""From WordPress's JSON to our values. Everything is hostile until it is parsed.

Only an id has to be right: a record without one is none, and those beside it count all the same. Any other field that
is missing or of another type falls back to its default. What is longer than a person would write is cut or left out
before anything looks into it, so that what comes after is quick whatever a site sends.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import urljoin

from bot.domain.models import Image, ImageSize, ListedPost, Post, Term
from bot.wordpress.membership import shows_only_notice
from bot.wordpress.pages import language_tag
from bot.wordpress.payload import UnreadableError
from bot.wordpress.routes import split

T = TypeVar("T")

# A date as the site's own clock shows it, in the one form that sorts by time and can be handed back as a key.
_LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_LARGEST_ID = 2**63 - 1
_ID = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
_LONGEST_SIDE = 100_000
# In characters of HTML: a title, an excerpt. Statuses have 500 characters mostly, and 5,000 where there is much room.
_LONGEST_TITLE, _LONGEST_EXCERPT = 2_000, 20_000
# Of a content its beginning and its images matter.
_LONGEST_CONTENT = 200_000
# In characters of plain text: what an author wrote for the status.
_LONGEST_WORDS = 10_000
# WordPress keeps 250 characters of a name, escaped as it gives it. It embeds 100 terms of a taxonomy at most.
_LONGEST_NAME = 250
_MOST_TERMS = 100
_MOST_AUTHORS = 20
_LONGEST_ALT = 20_000
# Longer ones aren't links any more for some servers and browsers. Themes register some dozen sizes of an image.
_LONGEST_ADDRESS = 2_000
_MOST_SIZES = 50
_MARKUP_CUT = re.compile(r"(?:</?(?:[A-Za-z][^<>]*)?|&[^&;\s]{0,31})\Z")
_CATEGORY, _TAG, _BYLINE = "category", "post_tag", "author"
# Where plugins say which language a post is in: Polylang ("en"), WP REST - Polylang and WPML REST API ("en_GB").
_LANGUAGES = ("lang", "polylang_current_lang", "wpml_current_locale")


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


def rows(values: list[Any], *, base: str = "") -> tuple[Row, ...]:
    """The rows of a listing that can be read; UnreadableError where there are some and none can.

    base: the site's address, against which links are resolved that some plugins leave without a host.
    """
    return _readable(values, lambda value: _row(value, base=base))


def records(values: list[Any], *, base: str = "") -> tuple[Record, ...]:
    """The posts of a list that can be read; UnreadableError where there are some and none can. base: as in rows()."""
    return _readable(values, lambda value: record(value, base=base))


def post_id(value: object) -> int:
    """The id of a record; UnreadableError where there is none that is a whole number."""
    found = value.get("id") if isinstance(value, dict) else None
    if isinstance(found, str) and _ID.fullmatch(found):
        found = int(found)  # caches and proxies make texts of numbers
    if isinstance(found, bool) or not isinstance(found, int) or not 0 < found <= _LARGEST_ID:
        raise UnreadableError("answered with a record that has no id")
    return found


def record(value: object, *, base: str = "") -> Record:
    """One post with what is embedded in it; UnreadableError where it has no id. base: as in rows()."""
    number = post_id(value)
    found = _object(value)
    return Record(post=_post(number, found, base=base), type=_name(found.get("type")))


def raw_texts(values: list[Any]) -> dict[int, tuple[str, str]]:
    """Titles and excerpts as authors wrote them, by the posts' ids."""

    def read(value: object) -> tuple[int, str, str]:
        found = _object(value)
        title, excerpt = (_object(found.get(name)).get("raw") for name in ("title", "excerpt"))
        return post_id(value), _text(title)[:_LONGEST_TITLE], _text(excerpt)[:_LONGEST_EXCERPT]

    return {number: (title, excerpt) for number, title, excerpt in _readable(values, read)}


def with_raw(post: Post, texts: tuple[str, str] | None) -> Post:
    """A post with its author's own title and excerpt, as far as there are any."""
    title, excerpt = texts or ("", "")
    return replace(post, title=title or post.title, excerpt=excerpt or post.excerpt)


def site_title(value: object) -> str:
    """A site's name, HTML-escaped; '' where it is none."""
    return _name(value)


def instant(value: object) -> datetime | None:
    """A date in GMT, which WordPress writes without a zone; None for zeros and for what is no date."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip())
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _readable(values: list[Any], read: Callable[[object], T]) -> tuple[T, ...]:
    """One bad record doesn't stop the others; where all are bad it is the answer that is bad."""
    found: list[T] = []
    bad: UnreadableError | None = None
    for value in values:
        try:
            found.append(read(value))
        except UnreadableError as error:
            bad = error
    if bad is not None and not found:
        raise bad
    return tuple(found)


def _post(number: int, record: Mapping[str, Any], *, base: str) -> Post:
    embedded = _object(record.get("_embedded"))
    excerpt, content = _object(record.get("excerpt")), _object(record.get("content"))
    terms = embedded.get("wp:term")
    user = _author(embedded)
    coauthors = tuple(islice(_coauthors(record) or _byline(terms, user=user), _MOST_AUTHORS))
    author = coauthors[0] if coauthors else user
    meta = _object(record.get("meta"))
    protected = excerpt.get("protected") is True or content.get("protected") is True
    link = _address(record.get("link"), base=base)
    return Post(
        id=number,
        link=link,
        title=_rendered(record.get("title"), longest=_LONGEST_TITLE),
        excerpt=_rendered(record.get("excerpt"), longest=_LONGEST_EXCERPT),
        content="" if protected else _rendered(record.get("content"), longest=_LONGEST_CONTENT),
        status=_status(record),
        protected=protected,
        sticky=record.get("sticky") is True,
        published_at=instant(record.get("date_gmt")),
        modified_at=instant(record.get("modified_gmt")),
        members_only=_is_for_members(record),
        author=author.name,
        author_slug=author.slug,
        coauthors=coauthors,
        categories=tuple(islice(_terms(terms, _CATEGORY), _MOST_TERMS)),
        tags=tuple(islice(_terms(terms, _TAG), _MOST_TERMS)),
        image=_image(record, embedded, base=link or base),
        featured_media=_media_id(record.get("featured_media")),
        language=next(filter(None, (language_tag(record.get(name)) for name in _LANGUAGES)), ""),
        share_url=_share_url(record),
        share_field="share_on_mastodon" in record,
        share_error=_words(_object(record.get("share_on_mastodon")).get("error"))[:_LONGEST_NAME],
        share_box=_name(meta.get("_share_on_mastodon")),
        share_text=_words(meta.get("_share_on_mastodon_status")),
        share_cw=_words(meta.get("_share_on_mastodon_cw")),
    )


def _row(value: object, *, base: str) -> Row:
    number = post_id(value)
    record = _object(value)
    date = record.get("date")
    listed = ListedPost(
        id=number,
        date=date if isinstance(date, str) and _LOCAL.fullmatch(date) else "",
        published_at=instant(record.get("date_gmt")),
        modified_at=instant(record.get("modified_gmt")),
        link=_address(record.get("link"), base=base),
        title=_rendered(record.get("title"), longest=_LONGEST_TITLE),
        share_url=_share_url(record),
    )
    return Row(post=listed, status=_name(record.get("status")), type=_name(record.get("type")))


def _object(value: object) -> Mapping[str, Any]:
    """An object, or an empty one: PHP writes an empty array as a list."""
    return value if isinstance(value, dict) else {}


def _items(value: object) -> Iterable[Any]:
    """The items of a list: PHP writes a list with holes as an object."""
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _text(value: object) -> str:
    """A text that can be stored and sent: no NUL, no half of a surrogate pair."""
    if not isinstance(value, str):
        return ""
    return value.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _name(value: object) -> str:
    """A text that names something, cut where it is too long for that."""
    return _text(value)[:_LONGEST_NAME]


def _rendered(value: object, *, longest: int) -> str:
    """A title, excerpt, content or caption: {"rendered": HTML}, or HTML alone as some serializers have it.

    What is too long ends with "…", and in no tag or entity.
    """
    html = _text(value) if isinstance(value, str) else _text(_object(value).get("rendered"))
    return html if len(html) <= longest else _MARKUP_CUT.sub("", html[:longest]) + "…"


def _words(value: object) -> str:
    """What an author wrote for the status: plain text."""
    return _text(value)[:_LONGEST_WORDS].strip()


def _status(record: Mapping[str, Any]) -> str:
    """The post's status. One that isn't a text is not taken for a public one."""
    value = record.get("status", "publish")
    return _name(value) or "unreadable"


def _address(value: object, *, base: str = "") -> str:
    """An absolute web address as it was given, one without a host or a scheme as it is meant on the page at base.

    '' for anything else, and for one that is too long.
    """
    text = _text(value).strip()[: _LONGEST_ADDRESS + 1]
    if base and text.startswith("/"):
        text = _joined(base, text)
    return text if len(text) <= _LONGEST_ADDRESS and split(text) is not None else ""


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return ""


def _share_url(record: Mapping[str, Any]) -> str:
    """Where the Share on Mastodon plugin says that the post was shared: its field, or its meta before 0.17."""
    shared = _object(record.get("share_on_mastodon")).get("url")
    return _address(shared) or _address(_object(record.get("meta")).get("_share_on_mastodon_url"))


def _terms(groups: object, taxonomy: str) -> Iterator[Term]:
    """The embedded terms of a taxonomy: there is a list for each, empty ones and errors among them."""
    for group in _items(groups):
        for value in _items(group):
            term = _object(value)
            name = _name(term.get("name"))
            if name and "code" not in term and term.get("taxonomy") == taxonomy:
                yield Term(name=name, slug=_name(term.get("slug")))


def _author(embedded: Mapping[str, Any]) -> Term:
    """The WordPress user whose post it is."""
    user = _first_readable(embedded.get("author"))
    return Term(name=_name(user.get("name")), slug=_name(user.get("slug")))


def _coauthors(record: Mapping[str, Any]) -> tuple[Term, ...]:
    """The authors whom a plugin's field names, guests among them, as PublishPress Authors does."""
    values = map(_object, (*_items(record.get("coauthors")), *_items(record.get("authors"))))
    named = ((_name(value.get("display_name")), value.get("user_nicename") or value.get("slug")) for value in values)
    return tuple(Term(name=name, slug=_name(slug)) for name, slug in named if name)


def _byline(terms: object, *, user: Term) -> tuple[Term, ...]:
    """The authors whom Co-Authors Plus has as terms, by their log-in names: whose post it is need not be among them."""
    found = (replace(term, slug=term.slug.removeprefix("cap-")) for term in _terms(terms, _BYLINE))
    return tuple(user if term.slug == user.slug else term for term in found)


def _is_for_members(record: Mapping[str, Any]) -> bool:
    """Whether only members may read it, as the site says: a newsletter's setting, or a wall in place of the text."""
    access = _name(_object(record.get("meta")).get("_jetpack_newsletter_access"))
    if access not in ("", "everybody"):
        return True
    excerpt = _rendered(record.get("excerpt"), longest=_LONGEST_EXCERPT)
    content = _rendered(record.get("content"), longest=_LONGEST_CONTENT)
    return shows_only_notice(content, excerpt)


def _first_readable(embeds: object) -> Mapping[str, Any]:
    """The first of some embeds, or the only one where there is no list; {} where it is missing or an error."""
    first = _object(embeds if "id" in _object(embeds) else next(iter(_items(embeds)), None))
    return {} if "code" in first else first


def _image(record: Mapping[str, Any], embedded: Mapping[str, Any], *, base: str) -> Image | None:
    """The featured image. Where it is gone, old WordPress embeds its whole REST index instead."""
    media = _first_readable(embedded.get("wp:featuredmedia"))
    if media.get("media_type") == "image" and isinstance(media.get("source_url"), str):
        sizes = {size.url: size for size in islice(_sizes(media, base=base), _MOST_SIZES) if size.url}
        if sizes:
            return Image(
                sizes=tuple(sizes.values()),
                alt=_text(media.get("alt_text"))[:_LONGEST_ALT].strip(),
                caption=_rendered(media.get("caption"), longest=_LONGEST_ALT),
                focus=_focus(media),
            )
    fallback = _address(record.get("jetpack_featured_media_url"), base=base)
    return Image(sizes=(ImageSize(url=fallback),)) if fallback else None


def _media_id(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LARGEST_ID else 0


def _focus(media: Mapping[str, Any]) -> tuple[float, float] | None:
    """The point that matters, where a plugin adds `focal_point`: x and y from the upper left corner.

    Of the image's sides from 0 to 1, as WordPress's own picker gives it, or in per cent.
    """
    point = _object(media.get("focal_point") or _object(media.get("meta")).get("focal_point"))
    x, y = _number(point.get("x")), _number(point.get("y"))
    if x is None or y is None:
        return None
    whole = 100 if max(x, y) > 1 else 1
    return 2 * x / whole - 1, 1 - 2 * y / whole


def _number(value: object) -> float | None:
    """A number from 0 to 100; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= 100 else None


def _sizes(media: Mapping[str, Any], *, base: str) -> Iterator[ImageSize]:
    """The original and the smaller files, the original first."""
    details = _object(media.get("media_details"))
    yield _size(_address(media.get("source_url"), base=base), details, mime_type=media.get("mime_type"))
    for value in _object(details.get("sizes")).values():
        size = _object(value)
        yield _size(_address(size.get("source_url"), base=base), size, mime_type=size.get("mime_type"))


def _size(url: str, measures: Mapping[str, Any], *, mime_type: object) -> ImageSize:
    return ImageSize(
        url=url,
        width=_side(measures.get("width")),
        height=_side(measures.get("height")),
        mime_type=_name(mime_type),
    )


def _side(value: object) -> int:
    """Pixels; some plugins store them as text. 0 where it can't be read."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    pixels = int(text) if re.fullmatch(r"[0-9]{1,6}", text) else 0
    return pixels if pixels <= _LONGEST_SIDE else 0
