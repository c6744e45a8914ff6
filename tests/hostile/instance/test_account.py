"""An account over HTTP: whatever its instance answers, nothing is believed that wasn't read."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import asdict, replace

from bot.domain.answers import Published, Uploaded
from bot.domain.models import Anchor, Limits, MediaFile, Status
from bot.errors import AccountError
from bot.mastodon import MastodonAccount
from bot.mastodon.client import LONGEST_ANSWER
from bot.sandbox.messages import Answer, Request
from tests.hostile.instance.entities import ACCOUNT, ANSWERS, STATUS
from tests.hostile.mangling import dumped, mangled
from tests.hostile.server import ScriptedServer, saying
from tests.hostile.trying import tried

POST = Status(text="Seven https://news.example/7/")
FILE = MediaFile(data=b"\x89PNG\r\n\x1a\n", mime_type="image/png")
ANCHOR = Anchor(id="100", created_at=datetime(2026, 11, 20, tzinfo=UTC))
READINGS: dict[str, Callable[[MastodonAccount], Any]] = {
    "limits": lambda account: account.limits(),
    "verify": lambda account: account.verify(),
    "media_state": lambda account: account.media_state("22"),
    "latest": lambda account: account.latest(),
    "statuses_since": lambda account: account.statuses_since(ANCHOR),
    "all statuses": lambda account: account.statuses_since(None),
}


@pytest.fixture(scope="module")
def account(server: ScriptedServer) -> Iterator[MastodonAccount]:
    """The account on the hostile instance."""
    made = MastodonAccount(
        "uk", server.url, read_token=lambda: "t0ken", timeout=timedelta(seconds=20), allow_private=True
    )
    yield made
    made.close()


def said(answer: Answer) -> Any:
    """The JSON of a success, as Python reads it; None where it is none."""
    try:
        return json.loads(answer.body) if 200 <= answer.status < 300 else None
    except (ValueError, RecursionError):
        return None


def has_id(value: object) -> bool:
    """Whether an entity says which it is."""
    found = value.get("id") if isinstance(value, dict) else None
    return (isinstance(found, str) and bool(found.strip())) or (isinstance(found, int) and not isinstance(found, bool))


def storable(value: object) -> bool:
    """Whether every text in a value can be stored and sent, and none is beyond all bounds."""
    if isinstance(value, Struct):
        return storable(asdict(value))  # of this one: those within it are as they were
    if isinstance(value, dict):
        return all(map(storable, value.values()))
    if isinstance(value, list | tuple):
        return all(map(storable, value))
    return not isinstance(value, str) or ("\0" not in value and len(value.encode()) < 500_000)


@settings(max_examples=80)
@given(answer=ANSWERS)
def test_a_publish_is_done_only_where_the_answer_shows_a_status(
    server: ScriptedServer, account: MastodonAccount, answer: Answer
) -> None:
    """It never raises; its reply and its rate can be stored; one request, whatever is said to it."""
    server.begin(saying(answer))

    found = account.publish(POST, media_ids=[], key="k1")

    assert ["POST"] == [request.method for request in server.requests]
    assert storable(found)
    if isinstance(found.reply, Published):
        assert has_id(said(answer))
        assert found.reply.id
        assert found.reply.url
        assert found.reply.created_at < datetime.now(UTC) + timedelta(days=2)
    if found.rate is not None:
        assert datetime.now(UTC) - timedelta(minutes=1) < found.rate.reset_at < datetime.now(UTC) + timedelta(days=2)


@settings(max_examples=60)
@given(answer=ANSWERS)
def test_whoever_cannot_be_looked_up_stops_no_publish(server: ScriptedServer, answer: Answer) -> None:
    """Whatever the lookup is told: then there is one publish, and its reply is a value."""
    server.begin(saying(answer))
    made = MastodonAccount(
        "uk", server.url, read_token=lambda: "t0ken", timeout=timedelta(seconds=20), allow_private=True
    )

    found = made.publish(replace(POST, mentions=("bob", "a b@\n?&#/")), media_ids=[], key="k1")

    made.close()
    assert storable(found)
    assert 1 == [request.method for request in server.requests].count("POST")


@settings(max_examples=60)
@given(answer=ANSWERS, description=st.text(max_size=50))
def test_an_upload_is_done_only_where_the_answer_shows_a_file(
    server: ScriptedServer, account: MastodonAccount, answer: Answer, description: str
) -> None:
    """The same for files, whatever they are called."""
    server.begin(saying(answer))

    found = account.upload(FILE, description=description)

    assert 1 == len(server.requests)
    assert storable(found)
    assert has_id(said(answer)) or not isinstance(found.reply, Uploaded)


@pytest.mark.parametrize("read", READINGS.values(), ids=READINGS.keys())
@settings(max_examples=60)
@given(answers=st.lists(ANSWERS, min_size=1, max_size=4))
def test_reading_gives_a_value_or_an_error_of_the_port(
    server: ScriptedServer, account: MastodonAccount, read: Callable[[MastodonAccount], Any], answers: list[Answer]
) -> None:
    """Its answers come in turn, the last one again and again; an error is one short sentence without the token."""
    left = list(answers)
    server.begin(lambda _: left.pop(0) if len(left) > 1 else left[0])

    found = tried(lambda: read(account), AccountError)

    if isinstance(found, AccountError):
        assert str(found).isprintable()
        assert len(str(found)) < 500
        assert "t0ken" not in str(found)
        return
    if isinstance(found, Limits):
        assert found.max_characters >= 1
    assert storable(found)


@settings(max_examples=60)
@given(spoilt=mangled(STATUS), place=st.integers(0, 2))
def test_a_listing_with_a_record_that_cannot_be_read_is_not_complete(
    server: ScriptedServer, account: MastodonAccount, spoilt: Any, place: int
) -> None:
    """Absence is proof only where all was read; the good ones beside it are found."""
    page = [STATUS | {"id": "115"}, STATUS | {"id": "114"}]
    page.insert(place, spoilt)
    assume(len(dumped(page)) <= LONGEST_ANSWER)  # what is longer is read by nobody

    def say(request: Request) -> Answer:
        if request.path.endswith("/verify_credentials"):
            return Answer(body=dumped(ACCOUNT))
        return Answer(body=dumped([] if request.param("max_id") else page))

    server.begin(say)
    listing = account.statuses_since(None)

    assert {"115", "114"} <= {status.id for status in listing.statuses}
    if not has_id(spoilt) or not isinstance(spoilt.get("created_at"), str):
        assert not listing.complete


def test_the_token_goes_nowhere_else(server: ScriptedServer, account: MastodonAccount) -> None:
    """Neither where the instance redirects to, nor where it says that its nodeinfo is."""
    with ScriptedServer() as other:
        target = f"{other.url}/anywhere"
        for code in (301, 302, 303, 307, 308):
            server.begin(saying(Answer(status=code, headers=(("Location", target),))))
            account.publish(POST, media_ids=[], key="k1")
            account.upload(FILE, description="")
            for read in READINGS.values():
                with pytest.raises(AccountError, match=r"redirects to|answered"):
                    read(account)
        elsewhere = dumped({"links": [{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.0", "href": target}]})
        server.begin(saying(Answer(body=elsewhere)))
        account.limits()

        assert [] == other.requests
