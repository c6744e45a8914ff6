"""What networks, hosts and proxies make of an answer: it is whole, or it is none."""

import gzip
from datetime import timedelta

import pytest

from bot.errors import ImageError, SiteError, SiteUnavailableError
from bot.sandbox.faults import Fault, LoseAnswer
from bot.sandbox.wordpress import SandboxWordPress
from bot.wordpress import Http, RestSite
from bot.wordpress.client import Client
from tests.integration.wordpress.blog import NOW
from tests.integration.wordpress.conftest import Reader
from tests.sandbox.faults import (
    CloseAfter,
    CutBefore,
    Drip,
    Garble,
    Hang,
    Html,
    Redirect,
    Replace,
    Shorten,
    Status,
    Truncate,
)

GZIP = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
SHORT = timedelta(seconds=1)
NOTICE = "<br />\n<b>Warning</b>:  Undefined variable in <b>a.php</b> on line <b>3</b><br />\n"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Html(), r"answered with a page \(Just a moment…\) instead of a JSON list"),
        (Html(code=403), r"answered 403 \(Just a moment…\)"),
        (Status(500, "<title>WordPress &rsaquo; Error</title>"), r"answered 500 \(WordPress › Error\)"),
        (Status(429, {"code": "slow_down", "message": "Too\nmany"}), r"answered 429 \(slow_down: Too many\)"),
        (Status(401, {"code": "rest_cannot_access", "message": "Closed."}), r"401 \(rest_cannot_access: Closed\.\)"),
        (Status(200, b""), "answered with nothing"),
        (Status(204), "answered with"),
        (Status(304), "answered 304"),
        (Replace({"code": "rest_disabled", "message": "No."}), r"other JSON \(rest_disabled: No\.\)"),
        (Replace([[]]), "a record that has no id"),
        (Replace([{"id": True}, {"id": "two"}]), "a record that has no id"),
        (Shorten(20), "answered with broken JSON"),
        (Garble(suffix='\n[{"id": 3}]'), "answered with broken JSON"),
        (Truncate(20), "gave no complete HTTP answer"),
        (CutBefore(), "gave no complete HTTP answer"),
        (Redirect(302, "ftp://site.example/"), "redirects to something that is no web address"),
        (Redirect(302, "http://[::1"), "gave no complete HTTP answer"),
        (Status(302, b"[]"), "answered 302"),
        (Status(200, b"[]", {"Content-Encoding": "br"}), "an encoding that wasn't asked for"),
        (Status(200, b"\x1f\x8b[]", GZIP), "its gzip is broken"),
        (Status(200, gzip.compress(b"[]")[:-3], GZIP), "it was cut short"),
    ],
)
def test_an_answer_that_is_none_ends_the_look(reader: Reader, fault: Fault, said: str) -> None:
    """One clear sentence, without the query, and nothing is concluded."""
    reader.wordpress.publish(title="Hello", date=NOW)
    reader.wordpress.faults.add(match="GET */wp/v2/posts", fault=fault)

    with pytest.raises(SiteUnavailableError, match=said) as caught:
        reader.look()

    assert str(caught.value).startswith("site uk: ")
    assert f"{reader.root}wp/v2/posts" in str(caught.value)
    assert "per_page" not in str(caught.value)


@pytest.mark.parametrize(
    "fault",
    [
        Garble(prefix=NOTICE),
        Garble(prefix="\ufeff", suffix="\n<!-- cached -->\n"),
        Garble(prefix="<?php/* x */require_once($_SERVER['DOCUMENT_ROOT'].'/x.php');?>", suffix="0"),
        Garble(suffix="\n<script>track()</script>"),
        CloseAfter(),
        Status(200, gzip.compress(b'[{"id": 1, "type": "post"}]'), GZIP | {"X-WP-Total": "1"}),
    ],
)
def test_what_can_be_put_right_is_an_answer(reader: Reader, fault: Fault) -> None:
    """Notices before the JSON, comments after it, gzip."""
    reader.wordpress.publish(title="Hello", date=NOW)
    reader.wordpress.faults.add(fault=fault, match="GET */wp/v2/posts")

    assert [1] == [post.id for post in reader.look().posts]


@pytest.mark.parametrize(
    "fault", [Status(502), Status(503), Status(504), CutBefore(), LoseAnswer(), Truncate(5)], ids=repr
)
def test_what_is_likely_to_pass_is_tried_again(reader: Reader, fault: Fault) -> None:
    """Twice more at most, within seconds."""
    reader.wordpress.publish(title="Hello", date=NOW)
    reader.wordpress.faults.add(fault=fault, times=2)

    assert [1] == [post.id for post in reader.look().posts]
    assert 3 == len(reader.requests)
    assert 2 == len(reader.waits)
    assert sum(reader.waits) <= 10


@pytest.mark.parametrize(
    ("fault", "tries", "retry_after"),
    [
        (Status(503), 3, None),
        (Status(503, headers={"Retry-After": "1"}), 3, 1),
        (Status(503, headers={"Retry-After": "600"}), 1, 600),
        (Status(429, headers={"Retry-After": "1"}), 1, 1),
        (Status(500), 2, None),
        (Status(404, {"code": "odd"}), 1, None),
        (CutBefore(), 3, None),
    ],
    ids=repr,
)
def test_what_is_not_is_left_alone(reader: Reader, fault: Fault, tries: int, retry_after: float | None) -> None:
    """A server that asks to wait longer, or that says what is wrong, isn't asked again; but with 500, for less."""
    reader.wordpress.faults.add(fault=fault)

    with pytest.raises(SiteUnavailableError) as caught:
        reader.look()

    assert (tries, retry_after) == (len(reader.requests), caught.value.retry_after)
    assert all(wait >= (retry_after or 0) for wait in reader.waits)


def test_a_short_timeout_leaves_no_time_to_try_again(reader: Reader) -> None:
    """The server asks to wait longer than the call may take."""
    reader.wordpress.faults.add(fault=Status(503, headers={"Retry-After": "2"}))

    with pytest.raises(SiteUnavailableError, match="answered 503"):
        reader.made(timeout=timedelta(seconds=1)).discover()

    assert 1 == len(reader.requests)


@pytest.mark.parametrize("fault", [Drip(0.05), Hang()], ids=["drip", "hang"])
def test_a_slow_answer_is_left_at_the_deadline(reader: Reader, fault: Fault) -> None:
    """Each byte comes in time, the whole doesn't; or nothing comes at all."""
    reader.wordpress.publish(title="Hello", date=NOW)
    reader.wordpress.faults.add(fault=fault)

    with pytest.raises(SiteUnavailableError, match="did not answer in time"):
        reader.made(timeout=SHORT).list_new(after=NOW - timedelta(days=1), exclude=())

    assert 1 == len(reader.requests)


def test_a_huge_answer_is_left(reader: Reader) -> None:
    """9 MB of JSON are no listing."""
    reader.wordpress.faults.add(fault=Status(200, b"[" + b" " * 9_000_000 + b"]"))

    with pytest.raises(SiteUnavailableError, match="bigger than 8,388,608 bytes"):
        reader.look()


def test_a_bomb_is_left(reader: Reader) -> None:
    """50 MB that came as 50 kB."""
    bomb = gzip.compress(b"[" + b" " * 50_000_000, compresslevel=1)
    reader.wordpress.faults.add(fault=Status(200, bomb, GZIP))

    with pytest.raises(SiteUnavailableError, match="bigger than"):
        reader.look()


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(reader: Reader, code: int) -> None:
    """To another path; the query is the redirect's own."""
    number = reader.wordpress.publish(title="Hello", date=NOW)
    target = f"{reader.root}wp/v2/posts?per_page=5#top"
    reader.wordpress.faults.add(fault=Redirect(code, target), times=1)

    assert [number] == [post.id for post in reader.look().posts]


def test_a_redirect_may_lead_to_another_host(reader: Reader) -> None:
    """An apex to its www: the client takes nothing along that would be secret."""
    number = reader.wordpress.publish(title="Hello", date=NOW)
    with SandboxWordPress(now=lambda: NOW) as other:
        other.faults.add(fault=Redirect(301, f"{reader.root}wp/v2/posts"))

        look = reader.made(root=other.api_root).list_new(after=NOW - timedelta(days=1), exclude=())

    assert [number] == [post.id for post in look.posts]
    assert {"cookie", "authorization"}.isdisjoint(reader.requests[-1].headers)


def test_redirects_have_an_end(reader: Reader) -> None:
    """Three are followed, the fourth is not."""
    reader.wordpress.faults.add(fault=Redirect(302, "/wp-json/wp/v2/posts"))

    with pytest.raises(SiteUnavailableError, match="redirects more than 3 times"):
        reader.look()

    assert 4 == len(reader.requests)


def test_cookies_are_not_kept(reader: Reader) -> None:
    """What a site sets is forgotten."""
    reader.wordpress.faults.add(fault=Status(200, b"[]", {"Set-Cookie": "a=b; Path=/"}), times=1)

    reader.look()
    reader.look()

    assert "cookie" not in reader.requests[-1].headers


def test_reads_that_follow_each_other_share_a_connection(reader: Reader) -> None:
    """A pass over a site doesn't connect for each post."""
    numbers = [reader.wordpress.publish(title="Hello", date=NOW) for _ in range(5)]
    for number in numbers:
        reader.site.read(number)

    assert 1 == len({request.connection for request in reader.requests})


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_private_addresses_are_not_asked(
    wordpress: SandboxWordPress, http: tuple[Http, list[float]], host: str
) -> None:
    """Neither a site nor a root nor an image on this machine, unless the site allows it. This pins httpx's backend."""
    url = wordpress.url.replace("127.0.0.1", host)
    site = RestSite(Client(site="uk", home=url, http=http[0]))

    with pytest.raises(SiteUnavailableError, match="allow_private = true"):
        site.discover()
    with pytest.raises(SiteUnavailableError, match="not a public address"):
        site.read(1)
    with pytest.raises(ImageError, match="not a public address"):
        site.fetch_image(f"{url}/a.png", max_bytes=10)
    assert [] == wordpress.requests
    assert [] == http[1]


@pytest.mark.parametrize("host", ["169.254.169.254", "100.64.0.1", "10.0.0.1", "192.168.0.1"])
def test_addresses_of_other_people_are_not_asked(http: tuple[Http, list[float]], host: str) -> None:
    """A cloud's metadata, a carrier's network, a company's: refused before a byte leaves."""
    with pytest.raises(SiteUnavailableError, match="not a public address"):
        RestSite(Client(site="uk", home=f"http://{host}", http=http[0])).discover()


def test_a_redirect_to_a_private_address_is_not_followed(wordpress: SandboxWordPress) -> None:
    """Each hop is checked: a public name that redirects to this machine."""
    names = {"public.example": "127.0.0.1"}
    client = Http(wait=lambda _: None, resolve=lambda host, _: [names.get(host, host)])
    port = wordpress.url.rpartition(":")[2]
    wordpress.faults.add(fault=Redirect(302, "http://169.254.169.254/latest/meta-data/"))
    site = RestSite(Client(site="uk", home=f"http://public.example:{port}", http=client))
    with pytest.raises(SiteUnavailableError, match="not a public address"):
        site.discover()
    client.close()


def test_an_unreachable_site_is_unavailable(http: tuple[Http, list[float]]) -> None:
    """Nobody listens; it is tried again in case somebody is about to."""
    with SandboxWordPress(now=lambda: NOW) as wordpress:
        url = wordpress.url

    with pytest.raises(SiteUnavailableError, match=r"can't be reached \(Connection refused\)"):
        RestSite(Client(site="uk", home=url, http=http[0], allow_private=True)).discover()
    assert 2 == len(http[1])


@pytest.mark.parametrize("url", ["https://", "nonsense", "http://a b/", "http://xn--ä/", "ftp://site.example"])
def test_an_address_that_is_none_is_unavailable(http: tuple[Http, list[float]], url: str) -> None:
    """Never an error of a library."""
    with pytest.raises(SiteUnavailableError, match="site uk: "):
        RestSite(Client(site="uk", home=url, http=http[0])).discover()


@pytest.mark.parametrize(
    ("fault", "moved"),
    [
        (Status(404, {"code": "rest_no_route", "message": "No route."}), True),
        (Status(404, "<title>Not found</title>"), True),
        (Status(404, {"code": "rest_disabled", "message": "Closed."}), False),
        (Status(410, "<title>Gone</title>"), False),
    ],
    ids=repr,
)
def test_a_root_that_is_gone_is_told_from_one_that_is_closed(reader: Reader, fault: Fault, moved: bool) -> None:
    """No route, or no WordPress at all: look for the root again. A refusal with a code is respected."""
    reader.wordpress.faults.add(fault=fault)

    for ask in (reader.look, lambda: reader.site.read(1)):
        with pytest.raises(SiteUnavailableError) as caught:
            ask()
        assert moved is ("no WordPress REST API found" in str(caught.value))


def test_a_client_may_be_closed_and_used_again(reader: Reader) -> None:
    """Closing lets go of every connection; the next call opens another."""
    reader.look()
    reader.http.close()
    reader.look()

    assert 2 == len({request.connection for request in reader.requests})


def test_no_error_of_a_library_comes_through(reader: Reader) -> None:
    """Whatever the server does: one of ours, chained to its cause."""
    reader.wordpress.faults.add(fault=CutBefore())

    with pytest.raises(SiteError) as caught:
        reader.look()

    assert caught.value.__cause__ is not None
