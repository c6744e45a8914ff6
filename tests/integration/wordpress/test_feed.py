"""Sites whose REST API is closed: the public feed is read instead, and nothing is shared twice when it opens again."""

from datetime import timedelta

import pytest

from bot.domain.models import Post
from bot.domain.policy import Source
from bot.errors import NotInFeedError, SiteUnavailableError
from bot.sandbox.messages import Answer, Request, html_answer, json_answer
from bot.wordpress import Http, Ways, WordPressSite
from tests.integration.wordpress.blog import LONG_AGO, NOW, Blog, ids, look

MINUTE = timedelta(minutes=1)
COMMENTS = '<link rel="alternate" type="application/rss+xml" href="/comments/feed/">'


@pytest.mark.parametrize(
    "closed",
    [
        json_answer({"code": "rest_cannot_access", "message": "Nur für Mitglieder."}, status=401),
        json_answer({"code": "rest_disabled", "message": "Off."}, status=404),
        json_answer({"code": "rest_login_required", "message": "No."}, status=401),
        json_answer({"code": "itsec_rest_api_access_restricted", "message": "No."}, status=401),
        json_answer({"code": "rest_no_route", "message": "None."}, status=404),
        html_answer("<title>Just a moment…</title>", status=403),
        html_answer("<title>Not Acceptable</title>", status=406),
        html_answer("<title>Not found</title>", status=404),
        html_answer("<title>Just a moment…</title>"),
    ],
    ids=lambda answer: f"{answer.status}-{len(answer.body)}",
)
def test_a_closed_api_leaves_the_feed(blog: Blog, site: WordPressSite, closed: Answer) -> None:
    """Whatever closes it; and the look says how it was made, and what it can't know."""
    blog.closed = closed
    blog.post(7, NOW)
    blog.post(5, LONG_AGO - MINUTE)

    found = look(site)

    assert ([7], True) == (ids(found), found.complete)
    assert "read from the feed, since the REST API is closed" in found.remark
    post = site.read(7)
    assert ("Post 7 &amp; more", "Short 7", blog.link(7), NOW) == (
        post.title,
        post.excerpt,
        post.link,
        post.published_at,
    )
    assert ["kite"] == [tag.name for tag in post.tags]
    assert ("The Blog", "de-DE") == (site.about().title, site.about().language)
    assert 7 == site.find_post(blog.link(7))
    assert [7] == [post.id for post in site.read_several([7, 8])]
    assert [7] == [post.id for post in site.list_by_id([7, 8])]


def test_a_refusal_is_not_gone_around(blog: Blog, site: WordPressSite) -> None:
    """Where WordPress itself refuses, its other addresses aren't tried."""
    blog.closed = json_answer({"code": "rest_cannot_access", "message": "Members only."}, status=401)
    blog.post(7, NOW)

    assert "answered 401 (rest_cannot_access: Members only.)" in look(site).remark
    assert not [request for request in blog.requests if "rest_route" in request.query]


def test_a_plugin_that_switches_the_api_off_is_quoted(blog: Blog, site: WordPressSite) -> None:
    """Also where it does so with a 200."""
    blog.closed = json_answer({"code": "invalid-request", "message": "REST API has been disabled."})
    blog.post(7, NOW)

    assert "is no REST index (invalid-request: REST API has been disabled.)" in look(site).remark


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_site_that_is_out_of_order_is_not_a_closed_one(blog: Blog, site: WordPressSite, status: int) -> None:
    """Nothing is concluded from it."""
    blog.closed = html_answer("<title>Down</title>", status=status)
    blog.post(7, NOW)

    with pytest.raises(SiteUnavailableError, match=f"answered {status}"):
        look(site)
    assert not any(request.path == "/feed/" for request in blog.requests)


def test_a_closed_api_is_tried_again_seldom(blog: Blog, site: WordPressSite, time: list[float]) -> None:
    """For an hour the feed is read without asking; then the API is again."""
    blog.post(7, NOW)
    look(site)
    blog.requests.clear()
    look(site, exclude=(7,))

    assert ["/feed/"] == [request.path for request in blog.requests]

    blog.closed = None
    time[0] += 3601
    assert ("", [7]) == (look(site).remark, ids(look(site)))


def test_an_unchanged_feed_costs_one_answer_without_a_body(blog: Blog, site: WordPressSite, time: list[float]) -> None:
    """Its validators are sent back; but now and then all of it is read, since they don't tell of late posts."""
    blog.etag = True
    blog.post(7, NOW)
    look(site)
    blog.requests.clear()

    unchanged = look(site, exclude=(7,))

    assert ((), True, 1) == (unchanged.posts, unchanged.complete, len(blog.requests))
    assert '"1"' == blog.requests[0].headers["if-none-match"]
    time[0] += 1801
    look(site, exclude=(7,))
    assert "if-none-match" not in blog.requests[-1].headers


def test_a_look_that_was_not_recorded_tells_the_same_again(blog: Blog, site: WordPressSite) -> None:
    """Whoever finds something looks once more before it is recorded, and may be killed: the feed hasn't changed."""
    blog.etag = True
    blog.post(7, NOW - MINUTE)
    look(site)
    blog.post(8, NOW)

    assert [[8], [8], []] == [ids(look(site, exclude=seen)) for seen in ((7,), (7,), (7, 8))]


def test_a_look_that_reaches_further_back_is_another(blog: Blog, site: WordPressSite) -> None:
    """What the one before left out is new to it, though the feed hasn't changed: `preview --latest` looks so."""
    blog.etag = True
    blog.post(7, NOW - 2 * MINUTE)

    assert [[], [7], []] == [ids(site.list_new(after=NOW - n * MINUTE, exclude=())) for n in (1, 3, 1)]


def test_what_was_read_in_between_is_no_look(blog: Blog, site: WordPressSite, time: list[float]) -> None:
    """A post that came up while others were read, or at a check, is new to the next look, whatever hasn't changed."""
    blog.etag = True
    blog.post(7, NOW - MINUTE)
    site.discover()
    assert [7] == ids(look(site))

    blog.post(8, NOW)
    time[0] += 60
    site.read(8)

    assert [8] == ids(look(site, exclude=(7,)))


def test_a_look_is_complete_when_it_reaches_back(blog: Blog, site: WordPressSite) -> None:
    """Over several pages, to what was seen before; not where the feed ends before that."""
    for number in range(1, 26):
        blog.post(number, NOW - (30 - number) * MINUTE)

    found = look(site, exclude=(5,))

    assert ([*range(1, 5), *range(6, 26)], True) == (ids(found), found.complete)


def test_a_feed_that_hides_its_older_posts_is_no_complete_look(blog: Blog, site: WordPressSite) -> None:
    """Each page shows the same posts: what lies between them and those seen before isn't known."""
    for number in range(1, 26):
        blog.post(number, NOW - (30 - number) * MINUTE)
    blog.per_page = 25
    shown = blog.items.copy()
    blog.items = {number: at for number, at in shown.items() if number > 15}

    def same(request: Request) -> Answer:
        request.params.pop("paged", None)
        return Blog._feed(blog, request)

    blog._feed = same  # type: ignore[method-assign] # a test's own server

    found = look(site, exclude=(1, 2))

    assert (list(range(16, 26)), False) == (ids(found), found.complete)
    assert "doesn't reach back" in found.note


def test_a_short_feed_that_has_no_pages_is_all_there_is(blog: Blog, site: WordPressSite) -> None:
    """Nothing was seen before, and it has fewer posts than WordPress would show; the same item twice is one post."""
    item = "<item><title>A</title><link>https://a.example/a/</link><guid>{}</guid></item>"
    items = item.format("urn:a") + item.format(f"{blog.url}/?p=12")
    blog.body = f'<rss version="2.0"><channel><link>{blog.url}</link>{items}</channel></rss>'.encode()

    assert ([12], True) == (ids(found := look(site)), found.complete)


@pytest.mark.parametrize(
    ("guid", "known"),
    [
        ("http://{host}/?p=7", True),
        ("https://{host}/?p=7", True),
        ("https://{host}/?post_type=book&p=7", True),
        ("https://{host}/?post_type=book&#038;p=7", True),
        ("https://{host}/7/", False),
        ("https://other.example/?p=7", False),
        ("tag:example,2026:7", False),
    ],
)
def test_ids_come_from_guids_whatever_their_scheme(blog: Blog, site: WordPressSite, guid: str, *, known: bool) -> None:
    """Another site's guid is none of ours; a post without an id gets one below zero, the same at every look."""
    blog.post(7, NOW, guid=guid.format(host=blog.url.removeprefix("http://")))

    [number] = ids(look(site))

    assert known is (number == 7)
    assert known is (number > 0)
    assert number == site.read(number).id == site.read_without_text(number).id


@pytest.mark.parametrize("guid", ["", "tag:example,2026:7"])
def test_a_post_that_rest_told_of_is_read_from_the_feed_when_rest_closes(
    blog: Blog, site: WordPressSite, guid: str
) -> None:
    """By its id, or by its link where the feed has no id for it; it keeps the id by which it is known."""
    blog.closed = None
    blog.post(7, NOW, guid=guid or None)
    [listed] = look(site).posts
    blog.closed = json_answer({"code": "rest_disabled"}, status=403)

    post = site.read(7, link=listed.link)

    assert (7, "Post 7 &amp; more", "Short 7") == (post.id, post.title, post.excerpt)


def test_a_post_that_only_the_feed_had_an_id_for_is_read_from_rest_when_the_feed_goes(
    blog: Blog, site: WordPressSite, time: list[float]
) -> None:
    """By its link; before that, and where REST knows no such link, nothing is concluded."""
    blog.post(7, NOW, guid="tag:example,2026:7")
    [listed] = look(site).posts
    blog.feed_at = "/gone/"
    time[0] += 60
    with pytest.raises(SiteUnavailableError, match="feed"):
        site.read(listed.id, link=listed.link)

    blog.closed = None
    assert (listed.id, blog.link(7)) == ((post := site.read(listed.id, link=listed.link)).id, post.link)

    del blog.items[7]
    with pytest.raises(SiteUnavailableError, match="feed"):
        site.read(listed.id, link=listed.link)


@pytest.mark.parametrize("lead", [b"\n\n\xef\xbb\xbf", b"\xef\xbb\xbf", b" \r\n"])
def test_what_stands_before_a_feed_comes_off(blog: Blog, site: WordPressSite, lead: bytes) -> None:
    """Blank lines, byte-order marks."""
    item = f"<item><title>T</title><link>{blog.link(7)}</link><guid>{blog.url}/?p=7</guid></item>"
    blog.body = lead + f'<?xml version="1.0"?><rss version="2.0"><channel>{item}</channel></rss>'.encode()

    assert [7] == ids(look(site))


def test_an_atom_feed(blog: Blog, site: WordPressSite) -> None:
    """Read like any other; what it says of edits isn't compared with what the API says."""
    entry = (
        f"<entry><id>{blog.url}/?p=7</id><title type='html'>A &amp;amp; B</title><link href='{blog.link(7)}'/>"
        f"<published>2026-11-22T11:00:00Z</published><updated>2026-11-22T11:30:00Z</updated>"
        f"<content type='html'>&lt;p&gt;Long&lt;/p&gt;</content></entry>"
    )
    blog.body = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>B</title>{entry}</feed>'.encode()

    look(site)
    post: Post = site.read(7)

    assert ("<p>Long</p>", NOW - 60 * MINUTE, None) == (post.content, post.published_at, post.modified_at)


@pytest.mark.parametrize("source", [Source.AUTO, Source.FEED])
def test_a_post_that_left_the_feed(blog: Blog, http: tuple[Http, list[float]], source: Source) -> None:
    """Nothing is known of it, and nothing is wrong: that is told apart from a site that can't be read."""
    blog.post(7, NOW)
    site = WordPressSite("blog", blog.url, http=http[0], allow_private=True, ways=Ways(source=source))

    with pytest.raises(NotInFeedError, match="isn't in the feed"):
        site.read(8)


def test_a_site_without_a_feed_says_both(blog: Blog, site: WordPressSite) -> None:
    """What the API said, and what the feed."""
    blog.feed_at = "/nowhere"
    blog.page = "<title>A page</title>"

    with pytest.raises(
        SiteUnavailableError, match=r"rest_disabled.*Nor can its feed be read.*something that is no feed"
    ):
        look(site)


def test_what_is_for_members_or_has_a_password_is_known(blog: Blog, site: WordPressSite) -> None:
    """By the form that stands in its place, or by the wall."""

    def item(number: int, content: str) -> str:
        return (
            f"<item><link>{blog.link(number)}</link><guid>{blog.url}/?p={number}</guid>"
            f"<content:encoded><![CDATA[{content}]]></content:encoded></item>"
        )

    body = item(1, '<form class="post-password-form">') + item(2, '<div class="jetpack-paywall">Join</div>')
    head = '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
    blog.body = f"{head}{body}</channel></rss>".encode()
    look(site)

    assert site.read(1).protected
    assert "" == site.read(1).content
    assert site.read(2).members_only


def test_the_footer_of_feeds_is_not_the_text(blog: Blog, site: WordPressSite) -> None:
    """In whatever language: a last paragraph that links to the post and to the site."""
    footer = f'<p>Der Beitrag <a href="{blog.link(7)}">T</a> erschien zuerst auf <a href="{blog.url}">B</a>.</p>'
    body = f"<item><link>{blog.link(7)}</link><guid>{blog.url}/?p=7</guid><description><![CDATA[<p>Own.</p>{footer}]]>"
    head = f'<rss version="2.0"><channel><link>{blog.url}</link>'
    blog.body = f"{head}{body}</description></item></channel></rss>".encode()
    look(site)

    assert "<p>Own.</p>" == site.read(7).excerpt
