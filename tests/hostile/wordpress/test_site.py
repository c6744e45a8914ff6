"""A site over HTTP: whatever it answers, the adapter gives a value or one of its own errors."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import SiteError
from bot.sandbox.messages import Answer
from bot.wordpress import Http, ProcessMemory, RestSite
from bot.wordpress.client import Client
from tests.hostile.mangling import ODD_HEADERS, REFUSAL, dumped, mangled, mangled_bytes
from tests.hostile.server import ScriptedServer
from tests.hostile.trying import tried
from tests.hostile.wordpress.records import RECORDS, answers

AFTER = datetime(2026, 11, 20, tzinfo=UTC)
INDEX = {"name": "The Site", "namespaces": ["oembed/1.0", "wp/v2"]}
KIND = {"slug": "story", "rest_base": "stories", "rest_namespace": "wp/v2"}
PAGE = (
    b"<!DOCTYPE html><html><head><title>The Site</title><link rel='https://api.w.org/' href='/wp-json/'>"
    b"<link rel='alternate' type='application/json' href='/wp-json/wp/v2/posts/7'><link rel='shortlink' href='/?p=7'>"
)
LANGUAGES = b"<!-- <html lang='fr'> --><!DOCTYPE html><html prefix='og: x' lang='pt-BR' dir=ltr><head></head></html>"
CODES = st.sampled_from([200] * 8 + [204, 206, 301, 304, 400, 401, 403, 404, 410, 429, 500, 503, 599])
BODIES = st.one_of(
    answers().map(lambda answer: dumped(answer[0])),
    st.sampled_from(RECORDS).flatmap(mangled).map(dumped),
    st.sampled_from([INDEX, KIND, REFUSAL]).flatmap(mangled).map(dumped),
    st.sampled_from([dumped(RECORDS[:2]), dumped(INDEX), PAGE, LANGUAGES]).flatmap(mangled_bytes),
)
ANSWERS = st.builds(
    lambda code, body, headers: Answer(status=code, body=body, headers=tuple(headers.items())),
    CODES,
    BODIES,
    ODD_HEADERS,
)
CALLS: dict[str, Callable[[RestSite, str], Any]] = {
    "discover": lambda site, _: site.discover(),
    "about": lambda site, _: site.about(),
    "list_new": lambda site, _: site.list_new(after=AFTER, exclude=[1, 2]),
    "read": lambda site, _: site.read(int(RECORDS[0]["id"])),
    "read_several": lambda site, _: site.read_several([record["id"] for record in RECORDS[:3]]),
    "find_post": lambda site, root: site.find_post(root.replace("wp-json/", "hello/")),
    "fetch_image": lambda site, root: site.fetch_image(root + "a.png", max_bytes=1_000_000),
}


@pytest.fixture(scope="module")
def http() -> Iterator[Http]:
    """A client that waits for nothing."""
    client = Http(wait=lambda _: None)
    yield client
    client.close()


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
@settings(max_examples=25)
@given(post_type=st.sampled_from(["post", "post", "story"]), said=st.lists(ANSWERS, min_size=1, max_size=3))
def test_nothing_but_a_value_or_an_error_of_the_port(
    *, server: ScriptedServer, http: Http, call: Callable[[RestSite, str], Any], post_type: str, said: list[Answer]
) -> None:
    """Its answers come in turn; the last one again and again."""
    left = list(said)
    server.begin(lambda _: left.pop(0) if len(left) > 1 else left[0])
    site = RestSite(
        Client(site="uk", home=server.url, http=http, allow_private=True, timeout=timedelta(seconds=20)),
        post_types=(post_type,),
        memory=ProcessMemory(f"{server.url}/wp-json/"),
    )

    found = tried(lambda: call(site, f"{server.url}/wp-json/"), SiteError)

    if isinstance(found, SiteError):
        assert str(found).startswith("site uk: ")
        assert str(found).isprintable()
        assert len(str(found)) < 3_000
