"""From a post to the status that it becomes on one account: text, image, alternative text.

What is too long gives way in this order: the excerpt is shortened, then left out; whole hashtags go from the end; the
template's lesser values (author, categories, date, site) go; the title is shortened. The link never gives way.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.domain.attachments import Attachment, attachments
from bot.domain.counting import Rule, count, rule_for
from bot.domain.hashtags import hashtags
from bot.domain.links import safe_link, same_link
from bot.domain.models import Limits, Post, SiteInfo, Status
from bot.domain.policy import AccountPolicy
from bot.domain.rules import settled
from bot.domain.template import Template, parse
from bot.domain.text import defuse_mentions, excerpt, plain, shorten, unlink

_NOTHING_SAID = SiteInfo()


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """A status as it would be published, and how long it is by the instance's own rule.

    length is over limit only where the link by itself (with the content warning) is too long for the instance.
    """

    status: Status
    attachments: tuple[Attachment, ...]
    length: int
    limit: int
    hashtags: tuple[str, ...]


def compose(
    post: Post,
    *,
    policy: AccountPolicy,
    limits: Limits,
    site: str = "",
    about: SiteInfo = _NOTHING_SAID,
    text_override: str = "",
) -> Composition:
    """Compose the status for a post. Pure: the same post, policy and limits give the same status.

    site is the site's name in the config, about what it says of itself. text_override: a person's own text, used as
    it was written, mentions included; the link is added where it isn't in it. Raises LinkError where the post's link
    can't be shared and TemplateError where the template can't be used.
    """
    policy = settled(policy, post, site=site)
    room = _Room(limit=limits.max_characters, rule=_rule(limits), spoiler_text=policy.spoiler_text)
    link = safe_link(post.link)
    if text_override.strip():
        text, used = _by_hand(text_override.strip(), link, room)
    else:
        text, used = _fitted(_draft(post, policy=policy, link=link, about=about), room)
    return Composition(
        status=Status(
            text=text,
            visibility=policy.visibility,
            spoiler_text=policy.spoiler_text,
            sensitive=policy.sensitive,
            language=policy.language,
        ),
        attachments=attachments(post, policy=policy, limits=limits),
        length=room.length(text),
        limit=room.limit,
        hashtags=used,
    )


# --- text ---------------------------------------------------------------------------------------------------------

# An excerpt of which less than this would be left says nothing.
_SHORTEST_EXCERPT = 20
_LONGEST_BORROWED_TITLE = 100
_STOPS = ".,;:!?"
_WEB = re.compile(r"https?://", re.IGNORECASE)
_LESSER = ("author", "categories", "date", "site")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """How much text there is room for."""

    limit: int
    rule: Rule
    spoiler_text: str

    def length(self, text: str) -> int:
        return count(text, self.spoiler_text, self.rule)

    def holds(self, text: str) -> bool:
        return self.length(text) <= self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A status whose values can still give way."""

    template: Template
    values: Mapping[str, str]
    hashtags: tuple[str, ...]

    def text(self) -> str:
        return self.template.render({**self.values, "hashtags": " ".join(self.hashtags)})

    def put(self, **values: str) -> "_Draft":
        return replace(self, values={**self.values, **values})


def _rule(limits: Limits) -> Rule:
    return rule_for(limits.software, limits.version)


def _draft(post: Post, *, policy: AccountPolicy, link: str, about: SiteInfo) -> _Draft:
    template = parse(policy.template)
    title, words = _headline(plain(post.title), excerpt(post.excerpt), template)
    foreign = {
        "title": title,
        "excerpt": words,
        "author": plain(post.author),
        "categories": ", ".join(plain(term.name) for term in post.categories),
        "site": plain(about.title),
    }
    tags = hashtags(post, policy.hashtags) if "hashtags" in template.names() else ()
    date = f"{post.published_at:%Y-%m-%d}" if post.published_at else ""
    values = {name: unlink(defuse_mentions(text)) for name, text in foreign.items()} | {"link": link, "date": date}
    return _Draft(template=template, values=values, hashtags=tags)


def _headline(title: str, words: str, template: Template) -> tuple[str, str]:
    """Title and excerpt, nothing said twice.

    Without a title the excerpt speaks for itself; its first words stand in only where the template has no excerpt.
    """
    if title.casefold() == words.casefold():
        return title, ""
    if title or "excerpt" in template.names():
        return title, words
    return shorten(words, lambda text: len(text) <= _LONGEST_BORROWED_TITLE), ""


def _fitted(draft: _Draft, room: _Room) -> tuple[str, tuple[str, ...]]:
    """The text, shortened as far as needed, and the hashtags that are still in it."""
    for give_way in (_shorten_excerpt, _drop_hashtags, _drop_lesser, _shorten_title):
        if room.holds(draft.text()):
            break
        draft = give_way(draft, room)
    if room.holds(draft.text()):
        return draft.text(), draft.hashtags
    return draft.values["link"], ()


def _shorten_excerpt(draft: _Draft, room: _Room) -> _Draft:
    words = shorten(draft.values["excerpt"], _fits_as(draft, "excerpt", room))
    return draft.put(excerpt=words if len(words) >= _SHORTEST_EXCERPT else "")


def _drop_hashtags(draft: _Draft, room: _Room) -> _Draft:
    while draft.hashtags and not room.holds(draft.text()):
        draft = replace(draft, hashtags=draft.hashtags[:-1])
    return draft


def _drop_lesser(draft: _Draft, room: _Room) -> _Draft:
    for name in _LESSER:
        if not room.holds(draft.text()):
            draft = draft.put(**{name: ""})
    return draft


def _shorten_title(draft: _Draft, room: _Room) -> _Draft:
    return draft.put(title=shorten(draft.values["title"], _fits_as(draft, "title", room)))


def _fits_as(draft: _Draft, name: str, room: _Room) -> Callable[[str], bool]:
    return lambda text: room.holds(draft.put(**{name: text}).text())


def _by_hand(text: str, link: str, room: _Room) -> tuple[str, tuple[str, ...]]:
    """A person's own text with the link: in its place where it is there already, else below. No hashtags are added."""
    links = [word for word in map(_without_stop, text.split()) if _WEB.match(word) and same_link(word, link)]
    if links and room.holds(text):
        return text, ()
    for word in links:
        text = re.sub(rf"(?<!\S){re.escape(word)}(?=[{_STOPS}]*(?:\s|\Z))[ \t]?", "", text)

    def below(words: str) -> str:
        return f"{words.strip()}\n\n{link}".strip()

    return below(shorten(text.strip(), lambda words: room.holds(below(words)))), ()


def _without_stop(word: str) -> str:
    return word.rstrip(_STOPS)
