"""What a composed status is made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.composing.compose import Composition, compose
from bot.domain.composing.explain import Decision, Part, breakdown, decisions
from bot.domain.models import Limits, Post, Term
from bot.domain.policy import Rule
from tests.makers import account_policy

LINK = "https://example.org/2026/elephants/"
POST = Post(
    id=7,
    link=LINK,
    title="Elephants 🐘",
    excerpt="They are back.",
    author="Ann Lee",
    author_slug="ann",
    categories=(Term(name="Politics", slug="politics"),),
    tags=(Term(name="Mill pond", slug="mill-pond"),),
)
SERVERS = ["mastodon", "gotosocial", "pleroma", "iceshrimp", "unheard-of"]


def composed(software: str = "mastodon", **policy) -> tuple[Composition, Limits]:
    """The post as a status for a server of this family."""
    limits = Limits(software=software, version="4.5.0")
    return compose(POST, policy=account_policy(**policy), limits=limits), limits


def test_parts():
    """Text, link, hashtags and content warning, each with what it counts and how long it is written."""
    composition, limits = composed(spoiler_text="Animals")
    found = breakdown(composition, link=LINK, limits=limits)

    assert (
        Part(name="text", count=31, written=31),
        Part(name="link", count=23, written=35),
        Part(name="hashtags", count=19, written=19),
        Part(name="content warning", count=7, written=7),
    ) == found.parts
    assert ("mastodon 4.5.0", "mastodon", "a link counts 23, a mention without its server") == (
        found.server,
        found.rule,
        found.way,
    )


def test_what_is_not_there_is_not_named():
    """A status of text and link alone; a server that says nothing of itself."""
    composition, _ = composed(template="{title} {link}")
    found = breakdown(composition, link=LINK, limits=Limits())

    assert ["text", "link"] == [part.name for part in found.parts]
    assert ("", "counted as the strictest server would") == (found.server, found.way)


@pytest.mark.parametrize("software", SERVERS)
def test_each_family_has_its_own_way(software):
    """In another's way the link counts in full."""
    composition, limits = composed(software)
    found = breakdown(composition, link=LINK, limits=limits)
    [link] = [part for part in found.parts if part.name == "link"]

    assert link.count == (23 if software == "mastodon" else 35)
    assert found.way != found.rule


@given(
    software=st.sampled_from(SERVERS),
    title=st.text(max_size=600),
    warning=st.text(max_size=40),
)
def test_the_parts_add_up(software, title, warning):
    """Whatever the post and the server: what the parts count is the length."""
    limits = Limits(software=software)
    post = Post(id=7, link=LINK, title=title, tags=POST.tags)
    composition = compose(post, policy=account_policy(spoiler_text=warning), limits=limits)
    found = breakdown(composition, link=LINK, limits=limits)

    assert composition.length == sum(part.count for part in found.parts)


def test_decisions():
    """The rules that changed something: not those that don't hold, nor what an earlier one has decided."""
    rules = (
        Rule(tags=("rust",), language="de"),
        Rule(categories=("politics", "Elections"), visibility="unlisted", spoiler_text="Politics"),
        Rule(sites=("uk",), authors=("ann",), visibility="direct", sensitive=True),
        Rule(sites=("uk",), visibility="direct"),
    )
    found = decisions(account_policy(rules=rules), POST, site="uk")

    assert (
        Decision(number=2, rule=rules[1], settings=("visibility", "spoiler_text")),
        Decision(number=3, rule=rules[2], settings=("sensitive",)),
    ) == found
    assert [
        'rule 2 (categories "politics", "Elections") sets visibility, spoiler_text',
        'rule 3 (sites "uk"; authors "ann") sets sensitive',
    ] == [str(decision) for decision in found]
    assert () == decisions(account_policy(), POST, site="uk")
