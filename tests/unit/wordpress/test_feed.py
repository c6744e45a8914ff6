"""From a feed to our values, whatever stands in it."""

import pytest

from bot.wordpress.feed import read_feed


def test_much_that_never_ends_is_no_burden() -> None:
    """In a text of a feed, which is read as it is."""
    item = f"<item><link>https://a.example/1/</link><description><![CDATA[{'<!--' * 250_000}]]></description></item>"
    body = f'<rss version="2.0"><channel>{item}</channel></rss>'.encode()

    assert 1 == len(read_feed(body, url="https://a.example/feed/", home="https://a.example").posts)


@pytest.mark.parametrize(
    ("inner", "link"),
    [
        ("<link/><guid>https://a.example/kite/</guid>", "https://a.example/kite/"),
        ("<guid isPermaLink='false'>https://a.example/?p=7</guid>", "https://a.example/?p=7"),
        (
            "<link>https://feeds.a.example/1</link><feedburner:origLink>https://a.example/kite/</feedburner:origLink>",
            "https://a.example/kite/",
        ),
        ("<link>/kite/</link>", "https://a.example/kite/"),
    ],
)
def test_where_a_posts_own_address_may_stand(inner: str, link: str) -> None:
    """Beside FeedBurner's, in the guid, or without its host."""
    names = 'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    more = "<dc:creator>Ann</dc:creator><dc:creator>Bob</dc:creator><enclosure url='/a.png' type='image/png'/>"
    body = f'<rss version="2.0" {names}><channel><item>{inner}{more}</item></channel></rss>'.encode()

    [post] = read_feed(body, url="https://a.example/feed/", home="https://a.example").posts

    assert (link, ["Ann", "Bob"]) == (post.link, [author.name for author in post.authors])
    assert post.image is not None
    assert "https://a.example/a.png" == post.image.sizes[0].url


@pytest.mark.parametrize(
    ("media", "image"),
    [
        ('<media:content url="https://1.gravatar.com/avatar/x" medium="image"/>', ""),
        (
            (
                '<media:content url="https://1.gravatar.com/avatar/x" medium="image"/>'
                '<media:content url="https://a.example/a.jpg" medium="image"/>'
            ),
            "https://a.example/a.jpg",
        ),
        ('<media:content url="https://a.example/a.jpg"/>', "https://a.example/a.jpg"),
        ('<media:content url="https://a.example/a.mp4"/>', ""),
        ('<enclosure url="https://a.example/a.mp3" type="audio/mpeg"/>', ""),
    ],
)
def test_the_image_of_an_entry_is_one_of_the_posts(media: str, image: str) -> None:
    """Not the author's avatar, which WordPress.com puts first, and no film; its type need not be said."""
    inner = f"<item><link>https://a.example/kite/</link>{media}</item>"
    body = f'<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>{inner}</channel></rss>'.encode()

    [post] = read_feed(body, url="https://a.example/feed/", home="https://a.example").posts

    assert image == (post.image.sizes[0].url if post.image else "")
