"""From a post to the status that it becomes on one account: text, images, and everything that goes with them.

What gives way where the text is too long is decided in fitting.py. The link never gives way.
"""

import re
from collections.abc import Collection, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from bot.domain.composing.added_words import is_contents
from bot.domain.composing.attachments import Attachment, attachments, names_of
from bot.domain.composing.author_words import author_template
from bot.domain.composing.counting import Rule as CountingRule
from bot.domain.composing.counting import rule_for
from bot.domain.composing.dialects import authors, content_type, foreign, takes_any_language
from bot.domain.composing.excerpts import (
    article,
    excerpt,
    first_paragraph,
    is_article,
    is_cut,
    without_title,
)
from bot.domain.composing.fitting import Room, Shortenable, fitted
from bot.domain.composing.hashtags import category_hashtag, hashtags, hashtags_in
from bot.domain.composing.language import language_of
from bot.domain.composing.mentions import defuse_mentions, mentions_in
from bot.domain.composing.openings import adds_nothing, is_scrap, spaced_as
from bot.domain.composing.shortening import shorten
from bot.domain.composing.template import CATEGORY_HASHTAG, PARAGRAPH, Template, parse
from bot.domain.models import Limits, Post, SiteInfo, Status
from bot.domain.policy import AccountPolicy, Rule
from bot.domain.text.html import clean, plain, unlink
from bot.domain.text.links import safe_link, same_link
from bot.domain.text.terms import is_default, matching

_NOTHING_SAID = SiteInfo()
_PIXELFED_WARNING = 140


class OverlongError(ValueError):
    """A person's own text doesn't fit the instance; the text says by how much."""


class Composition(Struct, frozen=True, kw_only=True):
    """A status as it would be published, and how long it is by the instance's own rule.

    length is over limit only where the link by itself (with the content warning) is too long for the instance.
    """

    status: Status
    attachments: tuple[Attachment, ...]
    length: int
    limit: int
    hashtags: tuple[str, ...]

    @property
    def image_names(self) -> tuple[str, ...]:
        """A name for each image that goes along, as names_of says."""
        return names_of(self.attachments)

    def objection(self, *, images: int, limits: Limits) -> str:
        """Why the instance would not take this status with so many images, as a sentence; '' where nothing is known.

        Pixelfed answers a status without an image with 403, which elsewhere means that the account may not publish.
        """
        if self.length > self.limit:
            return f"doesn't fit: {self.length} of {self.limit} characters, and nothing left to shorten"
        if limits.software != "pixelfed":
            return ""
        if not images:
            return "Pixelfed takes no status without an image, and this one has none that could be attached"
        length = len(self.status.spoiler_text)
        if length > _PIXELFED_WARNING:
            return (
                f"Pixelfed takes a content warning of {_PIXELFED_WARNING} characters at most, and this one has {length}"
            )
        return ""


def compose(
    post: Post,
    *,
    policy: AccountPolicy,
    limits: Limits,
    site: str = "",
    about: SiteInfo = _NOTHING_SAID,
    text_override: str = "",
    refused_hashtags: Collection[str] = (),
    counted_by: CountingRule | None = None,
) -> Composition:
    """Compose the status for a post. Pure: the same post, policy and limits give the same status.

    site is the site's name in the config, about what it says of itself. text_override: a person's own text, used as it
    was written, mentions included; the link is added where it isn't in it. refused_hashtags: those that the instance
    doesn't take. counted_by: how it counts, where that isn't its software's way. Raises LinkError where the post's link
    can't be shared, TemplateError where the template can't be used, OverlongError where a person's own text is too
    long.
    """
    policy = policy_for(policy, post, site=site)
    spoiler_text = _spoiler_text(post, policy)
    rule = counted_by or rule_for(limits.software, limits.version)
    room = Room(limit=limits.max_characters, rule=rule, spoiler_text=spoiler_text)
    link = safe_link(post.link)
    used: tuple[str, ...] = ()
    if text_override.strip():
        text = _by_hand(text_override.strip(), link, room)
    else:
        text, used = _written(
            post, policy=policy, limits=limits, link=link, about=about, room=room, refused=refused_hashtags
        )
    return Composition(
        status=Status(
            text=text,
            visibility=policy.visibility,
            spoiler_text=spoiler_text,
            sensitive=policy.sensitive,
            language=language_of(policy.language, post, about, in_full=takes_any_language(limits)),
            mentions=mentions_in(text),
            content_type=content_type(limits),
        ),
        attachments=attachments(post, policy=policy, limits=limits),
        length=room.length(text),
        limit=room.limit,
        hashtags=used,
    )


def policy_for(policy: AccountPolicy, post: Post, *, site: str) -> AccountPolicy:
    """The account's policy for a post of this site (its name in the config): the first rule that sets a key wins."""
    settings: dict[str, Any] = {}
    for rule in policy.rules:
        if _holds(rule, post, site=site):
            settings = _set_by(rule) | settings
    return replace(policy, **settings) if settings else policy


# --- the account's rules -------------------------------------------------------------------------------------------

_CONDITIONS = frozenset({"sites", "categories", "tags", "authors"})
_SETTINGS = tuple(name for name in Rule.__struct_fields__ if name not in _CONDITIONS)


def _set_by(rule: Rule) -> dict[str, Any]:
    return {name: value for name in _SETTINGS if (value := getattr(rule, name)) is not None}


def _holds(rule: Rule, post: Post, *, site: str) -> bool:
    if rule.sites and site not in rule.sites:
        return False
    conditions = ((post.categories, rule.categories), (post.tags, rule.tags), (post.authors, rule.authors))
    return all(not wanted or matching(terms, wanted) for terms, wanted in conditions)


# --- what a person wrote for this status --------------------------------------------------------------------------

_STOPS = ".,;:!?"
_WEB = re.compile(r"https?://", re.IGNORECASE)
# Of a content warning more would be a text of its own, and leave no room for the status.
_LONGEST_WARNING = 200


def _by_hand(text: str, link: str, room: Room) -> str:
    """A person's own text with the link: in its place where it is there already, else below."""
    has_link = any(_WEB.match(word) and same_link(word.rstrip(_STOPS), link) for word in text.split())
    text = text if has_link else f"{text}\n\n{link}"
    if not room.holds(text):
        msg = f"your text is too long: {room.length(text)} of {room.limit} characters, the link counted in"
        raise OverlongError(msg)
    return text


def _spoiler_text(post: Post, policy: AccountPolicy) -> str:
    warning = clean(post.share_cw) if policy.author_words else ""
    own = shorten(defuse_mentions(warning, policy.mentions), lambda text: len(text) <= _LONGEST_WARNING)
    return own or policy.spoiler_text


# --- what the post itself says ------------------------------------------------------------------------------------

_LONGEST_BORROWED_TITLE = 100
# What of an article's beginning stands for its excerpt: WordPress's own has 55 words.
_SHORTEST_OPENING, _LONGEST_OPENING = 60, 400
# How much of an excerpt that is the whole article is left without headings and the like, with spaces put in.
_SAME = (0.75, 1.1)
_CATEGORIES = frozenset({"category", "categories"})
_TELLING = frozenset({"excerpt", "content", PARAGRAPH})


def _written(
    post: Post,
    *,
    policy: AccountPolicy,
    limits: Limits,
    link: str,
    about: SiteInfo,
    room: Room,
    refused: Collection[str],
) -> tuple[str, tuple[str, ...]]:
    """The text, shortened as far as needed, and the hashtags that are in it."""
    words = _authors_own(post, link, policy=policy, limits=limits)
    template = words or parse(policy.template)
    shown = template.names()
    values = _values(post, template, policy=policy, limits=limits, about=about)
    said = hashtags_in(" ".join((*template.literals(), *(values[name] for name in shown & values.keys()))))
    category = ""
    if CATEGORY_HASHTAG in shown:
        category = category_hashtag(post, policy.hashtags, refused=(*refused, *said))
    unwanted = (*refused, *said, category)
    tags = hashtags(post, policy.hashtags, refused=unwanted) if "hashtags" in shown else ()
    values |= {"link": link, CATEGORY_HASHTAG: category}
    made = fitted(Shortenable(template=template, values=values, hashtags=tags), room)
    if room.holds(made.text):
        return made.text, made.hashtags
    return _barely(made.text if words else "", link, room), ()


def _authors_own(post: Post, link: str, *, policy: AccountPolicy, limits: Limits) -> Template | None:
    """What the post's author wrote for its status, where that is wanted; None where it is nothing."""
    if not policy.author_words:
        return None
    return author_template(post.share_text, link, mentions=policy.mentions, unmarked=lambda line: authors(line, limits))


def _barely(text: str, link: str, room: Room) -> str:
    """The link, with as much of the text before it as there is room for."""

    def below(words: str) -> str:
        return f"{words}\n\n{link}".strip()

    return below(shorten(text.replace(link, "").strip(), lambda words: room.holds(below(words))))


def _values(
    post: Post, template: Template, *, policy: AccountPolicy, limits: Limits, about: SiteInfo
) -> dict[str, str]:
    """What the placeholders stand for; what comes from the site links nowhere, and notifies only whom it may."""
    title, words, paragraph = _headline(post, template)
    texts = {"title": title, "excerpt": words, PARAGRAPH: paragraph}
    texts |= dict(_others(post, template.names(), about))
    safe = {
        name: foreign(unlink(defuse_mentions(text, policy.mentions)), limits) if text else ""
        for name, text in texts.items()
    }
    date = post.published_at.isoformat() if post.published_at else ""
    return safe | {"date": post.local_date or date}


def _others(post: Post, names: Collection[str], about: SiteInfo) -> Iterator[tuple[str, str]]:
    """The values of the placeholders that are shown, beside the title and what follows it."""
    if "content" in names:
        yield "content", article(post.content)
    if "author" in names:
        yield "author", plain(post.author)
    if "site" in names:
        yield "site", plain(about.title)
    if not _CATEGORIES.isdisjoint(names):
        categories = [plain(term.name) for term in post.categories if not is_default(term)]
        yield "category", categories[0] if categories else ""
        yield "categories", ", ".join(categories)


def _headline(post: Post, template: Template) -> tuple[str, str, str]:
    """Title, excerpt and first paragraph, nothing said twice.

    Without a title the excerpt speaks for itself; its first words stand in only where the template has no excerpt.
    """
    title, words = plain(post.title), _excerpt(post)
    paragraph = (first_paragraph(post.content) or words) if PARAGRAPH in template.names() else ""
    if title or not template.names().isdisjoint(_TELLING):
        return title, without_title(words, title), without_title(paragraph, title)
    return shorten(words, lambda text: len(text) <= _LONGEST_BORROWED_TITLE), "", ""


def _excerpt(post: Post) -> str:
    """The excerpt; where a machine cut it short or made it, or there is none, the article's beginning says more."""
    words = excerpt(post.excerpt)
    if "/" in words and " " not in words and same_link(words, post.link):  # Chinese has no spaces either
        words = ""  # it stands in the status anyway
    has_contents = is_contents(words)
    is_whole = bool(words) and not is_cut(words) and not has_contents
    if not post.content or (is_whole and not is_article(words, post.content)):
        return words
    opening = first_paragraph(post.content, least=max(_SHORTEST_OPENING, 0 if has_contents else len(words)))
    if is_whole and not _is_same(opening, words):
        return spaced_as(words, article(post.content))
    if words and is_scrap(opening):
        return words
    return shorten(opening, lambda text: len(text) <= _LONGEST_OPENING) or words


def _is_same(opening: str, words: str) -> bool:
    """Whether an article's opening says what its excerpt does, and no more."""
    is_as_long = _SAME[0] < len(opening) / len(words) < _SAME[1]
    return is_as_long and not is_scrap(opening) and adds_nothing(opening, words)
