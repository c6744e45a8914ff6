"""What becomes of real posts: recorded answers of a stock WordPress and the statuses that they make, read by eye."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.domain.compose import compose
from bot.domain.models import Limits, Post, Term
from bot.domain.policy import AccountPolicy

TESTS = Path(__file__).parents[2]
RECORDS = sorted((TESTS / "data/wordpress/wp-6.8.7").glob("*.fields-embed.json"))
MASTODON = Limits(max_characters=500, software="mastodon", version="4.4.1")


def case(path: Path) -> str:
    """The name of a record's case."""
    return path.name.removesuffix(".fields-embed.json")


def post_of(record: dict[str, Any]) -> Post:
    """As much of a record as composing needs; bot.wordpress reads them for good."""
    terms = [term for group in record["_embedded"]["wp:term"] for term in group]

    def named(taxonomy: str) -> tuple[Term, ...]:
        return tuple(Term(name=term["name"], slug=term["slug"]) for term in terms if term["taxonomy"] == taxonomy)

    return Post(
        id=record["id"],
        link=record["link"],
        title=record["title"]["rendered"],
        excerpt=record["excerpt"]["rendered"],
        categories=named("category"),
        tags=named("post_tag"),
    )


def text_of(path: Path) -> str:
    """The status under the default template."""
    record = json.loads(path.read_text(encoding="utf-8"))["record"]
    return compose(post_of(record), policy=AccountPolicy(name="main"), limits=MASTODON).status.text


@pytest.mark.parametrize("path", RECORDS, ids=case)
def test_golden(path: Path) -> None:
    """Each record makes the status that stands in its golden file."""
    golden = TESTS / "golden/compose" / f"{case(path)}.txt"

    assert golden.read_text(encoding="utf-8") == text_of(path) + "\n"


def test_all_are_there() -> None:
    """No record without its golden file, and no golden file without its record."""
    goldens = {path.stem for path in (TESTS / "golden/compose").glob("*.txt")}

    assert goldens == {case(path) for path in RECORDS}
    assert len(goldens) >= 31
