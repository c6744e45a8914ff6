"""From WordPress's JSON to our values. Everything is hostile until it is parsed.

Only an id has to be right: a record without one is none, and those beside it count all the same. Any other field that
is missing or of another type falls back to its default. What is longer than a person would write is cut or left out
before anything looks into it, so that what comes after is quick whatever a site sends.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from bot.domain.models import LARGEST_ID, ListedPost, Post, Term
from bot.wordpress.featured_image import embeds, first_readable, image_of
from bot.wordpress.json_values import (
    LONGEST_NAME,
    address_of,
    instant_of,
    is_true,
    items_of,
    name_of,
    object_of,
    only,
    rendered,
    text_of,
)
from bot.wordpress.page_head import language_tag
from bot.wordpress.payload import UnreadableError

T = TypeVar("T")

# A date as the site's own clock shows it, in the one form that sorts by time and can be handed back as a key.
_LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_ID = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
# In characters of HTML: a title, an excerpt. Statuses have 500 characters mostly, and 5,000 where there is much room.
_LONGEST_TITLE, _LONGEST_EXCERPT = 2_000, 20_000
# Of a content its beginning and its images matter.
_LONGEST_CONTENT = 200_000
# In characters of plain text: what an author wrote for the status.
_LONGEST_WORDS = 10_000
# WordPress embeds 100 terms of a taxonomy at most.
_MOST_TERMS = 100
_MOST_AUTHORS = 20
_LETTER = re.compile(r"[^\W\d_]")
_CATEGORY, _TAG, _BYLINE = "category", "post_tag", "author"
# Where plugins say which language a post is in: Polylang ("en"), WP REST - Polylang and WPML REST API ("en_GB").
_LANGUAGES = ("lang", "polylang_current_lang", "wpml_current_locale")


class Row(Struct, frozen=True, kw_only=True):
    """A row of a listing: the post, and what it says of its own status and type ('' where it says nothing)."""

    post: ListedPost
    status: str
    type: str


class Record(Struct, frozen=True, kw_only=True):
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
    if isinstance(found, bool) or not isinstance(found, int) or not 0 < found <= LARGEST_ID:
        raise UnreadableError("answered with a record that has no id")
    return found


def record(value: object, *, base: str = "") -> Record:
    """One post with what is embedded in it; UnreadableError where it has no id. base: as in rows()."""
    number = post_id(value)
    found = object_of(value)
    return Record(post=_post(number, found, base=base), type=name_of(found.get("type")))


# How qTranslate and WP Multilang keep several languages in one text; readers are shown one of them.
_LANGUAGES_MARKED = re.compile(r"[\[{]:[a-z]{2,3}[\]}]|<!--:[a-z]{2,3}-->")


def raw_texts(values: list[Any]) -> dict[int, tuple[str, str]]:
    """Titles and excerpts as authors wrote them, by the posts' ids; '' for one that holds all languages of its site."""

    def read(value: object) -> tuple[int, str, str]:
        found = object_of(value)
        raw = (text_of(object_of(found.get(name)).get("raw")) for name in ("title", "excerpt"))
        title, excerpt = ("" if _LANGUAGES_MARKED.search(text) else text for text in raw)
        return post_id(value), title[:_LONGEST_TITLE], excerpt[:_LONGEST_EXCERPT]

    return {number: (title, excerpt) for number, title, excerpt in _readable(values, read)}


def with_raw(post: Post, texts: tuple[str, str] | None) -> Post:
    """A post with its author's own title and excerpt, as far as there are any."""
    title, excerpt = texts or ("", "")
    return replace(post, title=title or post.title, excerpt=excerpt or post.excerpt)


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
    excerpt, content = object_of(record.get("excerpt")), object_of(record.get("content"))
    terms = embeds(record, "term")
    user = _author(record)
    coauthors = tuple(islice(_coauthors(record) or _byline(terms, user=user), _MOST_AUTHORS))
    author = coauthors[0] if coauthors else user
    meta = object_of(record.get("meta"))
    protected = is_true(excerpt.get("protected")) or is_true(content.get("protected"))
    link = _link(record, base=base)
    return Post(
        id=number,
        link=link,
        title=rendered(record.get("title"), longest=_LONGEST_TITLE),
        excerpt=rendered(record.get("excerpt"), longest=_LONGEST_EXCERPT),
        content="" if protected else rendered(record.get("content"), longest=_LONGEST_CONTENT),
        status=_status(record),
        protected=protected,
        sticky=record.get("sticky") is True,
        published_at=instant_of(record.get("date_gmt")),
        local_date=_local(record.get("date")) if instant_of(record.get("date")) else "",
        modified_at=instant_of(record.get("modified_gmt")),
        members_only=_is_for_members(record),
        author=author.name,
        author_slug=author.slug,
        coauthors=coauthors,
        categories=tuple(islice(_terms(terms, _CATEGORY), _MOST_TERMS)),
        tags=tuple(islice(_terms(terms, _TAG), _MOST_TERMS)),
        image=image_of(record, base=link or base, home=base),
        featured_media=_media_id(record.get("featured_media")),
        language=next(filter(None, (language_tag(record.get(name)) for name in _LANGUAGES)), ""),
        share_url=_share_url(record),
        share_field="share_on_mastodon" in record,
        share_error=_words(object_of(record.get("share_on_mastodon")).get("error"))[:LONGEST_NAME],
        share_box=name_of(only(meta.get("_share_on_mastodon"))),
        share_text=_words(only(meta.get("_share_on_mastodon_status"))),
        share_cw=_words(only(meta.get("_share_on_mastodon_cw"))),
    )


def _row(value: object, *, base: str) -> Row:
    number = post_id(value)
    record = object_of(value)
    listed = ListedPost(
        id=number,
        date=_local(record.get("date")),
        published_at=instant_of(record.get("date_gmt")),
        modified_at=instant_of(record.get("modified_gmt")),
        link=_link(record, base=base),
        title=rendered(record.get("title"), longest=_LONGEST_TITLE),
        share_url=_share_url(record),
    )
    return Row(post=listed, status=name_of(record.get("status")), type=name_of(record.get("type")))


def _local(value: object) -> str:
    """A date of the site's own clock, as it was received; '' for what is none."""
    return value if isinstance(value, str) and _LOCAL.fullmatch(value) else ""


def _words(value: object) -> str:
    """What an author wrote for the status: plain text."""
    return text_of(value)[:_LONGEST_WORDS].strip()


def _status(record: Mapping[str, Any]) -> str:
    """The post's status. One that isn't a text is not taken for a public one."""
    value = record.get("status", "publish")
    return name_of(value) or "unreadable"


def _link(record: Mapping[str, Any], *, base: str) -> str:
    """The post's own address; {"rendered": …} is what some serializers make of it. base: the site's."""
    value = record.get("link")
    return address_of(object_of(value).get("rendered", value), base=base, home=base)


def _share_url(record: Mapping[str, Any]) -> str:
    """Where the Share on Mastodon plugin says that the post was shared: its field, or its meta before 0.17."""
    field = record.get("share_on_mastodon")
    shared = address_of(object_of(field).get("url", field))
    return shared or address_of(only(object_of(record.get("meta")).get("_share_on_mastodon_url")))


def _terms(groups: object, taxonomy: str) -> Iterator[Term]:
    """The embedded terms of a taxonomy: there is a list for each, empty ones and errors among them, or one of all."""
    for group in items_of(groups):
        for value in [group] if "name" in object_of(group) else items_of(group):
            term = object_of(value)
            if term.get("taxonomy") == taxonomy and "code" not in term and (name := name_of(term.get("name"))):
                yield Term(name=name, slug=name_of(term.get("slug")))


def _author(record: Mapping[str, Any]) -> Term:
    """The WordPress user whose post it is."""
    user = first_readable(object_of(record.get("_embedded")).get("author"))
    return Term(name=name_of(user.get("name")), slug=name_of(user.get("slug")))


def _coauthors(record: Mapping[str, Any]) -> tuple[Term, ...]:
    """The authors whom a plugin's field names, each once, guests among them, as PublishPress Authors does."""
    named = (author for field in ("coauthors", "authors") for author in map(_coauthor, _each(record.get(field))))
    return tuple({author.name: author for author in named if author.name}.values())


def _each(value: object) -> Iterable[Any]:
    """What a field holds: several of something, or one by itself."""
    is_one = isinstance(value, str) or not {"display_name", "name"}.isdisjoint(object_of(value))
    return [value] if is_one else items_of(value)


def _coauthor(value: object) -> Term:
    """An author as an object or by name alone; one without a name where it is neither, such as an id."""
    if isinstance(value, str):
        name = name_of(value).strip() if _LETTER.search(value) else ""
        return Term(name=name, slug="-".join(name.lower().split()))
    found = object_of(value)
    names = (name_of(found.get(key)) for key in ("display_name", "name", "nickname"))
    slugs = (name_of(found.get(key)) for key in ("user_nicename", "slug", "nicename"))
    return Term(name=next(filter(None, names), ""), slug=next(filter(None, slugs), ""))


def _byline(terms: object, *, user: Term) -> tuple[Term, ...]:
    """The authors whom Co-Authors Plus has as terms, by their log-in names: whose post it is need not be among them."""
    found = (replace(term, slug=term.slug.removeprefix("cap-")) for term in _terms(terms, _BYLINE))
    return tuple(user if term.slug == user.slug else term for term in found)


def _media_id(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST_ID else 0


def _is_for_members(record: Mapping[str, Any]) -> bool:
    """Whether only members may read it, as the site says: a newsletter's setting, or a wall in place of the text."""
    access = name_of(only(object_of(record.get("meta")).get("_jetpack_newsletter_access")))
    if access not in ("", "everybody"):
        return True
    excerpt = rendered(record.get("excerpt"), longest=_LONGEST_EXCERPT)
    content = rendered(record.get("content"), longest=_LONGEST_CONTENT)
    return shows_only_notice(content, excerpt)


# --- for members --------------------------------------------------------------------------------------------------

# What membership plugins put in the place of a text that isn't for everybody.
_WALL = re.compile(
    r"class=[\"'][^\"'<>]{0,200}(?:jetpack-paywall|mepr-unauthorized|pmpro_content_message|members-access-error|"
    r"rcp[-_]restricted|swpm-login-required|wc-memberships-restriction-message|paid-member|"
    r"leaky[-_]paywall|(?<![\w-])paywall)",
    re.IGNORECASE,
)
# So many letters tell whose words an excerpt begins with.
_OPENING = 30
# A notice has at most so many letters; what is longer is a text, also where a theme calls what is around it a wall.
_NOTICE = 600


def shows_only_notice(content: str, excerpt: str) -> bool:
    """Whether a post (HTML) shows nothing but the wall that its members pass.

    The wall may stand in the excerpt too, and where there is no other, WordPress makes one of the wall's words.
    """
    if _WALL.search(excerpt) is None and _WALL.search(content) is None:
        return False
    from bot.domain.text.html import plain  # takes a while to load: only where it decides

    def begins(html: str) -> bool:
        """Whether the wall is the first thing that it shows."""
        wall = _WALL.search(html)
        return wall is not None and not plain(html[: max(html.rfind("<", 0, wall.start()), 0)])

    shown, words = ("".join(plain(html).split()) for html in (excerpt, content))
    opening = shown.rstrip("[].…")[:_OPENING]
    if begins(excerpt):
        return len(shown) <= _NOTICE
    return len(words) <= _NOTICE and (not opening or (begins(content) and words.startswith(opening)))
