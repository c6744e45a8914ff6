"""The statuses that recorded posts become, as text that a person can read and judge."""

import json
from collections.abc import Iterator
from pathlib import Path

from bot.domain.composing.compose import Composition, compose
from bot.domain.models import Limits, Post, SiteInfo
from bot.domain.policy import DEFAULT_TEMPLATE, AccountPolicy
from bot.wordpress.parse import record

RECORDS = Path(__file__).parents[1] / "data/posts"
GOLDENS = Path(__file__).parent / "compose"

TEMPLATES = {
    "default": DEFAULT_TEMPLATE,
    "one line": "{title|short:80}[[ ({category})]] {link}",
    "rich": (
        "[[{site}: ]]{title}[[\n\n“{excerpt|words:25}”]][[\n– {author}, {date|format:%d %B %Y}]]\n\n{link}\n{hashtags}"
    ),
}
# One that counts a link as 23, and one that counts all of it.
FAMILIES = {
    "mastodon": Limits(max_characters=500, software="mastodon", version="4.5.0"),
    "takahe": Limits(max_characters=300, software="takahe", version="0.11.0"),
}
ABOUT = SiteInfo(title="The Harbour Post", language="en-GB")


def cases() -> list[Path]:
    """The recorded posts, in a fixed order."""
    return sorted(RECORDS.glob("*/*.json"))


def golden_of(case: Path) -> Path:
    """Where a recorded post's statuses stand."""
    return GOLDENS / case.parent.name / f"{case.stem}.txt"


def statuses_of(case: Path) -> str:
    """What a recorded post becomes under each template on each family of servers."""
    post = record(json.loads(case.read_text(encoding="utf-8"))).post
    return "\n".join(_sections(post))


def _sections(post: Post) -> Iterator[str]:
    for family, limits in FAMILIES.items():
        for name, template in TEMPLATES.items():
            policy = AccountPolicy(name="main", template=template, max_images=4)
            yield _section(f"{name} on {family}", compose(post, policy=policy, limits=limits, about=ABOUT))


def _section(name: str, composition: Composition) -> str:
    language = composition.status.language
    title = f"=== {name}: {composition.length} of {composition.limit}, language {language or 'unknown'}"
    images = [
        f"[image {found.image.sizes[0].url.rpartition('/')[2]}: {found.description or 'no text'}]"
        for found in composition.attachments
    ]
    return "\n".join([title, composition.status.text, *images, ""])
