"""What a composed status is made of: what counts how much, and which of its account's rules shaped it.

For people who look at a status before it is sent; nothing is decided by it.
"""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from bot.domain.composing.compose import Composition, policy_for
from bot.domain.composing.counting import Rule as CountingRule
from bot.domain.composing.counting import count, rule_for
from bot.domain.models import Limits, Post
from bot.domain.policy import AccountPolicy, Rule
from bot.domain.text.links import safe_link


class Part(Struct, frozen=True, kw_only=True):
    """A part of a status. count: what the server counts for it; written: the characters that it is written with."""

    name: str
    count: int
    written: int


class Breakdown(Struct, frozen=True, kw_only=True):
    """What counts how much. The counts of all parts add up to the composition's length.

    server: whose limits these are ("mastodon 4.5.0"), '' where it isn't known. rule: its way of counting, as in
    counting.Rule; way: the same for a person.
    """

    server: str
    rule: str
    way: str
    parts: tuple[Part, ...]


class Decision(Struct, frozen=True, kw_only=True):
    """A rule of the account that changed something. number: its place among them, from 1; settings: what it set."""

    number: int
    rule: Rule
    settings: tuple[str, ...]

    def __str__(self) -> str:
        """As a person would say it: `rule 2 (categories "Politics") sets visibility, spoiler_text`."""
        conditions = [f"{name} {_listed(values)}" for name in _CONDITIONS if (values := getattr(self.rule, name))]
        return f"rule {self.number} ({'; '.join(conditions)}) sets {', '.join(self.settings)}"


def breakdown(composition: Composition, *, link: str, limits: Limits) -> Breakdown:
    """What counts how much in a composition. link: the post's."""
    rule = rule_for(limits.software, limits.version)
    return Breakdown(
        server=f"{limits.software} {limits.version}".strip(),
        rule=str(rule),
        way=_WAYS.get(rule, str(rule)),
        parts=tuple(_parts(composition, link=safe_link(link), rule=rule)),
    )


def decisions(policy: AccountPolicy, post: Post, *, site: str) -> tuple[Decision, ...]:
    """The account's rules that change something for a post of this site (its name in the config), in their order."""
    return tuple(decision for decision in _decisions(policy, post, site=site) if decision.settings)


_WAYS = {
    CountingRule.MASTODON: "a link counts 23, a mention without its server",
    CountingRule.CODE_POINTS: "each code point counts, links in full",
    CountingRule.GRAPHEMES: "each visible character counts, links in full",
    CountingRule.UTF16: "each UTF-16 unit counts, links in full",
    CountingRule.SAFE: "counted as the strictest server would",
}
_CONDITIONS = ("sites", "categories", "tags", "authors")


def _parts(composition: Composition, *, link: str, rule: CountingRule) -> Iterator[Part]:
    """What counts, the text that is nothing else first. What stands in no status isn't named."""
    text, warning = composition.status.text, composition.status.spoiler_text
    named = {"link": link if link in text else "", "hashtags": " ".join(composition.hashtags)}
    parts = [Part(name=name, count=count(words, "", rule), written=len(words)) for name, words in named.items()]
    body = count(text, "", rule)
    yield Part(
        name="text",
        count=body - sum(part.count for part in parts),
        written=len(text) - sum(part.written for part in parts),
    )
    yield from (part for part in parts if part.written)
    if warning:
        yield Part(name="content warning", count=composition.length - body, written=len(warning))


def _decisions(policy: AccountPolicy, post: Post, *, site: str) -> Iterator[Decision]:
    """Each rule with what it changes beyond those before it."""
    before = replace(policy, rules=())
    settings = [name for name in Rule.__struct_fields__ if name not in _CONDITIONS]
    for number, rule in enumerate(policy.rules, start=1):
        after = policy_for(replace(policy, rules=policy.rules[:number]), post, site=site)
        changed = tuple(name for name in settings if getattr(before, name) != getattr(after, name))
        yield Decision(number=number, rule=rule, settings=changed)
        before = after


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f'"{value}"' for value in values)
