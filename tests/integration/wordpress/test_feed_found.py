"""Where a site's feed is found, and of which types it tells."""

import pytest

from bot import __version__
from bot.domain.policy import Source
from bot.errors import SiteUnavailableError
from bot.sandbox.messages import json_answer
from bot.wordpress import Http, Ways, WordPressSite
from tests.integration.wordpress.blog import NOW, Blog, ids, look

COMMENTS = '<link rel="alternate" type="application/rss+xml" href="/comments/feed/">'


@pytest.mark.parametrize(
    ("page", "at"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/blog/rss">', "/blog/rss"),
        (
            COMMENTS + '<link rel="alternate" type="application/atom+xml" href="/atom">',
            "/atom",
        ),
        ("", "/feed/"),
    ],
)
def test_a_feed_is_where_the_page_says_or_where_it_usually_is(
    blog: Blog, site: WordPressSite, page: str, at: str
) -> None:
    """That of the comments is none."""
    blog.page, blog.feed_at = page, at
    blog.post(7, NOW)

    assert [7] == ids(look(site))
    assert f"{blog.url}{at}" == site.discover()


@pytest.mark.parametrize(
    ("types", "asked"),
    [(("podcast",), {"post_type": ["podcast"]}), (("post", "podcast"), {"post_type[]": ["post", "podcast"]})],
)
def test_a_feed_of_other_types_is_asked_for(
    blog: Blog, http: tuple[Http, list[float]], types: tuple[str, ...], asked: dict[str, list[str]]
) -> None:
    """A feed has ordinary posts only, unless it is asked for others."""
    blog.post(7, NOW)
    site = WordPressSite("blog", blog.url, http=http[0], allow_private=True, ways=Ways(post_types=types))

    assert [7] == ids(look(site))
    assert asked == next(request.params for request in blog.requests if request.path == "/feed/")


def test_a_type_that_the_site_does_not_have_is_no_closed_api(blog: Blog, http: tuple[Http, list[float]]) -> None:
    """Other posts than those that are wanted are never read in their place."""
    blog.closed = None
    blog.post(7, NOW)
    site = WordPressSite("blog", blog.url, http=http[0], allow_private=True, ways=Ways(post_types=("podcats",)))

    with pytest.raises(SiteUnavailableError, match="has no post type 'podcats'"):
        look(site)


def test_a_feed_may_be_named_and_wanted(blog: Blog, http: tuple[Http, list[float]]) -> None:
    """`source = "feed"` asks for nothing else; `source = "rest"` never for a feed."""
    blog.feed_at, blog.closed = "/odd.xml", None
    blog.post(7, NOW)
    ways = Ways(source=Source.FEED, feed_url=f"{blog.url}/odd.xml")

    def made(ways: Ways) -> WordPressSite:
        return WordPressSite("blog", blog.url, http=http[0], allow_private=True, ways=ways)

    assert [7] == ids(look(made(ways)))
    assert {"/odd.xml"} == {request.path for request in blog.requests}

    blog.closed = json_answer({"code": "rest_disabled"}, status=403)
    with pytest.raises(SiteUnavailableError, match="rest_disabled"):
        look(made(Ways(source=Source.REST)))


def test_a_site_is_told_who_asks(blog: Blog, http: tuple[Http, list[float]]) -> None:
    """An honest name, and where to find whoever runs it; at every request."""
    blog.post(7, NOW)
    ways = Ways(contact="https://social.example")
    look(WordPressSite("blog", blog.url, http=http[0], allow_private=True, ways=ways))

    agents = {request.headers["user-agent"] for request in blog.requests}
    assert {f"howdah/{__version__} (+https://social.example)"} == agents
