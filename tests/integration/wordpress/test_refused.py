"""Sites that refuse a question in one form and answer it in a smaller one: every look and read goes on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from bot.errors import SiteUnavailableError
from bot.sandbox.faults import Exchange
from bot.sandbox.messages import Answer, Request, html_answer, json_answer
from bot.sandbox.wordpress_query import Query, read_query
from bot.wordpress.reading import FORMS
from tests.integration.wordpress.blog import NOW
from tests.integration.wordpress.conftest import Reader
from tests.sandbox.faults import Change, Status

MINUTE = timedelta(minutes=1)
IIS = "<title>IIS 10.0 Detailed Error - 404.15 - Not Found</title>"


@dataclass(frozen=True, slots=True)
class Where:
    """Answers this where a request is so; the others are answered as ever."""

    refused: Callable[[Request], bool]
    answer: Answer

    def apply(self, exchange: Exchange, /) -> Answer | None:
        """Refuse it or do it."""
        return self.answer if self.refused(exchange.request) else exchange.work()


def refuse(reader: Reader, refused: Callable[[Request], bool], *, status: int, body: str = "") -> None:
    """Let the site refuse requests of its REST API."""
    reader.wordpress.faults.add(match="GET */wp-json/*", fault=Where(refused, html_answer(body, status=status)))


def longer_than(most: int) -> Callable[[Request], bool]:
    """Requests whose address is longer."""
    return lambda request: len(f"{request.path}?{request.query}") > most


def has_text(request: Request) -> bool:
    """Requests that have the site render a post."""
    fields = request.params.get("_fields", ["content"])[0].split(",")
    return "/posts" in request.path and bool({"content", "excerpt"} & set(fields))


@pytest.mark.parametrize(("most", "status"), [(255, 414), (1_024, 403), (2_048, 404)])
def test_a_site_that_refuses_long_addresses_is_looked_at_and_read(reader: Reader, most: int, status: int) -> None:
    """Security plugins, hosts' caches, IIS: fewer ids are left out, a post is read with `_embed=1` alone."""
    ids = [reader.wordpress.publish(id=393_000 + n, title="Post", date=NOW - n * MINUTE) for n in range(500)]
    new = reader.wordpress.publish(id=400_000, title="New", date=NOW, tags=["kite"])
    refuse(reader, longer_than(most), status=status, body=IIS if status == 404 else "")

    look = reader.look(exclude=tuple(ids))

    assert (True, [new]) == (look.complete, [post.id for post in look.posts])
    assert ["kite"] == [tag.name for tag in reader.site.read(new).tags]
    assert set(ids[:30]) == {post.id for post in reader.site.list_by_id(ids[:30])}
    assert ids[:3] == [post.id for post in reader.site.read_several(ids[:3])]


@pytest.mark.parametrize(
    "answer",
    [
        *(html_answer(f"<title>Blocked {code}</title>", status=code) for code in (400, 405, 410, 413, 431, 444, 500)),
        html_answer("<title>Blocked</title>", status=200),
        Answer(status=200),
        Answer(status=302, headers=(("Location", "/"),)),
        json_answer({"code": "address_too_long", "message": "No."}, status=400),
    ],
    ids=lambda answer: f"{answer.status}-{len(answer.body)}",
)
def test_a_long_address_may_be_refused_in_any_way(reader: Reader, answer: Answer) -> None:
    """By any status, by a page with 200, by nothing, by a way to the front page, by a plugin's own code."""
    ids = [reader.wordpress.publish(title="Post", date=NOW - n * MINUTE) for n in range(200)]
    reader.wordpress.faults.add(match="GET */wp-json/*", fault=Where(longer_than(255), answer))

    look = reader.look(exclude=tuple(ids[1:]))

    assert (True, {ids[0]}) == (look.complete, {post.id for post in look.posts} - set(ids[1:]))
    assert "Post" == reader.site.read(ids[0]).title


@pytest.mark.parametrize(
    "refused",
    [lambda request: "exclude" in request.query, longer_than(140)],
    ids=["word", "length"],
)
def test_a_site_that_takes_no_ids_is_walked_without(reader: Reader, refused: Callable[[Request], bool]) -> None:
    """Every post of the window is listed again, and the new one is found among them."""
    ids = [reader.wordpress.publish(title="Post", date=NOW - n * MINUTE) for n in range(250)]
    refuse(reader, refused, status=403)

    look = reader.look(exclude=tuple(ids[1:]))

    assert look.complete
    assert ids[0] in {post.id for post in look.posts}


@pytest.mark.parametrize("word", ["_fields", "orderby"])
def test_a_word_that_a_firewall_takes_amiss_is_left_out(reader: Reader, word: str) -> None:
    """The root is found, and posts are listed and read, by what is left of the question."""
    ids = [reader.wordpress.publish(title="Post", date=NOW - n * MINUTE) for n in range(25)]
    refuse(reader, lambda request: word in request.query, status=403)

    assert reader.root == reader.site.discover()
    look = reader.look()
    assert (True, set(ids)) == (look.complete, {post.id for post in look.posts})
    assert ids[0] == reader.site.read(ids[0]).id


def test_what_a_site_grants_is_remembered(reader: Reader) -> None:
    """It is found out once; then each question is one request."""
    ids = [reader.wordpress.publish(title="Post", date=NOW - n * MINUTE) for n in range(90)]
    refuse(reader, longer_than(255), status=414)
    reader.look(exclude=tuple(ids))
    reader.site.read(ids[0])
    reader.requests.clear()

    reader.look(exclude=tuple(ids))
    reader.site.read(ids[1])

    assert 2 == len(reader.requests)


@pytest.mark.parametrize("status", [500, 200])
def test_a_post_that_cannot_be_rendered_has_a_title_and_a_link(reader: Reader, status: int) -> None:
    """The site fails at it, or its text is bigger than any answer may be; others are read in full."""
    number = reader.wordpress.publish(title="Heavy", excerpt="Short", date=NOW)
    other = reader.wordpress.publish(title="Light", excerpt="Short", date=NOW)
    heavy = Where(has_text, Answer(status=status, body=b"x" * (9 * 1024 * 1024 if status == 200 else 1)))
    reader.wordpress.faults.add(match=f"GET */posts/{number}*", fault=heavy)
    reader.wordpress.faults.add(match=f"GET */posts?*include={number}*", fault=heavy)

    post = reader.site.read(number)

    assert ("Heavy", "", "") == (post.title, post.excerpt, post.content)
    assert reader.wordpress.link(number) == post.link
    assert "Short" in reader.site.read(other).excerpt


def test_a_post_that_could_not_be_rendered_for_a_moment_is_read_in_full(reader: Reader) -> None:
    """The database was away for one request: what the author wrote isn't lost for that."""
    number = reader.wordpress.publish(title="Post", excerpt="Short", date=NOW)
    reader.wordpress.faults.add(match=f"GET */posts/{number}", fault=Status(500), times=1)

    assert "Short" in reader.site.read(number).excerpt


@pytest.mark.parametrize(("status", "requests"), [(502, 3), (504, 3), (508, 1)])
def test_a_site_that_is_away_is_asked_for_nothing_less(reader: Reader, status: int, requests: int) -> None:
    """PHP is started anew, or the site is busy: posts wait for that, and aren't taken without their texts."""
    ids = [reader.wordpress.publish(title="Post", excerpt="Short", date=NOW) for _ in range(20)]
    refuse(reader, has_text, status=status)

    for ask in (partial(reader.site.read, ids[0]), partial(reader.site.read_several, ids)):
        reader.requests.clear()
        with pytest.raises(SiteUnavailableError, match=str(status)):
            ask()
        assert requests == len(reader.requests)


@pytest.mark.parametrize("refused", [has_text, lambda asked: has_text(asked) or "_embed" in asked.query])
def test_a_password_is_known_without_rendering(reader: Reader, refused: Callable[[Request], bool]) -> None:
    """The light forms tell it too, also where nothing that is embedded can be rendered."""
    number = reader.wordpress.publish(title="Heavy", date=NOW, password="hush")
    refuse(reader, refused, status=500)

    assert reader.site.read(number).protected


@pytest.mark.parametrize("word", ["content", "_embed"])
def test_what_fails_at_a_single_word_of_the_question_is_asked_without_it(reader: Reader, word: str) -> None:
    """A firewall dislikes it, or what is embedded can't be rendered."""
    number = reader.wordpress.publish(title="Odd", date=NOW)
    refuse(reader, lambda request: word in request.query or "_fields" not in request.query, status=500)

    assert "Odd" == reader.site.read(number).title


def test_posts_that_are_shown_in_lists_only_are_read_there(reader: Reader) -> None:
    """A plugin closes single posts and leaves the listing open."""
    number = reader.wordpress.publish(title="Post", excerpt="Short", date=NOW)
    closed = Status(403, {"code": "rest_cannot_access", "message": "Closed."})
    reader.wordpress.faults.add(match="GET */wp/v2/posts/*", fault=closed)

    assert "Short" in reader.site.read(number).excerpt


def test_a_list_that_leaves_a_post_out_proves_nothing(reader: Reader) -> None:
    """Single posts are closed, and this one isn't listed: nobody knows whether it is public."""
    closed = Status(403, {"code": "rest_cannot_access", "message": "Closed."})
    reader.wordpress.faults.add(match="GET */wp/v2/posts/*", fault=closed)

    with pytest.raises(SiteUnavailableError, match="rest_cannot_access"):
        reader.site.read(1)


@pytest.mark.parametrize("most", [50, 5, 3])
def test_a_theme_that_lowers_the_size_of_a_page_is_asked_for_smaller_ones(reader: Reader, most: int) -> None:
    """More than it allows is a parameter that it doesn't take."""
    ids = [reader.wordpress.publish(title="Post", date=NOW - n * MINUTE) for n in range(60)]
    bad = json_answer({"code": "rest_invalid_param", "message": "Invalid parameter(s): per_page"}, status=400)
    refused = Where(lambda request: int(request.params.get("per_page", ["10"])[0]) > most, bad)
    reader.wordpress.faults.add(match="GET */wp/v2/posts", fault=refused)

    look = reader.look()
    links = {reader.wordpress.link(number): number for number in ids[:8]}

    assert (True, set(ids)) == (look.complete, {post.id for post in look.posts})
    assert set(ids) == {post.id for post in reader.site.list_by_id(ids)}
    assert links == {link: post.id for link, post in reader.site.list_by_link([*links]).items()}
    assert ids[:8] == [post.id for post in reader.site.read_several(ids[:8])]


def test_a_plugin_that_lowers_the_size_of_a_page_in_silence_hides_no_link(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What isn't on the first page is asked for by itself: a post that isn't found would be shared once more."""
    ids = [reader.wordpress.publish(title="Post", date=NOW - n * MINUTE) for n in range(8)]
    links = {reader.wordpress.link(number): number for number in ids}

    def lowered(request: Request, zone: ZoneInfo) -> Query | Answer:
        query = read_query(request, zone)
        return replace(query, per_page=2) if isinstance(query, Query) else query

    monkeypatch.setattr("bot.sandbox.wordpress.read_query", lowered)

    assert links == {link: post.id for link, post in reader.site.list_by_link([*links]).items()}


@pytest.mark.parametrize(("most", "requests"), [(100, 2), (4, 3)])
def test_links_are_looked_for_until_no_more_are_found(reader: Reader, most: int, requests: int) -> None:
    """Where a site doesn't say how many there are, whether or not it gives fewer than were asked for."""
    ids = [reader.wordpress.publish(title="Post", date=NOW) for _ in range(8)]
    links = {reader.wordpress.link(number): number for number in ids}
    cut = Change(lambda posts: posts[:most], drop=("X-WP-Total",))
    reader.wordpress.faults.add(match="GET */wp/v2/posts", fault=cut)

    found = reader.site.list_by_link([*links, "https://news.example/another-post/"])

    assert links == {link: post.id for link, post in found.items()}
    assert requests == len(reader.requests)


def test_long_links_are_looked_for_a_few_at_a_time(reader: Reader) -> None:
    """Where a site refuses an address with the slugs of all."""
    words = "-".join(["harbour"] * 12)
    ids = [reader.wordpress.publish(title="Post", date=NOW, slug=f"{words}-{n}") for n in range(8)]
    links = {reader.wordpress.link(number): number for number in ids}
    refuse(reader, longer_than(350), status=414)

    assert links == {link: post.id for link, post in reader.site.list_by_link([*links]).items()}


def test_a_link_that_is_too_long_by_itself_is_refused(reader: Reader) -> None:
    """After a bounded number of requests; it isn't taken for a link that no post has."""
    link = reader.wordpress.link(reader.wordpress.publish(title="Post", date=NOW, slug="-".join(["harbour"] * 12)))
    refuse(reader, longer_than(100), status=414)

    with pytest.raises(SiteUnavailableError, match="414"):
        reader.site.list_by_link([link, "https://news.example/another-post/"])
    assert len(reader.requests) <= 4


@pytest.mark.parametrize("totals", [True, False])
def test_a_site_that_gives_fewer_posts_than_were_asked_for_is_asked_for_the_others(
    reader: Reader, totals: bool
) -> None:
    """Whether or not it says how many there are; one that is gone costs no endless asking."""
    ids = [reader.wordpress.publish(title="Post", date=NOW - n * MINUTE) for n in range(5)]
    cut = Change(lambda posts: posts[:2])
    without = Change(lambda posts: posts[:2], drop=("X-WP-Total",))
    reader.wordpress.faults.add(match="GET */wp/v2/posts", fault=cut if totals else without)

    assert set(ids) == {post.id for post in reader.site.list_by_id([*ids, 4711])}
    assert len(reader.requests) <= 5


def test_what_stays_refused_says_what_the_fullest_form_was_told(reader: Reader) -> None:
    """One sentence, after a bounded number of requests."""
    number = reader.wordpress.publish(title="Post", date=NOW)
    refuse(reader, lambda request: "/posts" in request.path, status=403, body="<title>Blocked</title>")

    with pytest.raises(SiteUnavailableError, match=rf"posts/{number} answered 403 \(Blocked\)"):
        reader.site.read(number)
    assert len(reader.requests) <= len(FORMS)
    with pytest.raises(SiteUnavailableError, match=r"posts answered 403 \(Blocked\)"):
        reader.look(exclude=tuple(range(1, 500)))
    assert len(reader.requests) <= len(FORMS) + 5
