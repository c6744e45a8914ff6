"""Rules: what is different for some posts."""

import pytest

from bot.domain.composing.compose import policy_for
from bot.domain.models import Post, Term
from bot.domain.policy import AccountPolicy, Images, Rule

POST = Post(
    id=1,
    link="https://a.org/1",
    author="Ann Example",
    author_slug="ann",
    categories=(Term(name="Film &amp; TV", slug="film"),),
    tags=(Term(name="Review", slug="review"),),
)


def visibility(*rules: Rule) -> str:
    """What the rules make of the visibility."""
    return policy_for(AccountPolicy(name="main", rules=rules), POST, site="uk").visibility


@pytest.mark.parametrize(
    "rule",
    [
        Rule(sites=("de", "uk"), visibility="unlisted"),
        Rule(categories=("FILM & TV",), visibility="unlisted"),
        Rule(categories=("film",), visibility="unlisted"),
        Rule(tags=("other", "review"), visibility="unlisted"),
        Rule(authors=("Ann Example",), visibility="unlisted"),
        Rule(sites=("uk",), categories=("film",), authors=("ann",), visibility="unlisted"),
    ],
)
def test_a_rule_that_matches(rule: Rule) -> None:
    """By site, and by name or slug, whatever the case; all conditions have to hold."""
    assert visibility(rule) == "unlisted"


@pytest.mark.parametrize(
    "rule",
    [
        Rule(sites=("de",), visibility="unlisted"),
        Rule(categories=("film",), tags=("news",), visibility="unlisted"),
        Rule(authors=("bob",), visibility="unlisted"),
    ],
)
def test_a_rule_that_doesnt_match(rule: Rule) -> None:
    """It changes nothing."""
    assert visibility(rule) == "public"


def test_the_first_that_sets_a_key_decides_it() -> None:
    """Each key by itself; what no rule sets stays the account's own."""
    policy = AccountPolicy(
        name="main",
        language="en",
        rules=(
            Rule(tags=("review",), spoiler_text="Spoilers", sensitive=True),
            Rule(categories=("film",), spoiler_text="Film", images=Images.CARD, template="{title} {link}"),
        ),
    )

    found = policy_for(policy, POST, site="uk")

    assert (found.spoiler_text, found.sensitive, found.images) == ("Spoilers", True, Images.CARD)
    assert (found.template, found.language, found.visibility) == ("{title} {link}", "en", "public")


def test_an_empty_setting_is_one() -> None:
    """A rule may take a content warning away."""
    policy = AccountPolicy(name="main", spoiler_text="News", rules=(Rule(tags=("review",), spoiler_text=""),))

    assert policy_for(policy, POST, site="uk").spoiler_text == ""
