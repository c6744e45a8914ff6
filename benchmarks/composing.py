"""What composing a status costs, beside the plainest bot there can be: one HTML tree a post, and a line of text."""

import time
from collections.abc import Callable, Iterator
from functools import partial

from bs4 import BeautifulSoup

from benchmarks.measure import Row, paired
from bot.domain.composing.compose import Composition, compose
from bot.domain.models import Image, ImageSize, Limits, Post, Term
from bot.domain.policy import AccountPolicy

POSTS = 400
LIMITS = Limits(software="mastodon", version="4.5.0")
POLICY = AccountPolicy(name="news")
SENTENCES = (
    "The harbour town has built a new lighthouse, and its keepers are proud of it &#8211; it can be seen from the "
    "islands, they say, and on clear nights from much further away. Nobody knows who paid for it."
)


def rows() -> Iterator[Row]:
    """Milliseconds a status over the plainest loop's, where the excerpt is whole and where a machine cut it short."""
    for name, end in (("a whole excerpt", "."), ("an excerpt that was cut", " [&hellip;]")):
        posts = [post(number, end=end) for number in range(POSTS)]
        values, beside = paired(partial(milliseconds, ours, posts), partial(milliseconds, plainest, posts), pairs=9)
        yield Row(
            what=f"composing a status, {name}, CPU",
            unit="ms",
            values=values,
            other="BeautifulSoup(excerpt).get_text()",
            beside=beside,
            meant="howdah ≤ 0.5 ms",
        )


def ours(one: Post) -> Composition:
    """What howdah makes of a post."""
    return compose(one, policy=POLICY, limits=LIMITS)


def plainest(one: Post) -> str:
    """What the plainest bot makes of a post."""
    return f"{one.title}\n{BeautifulSoup(one.excerpt, 'html.parser').get_text()}\n{one.link}"


def milliseconds(work: Callable[[Post], object], posts: list[Post]) -> float:
    """The processor's time that the work takes for a post."""
    started = time.process_time()
    for one in posts:
        work(one)
    return (time.process_time() - started) * 1000 / len(posts)


def post(number: int, *, end: str) -> Post:
    """A post as a newsroom has it: thirty paragraphs, a picture without alternative text, four tags."""
    size = ImageSize(url="https://news.example.com/tower.jpg", width=1200, height=800, mime_type="image/jpeg")
    return Post(
        id=number,
        link=f"https://news.example.com/2026/11/28/a-post-{number}/",
        title=f"Harbour town builds lighthouse &#8211; No. {number}",
        excerpt=f"<p>{SENTENCES} The harbour town has{end}</p>\n",
        content="<figure><img src='/other.jpg'></figure>" + f"<p>{SENTENCES}</p>\n" * 30,
        author="Ann Lee",
        categories=(Term(name="News &amp; Views", slug="news"),),
        tags=tuple(Term(name=name) for name in ("lighthouse", "harbour town", "keepers", f"No. {number}")),
        image=Image(sizes=(size,)),
    )
