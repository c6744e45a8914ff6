"""Writing to a site as a user of it: what is sent where, and what is made of the answers."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from rich.pretty import pretty_repr

from bot.domain.models import ShareField
from bot.errors import SiteUnavailableError, WriteRefusedError
from bot.sandbox.wordpress import SandboxWordPress
from bot.wordpress.client import Client
from bot.wordpress.http import Http, _Wanted
from bot.wordpress.login import Login, objection
from bot.wordpress.rest_site import RestSite
from tests.sandbox.faults import Status

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FIELD = ShareField(url="https://mastodon.example/@uk/1")
LOGIN = Login(user="editor", password="abcd efgh")


@pytest.fixture
def wordpress() -> Iterator[SandboxWordPress]:
    """A site with the companion plugin."""
    with SandboxWordPress(now=lambda: NOW, companion=True) as site:
        site.logins["editor"] = "abcd efgh"
        yield site


@pytest.fixture
def http() -> Iterator[Http]:
    """A client that waits for nothing."""
    client = Http(wait=lambda _: None)
    yield client
    client.close()


@pytest.fixture
def site(wordpress: SandboxWordPress, http: Http) -> RestSite:
    """The adapter, with the login."""
    return RestSite(Client(site="uk", home=wordpress.url, http=http, allow_private=True, login=LOGIN))


def test_the_password_goes_along_only_where_it_is_needed(wordpress: SandboxWordPress, site: RestSite) -> None:
    """With writes, with the look at what was written, and for raw texts; what anyone may read is read as anyone."""
    post_id = wordpress.publish(title="Hello", date=NOW)
    site.read(post_id)
    site.write_field(post_id, FIELD)

    said = [(request.method, bool(request.headers.get("authorization"))) for request in wordpress.requests]
    assert [("POST", True), ("GET", True)] == said[-2:]
    before = wordpress.requests[:-2]
    assert {True} == {"context=edit" in request.query for request in before if request.headers.get("authorization")}


def test_nobody_else_gets_to_see_the_password(wordpress: SandboxWordPress, site: RestSite) -> None:
    """A redirect is not followed."""
    post_id = wordpress.publish(title="Hello", date=NOW)
    site.discover()
    with SandboxWordPress(now=lambda: NOW) as other:
        there = {"Location": f"{other.url}/wp-json/wp/v2/posts/{post_id}"}
        wordpress.faults.add(match="POST *", fault=Status(307, "", there))
        with pytest.raises(SiteUnavailableError, match="307"):
            site.write_field(post_id, FIELD)

        assert [] == other.requests


@pytest.mark.parametrize(
    ("root", "private", "says"),
    [
        ("https://news.example/wp-json/", False, ""),
        ("https://www.news.example/wp-json/", False, ""),
        ("https://cms.example/wp-json/", True, "another host"),
        ("http://news.example/wp-json/", False, "plain http"),
        ("http://news.example/wp-json/", True, ""),
    ],
)
def test_where_a_password_may_go(root: str, private: bool, says: str) -> None:
    """To the site's own host, over TLS."""
    assert says in objection(root, home="https://news.example", allow_private=private)
    assert bool(says) == bool(objection(root, home="https://news.example", allow_private=private))


def test_a_root_elsewhere_gets_no_password(wordpress: SandboxWordPress, http: Http) -> None:
    """Where the site names one on another host."""
    post_id = wordpress.publish(title="Hello", date=NOW)
    elsewhere = RestSite(
        Client(
            site="uk", home=wordpress.url.replace("127.0.0.1", "localhost"), http=http, allow_private=True, login=LOGIN
        )
    )
    with pytest.raises(WriteRefusedError, match="another host"):
        elsewhere.write_field(post_id, FIELD)


def test_without_a_login_nothing_is_written(wordpress: SandboxWordPress, http: Http) -> None:
    """The sentence names the keys."""
    post_id = wordpress.publish(title="Hello", date=NOW)
    with pytest.raises(WriteRefusedError, match="user and password_file"):
        RestSite(Client(site="uk", home=wordpress.url, http=http, allow_private=True)).write_field(post_id, FIELD)


def test_a_write_that_is_ignored_is_noticed(wordpress: SandboxWordPress, site: RestSite) -> None:
    """WordPress answers 200 to what it doesn't take: the field is read back."""
    wordpress.companion = False
    post_id = wordpress.publish(title="Hello", date=NOW, share_on_mastodon={"url": "", "error": ""})
    with pytest.raises(WriteRefusedError, match=r"answered 200 to a write .* shows nothing instead of https"):
        site.write_field(post_id, FIELD)


@pytest.mark.parametrize(("status", "says"), [(401, "for nobody's"), (403, "may not edit post")])
def test_a_refusal_is_named(wordpress: SandboxWordPress, site: RestSite, status: int, says: str) -> None:
    """In words that say what to mend."""
    post_id = wordpress.publish(title="Hello", date=NOW)
    site.discover()
    wordpress.faults.add(
        match="POST *", fault=Status(status, json.dumps({"code": "rest_cannot_edit", "message": "Sorry."}))
    )
    with pytest.raises(WriteRefusedError, match=says) as caught:
        site.write_field(post_id, FIELD)

    assert "abcd" not in str(caught.value)


def test_a_site_in_trouble(wordpress: SandboxWordPress, site: RestSite) -> None:
    """Nothing is concluded; once, without a second try in the same breath."""
    post_id = wordpress.publish(title="Hello", date=NOW)
    site.discover()
    wordpress.faults.add(match="POST *", fault=Status(503, "<title>Maintenance</title>"))
    with pytest.raises(SiteUnavailableError, match="503"):
        site.write_field(post_id, FIELD)

    assert 1 == [request.method for request in wordpress.requests].count("POST")


def test_the_password_is_in_no_representation() -> None:
    """Not in a log that shows the login by mistake, nor in what is sent with it."""
    asked = _Wanted(url="https://a.example", accept="*/*", max_bytes=1, authorization=LOGIN.authorization)

    for value, secret in ((LOGIN, LOGIN.password), (asked, LOGIN.authorization)):
        assert secret not in repr(value)
        assert secret not in pretty_repr(value)
