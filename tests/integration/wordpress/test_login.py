"""A site with a login: raw texts, closed APIs, and what is never read with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import PostGoneError, SiteUnavailableError
from bot.sandbox.faults import Exchange
from bot.sandbox.messages import Answer, json_answer
from bot.wordpress import Http, Login, ProcessMemory, RestSite
from bot.wordpress.client import Client
from tests.integration.wordpress.blog import NOW
from tests.integration.wordpress.conftest import Reader
from tests.sandbox.faults import Html, Status

LOGIN = Login(user="editor", password="abcd efgh")
AUTHORIZATION = LOGIN.authorization
ME = "GET */wp/v2/users/me*"


@dataclass(frozen=True, slots=True)
class AsUser:
    """What the user is answered, and what anybody else is; None where that is as ever."""

    user: Any = None
    anybody: Answer | None = None

    def apply(self, exchange: Exchange, /) -> Answer | None:
        """Tell them apart."""
        if exchange.request.headers.get("authorization") == AUTHORIZATION:
            return json_answer(self.user) if self.user is not None else exchange.work()
        return self.anybody or exchange.work()


def logged_in(reader: Reader, *, url: str = "", allow_private: bool = True) -> RestSite:
    """The adapter with a login."""
    return RestSite(
        Client(site="uk", home=url or reader.wordpress.url, http=reader.http, allow_private=allow_private, login=LOGIN),
        memory=ProcessMemory(reader.root),
    )


def test_texts_are_as_their_author_wrote_them(reader: Reader) -> None:
    """Title and excerpt come raw, for one post and for several; all else as everybody reads it."""
    number = reader.wordpress.publish(title='"Hello"', excerpt="Short", date=NOW)
    other = reader.wordpress.publish(title="Other", excerpt="Rendered", date=NOW)
    raw = [
        {"id": number, "title": {"raw": '"Raw"'}, "excerpt": {"raw": "Own"}},
        {"id": other, "title": {}, "excerpt": {"raw": ""}},
    ]
    reader.wordpress.faults.add(match="GET */posts?*context=edit*", fault=AsUser(user=raw))
    site = logged_in(reader)

    posts = site.read_several([number, other])

    assert ('"Raw"', "Own") == (posts[0].title, posts[0].excerpt)
    assert ("Other", True) == (posts[1].title, "Rendered" in posts[1].excerpt)
    assert posts[0] == site.read(number)
    assert [2, 0] == [sum("authorization" in r.headers for r in reader.requests if test(r.query)) for test in SPLIT]


SPLIT: tuple[Callable[[str], bool], ...] = (lambda q: "context=edit" in q, lambda q: "context=edit" not in q)


def test_what_is_not_for_everybody_is_not_read_with_it(reader: Reader) -> None:
    """Neither a post with a password nor one for members; a private one is gone, though its user may see it."""
    protected = reader.wordpress.publish(title="Secret", date=NOW, password="hush")
    members = reader.wordpress.publish(
        title="Sold", date=NOW, raw={"meta": {"_jetpack_newsletter_access": "paid_subscribers"}}
    )
    private = {"id": 77, "status": "private", "type": "post", "link": f"{reader.wordpress.url}/77/"}
    closed = json_answer({"code": "rest_forbidden", "message": "Sorry."}, status=401)
    reader.wordpress.faults.add(match="GET */wp/v2/posts/77*", fault=AsUser(user=private, anybody=closed))
    site = logged_in(reader)

    assert site.read(protected).protected
    assert site.read(members).members_only
    assert not any("authorization" in request.headers for request in reader.requests)
    with pytest.raises(PostGoneError):
        site.read(77)


def test_an_api_that_is_closed_to_others_is_open_to_its_user(reader: Reader) -> None:
    """What everybody is refused is asked for once more, as the user."""
    number = reader.wordpress.publish(title="Hello", date=NOW)
    closed = json_answer({"code": "rest_not_logged_in", "message": "No."}, status=401)
    reader.wordpress.faults.add(match="GET */wp/v2/posts*", fault=AsUser(anybody=closed))
    site = logged_in(reader)

    assert [number] == [post.id for post in site.list_new(after=NOW - timedelta(days=1), exclude=()).posts]
    assert number == site.read(number).id


def test_the_login_is_looked_at_when_the_way_in_is(reader: Reader) -> None:
    """`users/me` is asked as the user."""
    reader.wordpress.faults.add(match=ME, fault=AsUser(user={"id": 1}))

    assert reader.root == logged_in(reader).discover()
    assert AUTHORIZATION == reader.requests[-1].headers["authorization"]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Status(401, {"code": "rest_not_logged_in"}), "did not arrive at WordPress"),
        (Status(401, {"code": "incorrect_password"}), "the password is wrong"),
        (Status(401, {"code": "application_passwords_disabled"}), "switched off"),
        (Html(code=401), "a password of its own"),
        (Html(code=403), "answered 403"),
        (Status(403, {"code": "rest_forbidden_context"}), r"answered 403 \(rest_forbidden_context\)"),
    ],
    ids=repr,
)
def test_a_login_that_lets_nobody_in_says_why(reader: Reader, fault: Status | Html, said: str) -> None:
    """A password that never arrived is told from a wrong one; and the password is never told."""
    reader.wordpress.faults.add(match=ME, fault=fault)

    with pytest.raises(SiteUnavailableError, match=f"user 'editor' isn't let in: .*{said}") as caught:
        logged_in(reader).discover()
    assert "abcd" not in str(caught.value)


def test_no_password_goes_to_another_host_or_over_plain_http(http: tuple[Http, list[float]], reader: Reader) -> None:
    """A page that names a root elsewhere gets none; nor does an address without TLS, where that isn't allowed."""
    other = reader.root.replace("127.0.0.1", "localhost")
    reader.wordpress.faults.add(match="GET /", fault=Html(f'<link rel="https://api.w.org/" href="{other}">'))

    with pytest.raises(SiteUnavailableError, match="on another host"):
        logged_in(reader).discover()
    assert not any("authorization" in request.headers for request in reader.requests)
