"""The page about templates: its examples are what howdah does."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.composing.compose import compose
from bot.domain.composing.template import PLACEHOLDERS
from bot.domain.models import Limits, Post, Term
from bot.domain.policy import AccountPolicy

PAGE = (Path(__file__).parents[4] / "docs/templates.md").read_text(encoding="utf-8")
ORCHARD = Post(
    id=1,
    link="https://example.org/orchard/",
    title="The orchard opens",
    excerpt="<p>It opens at nine on Saturday. Bring a bag.</p>",
    author="Ann",
    published_at=datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
    categories=(Term(name="Events", slug="events"),),
    tags=(Term(name="Apples", slug="apples"), Term(name="Cider", slug="cider")),
)
EXAMPLES = re.findall(r"^\| `([^`]*\{link\}[^`]*)` \| `([^`]*)` \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("template", "status"), EXAMPLES)
def test_examples(template: str, status: str) -> None:
    """Each template makes the status beside it."""
    policy = AccountPolicy(name="main", template=template.replace("\\|", "|"))

    assert status == compose(ORCHARD, policy=policy, limits=Limits(software="mastodon")).status.text


def test_there_are_examples() -> None:
    """They are found, and every placeholder is on the page."""
    assert len(EXAMPLES) == 6
    assert all(f"{{{name}}}" in PAGE for name in PLACEHOLDERS)
