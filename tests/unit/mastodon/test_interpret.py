"""From what an instance said to what it means: every kind of answer, and nobody's words decide."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict
from rich.pretty import pretty_repr

from bot.domain.answers import Barred, NotSent, Published, Refused, Throttled, Unanswered
from bot.domain.models import RateLimit
from bot.errors import AccountUnavailableError
from bot.mastodon.interpret import rate
from bot.mastodon.results import NoResponse, Response
from tests.unit.mastodon.received import INSTANCE, NOW, STATUS, TOKEN, received

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "url", "error"]), inner),
    max_leaves=6,
)


def published(**fields: Any) -> Published:
    """What the status above comes to."""
    values: dict[str, Any] = {
        "id": "7",
        "url": "https://social.example/@uk/7",
        "created_at": NOW - timedelta(seconds=0.5),
    }
    return Published(**(values | fields))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (STATUS, published()),
        (STATUS | {"id": 7}, published()),
        (STATUS | {"id": "01HZX/7"}, published(id="01HZX/7")),
        (
            STATUS | {"url": None, "uri": "https://social.example/users/uk/7"},
            published(url="https://social.example/users/uk/7"),
        ),
        # An edited status that its author has boosted, as snac shows it.
        (STATUS | {"id": "7B", "account": {"id": "1"}, "reblog": STATUS | {"account": {"id": "1"}}}, published()),
        # A newest own status of unknown date must not make a later listing end too early.
        (STATUS | {"created_at": "soon"}, published(created_at=datetime(1970, 1, 1, tzinfo=UTC))),
        (STATUS | {"created_at": "2099-01-01T00:00:00Z"}, published(created_at=datetime(1970, 1, 1, tzinfo=UTC))),
        # What can't be stored or shown is left out or replaced.
        (STATUS | {"id": "7\0", "url": "https://social.example/@uk/7\0"}, published()),
        (STATUS | {"url": "https://social.example/\ud800"}, published(url="https://social.example/\ufffd")),
        (STATUS | {"url": "u" * 2_001, "uri": "https://social.example/7"}, published(url="https://social.example/7")),
    ],
)
@pytest.mark.parametrize("code", [200, 201, 202])
def test_published(code: int, body: object, expected: Published) -> None:
    """An answer that shows a status with id and address is a published one."""
    assert expected == INSTANCE.reply(received(code, body), now=NOW)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        [STATUS],
        {},
        "7",
        7,
        True,
        STATUS | {"id": None},
        STATUS | {"id": ""},
        STATUS | {"id": True},
        {"id": "7"},
    ],
    ids=repr,
)
def test_success_without_a_status(body: object) -> None:
    """A success that shows no status may still have made one."""
    message = "the instance social.example gave an answer (200) that can't be read"

    assert Unanswered(message=message, code=200) == INSTANCE.reply(received(200, body), now=NOW)


@pytest.mark.parametrize("body", [b"", b"<!DOCTYPE html>", b"{", b"\xff\xfe", b"[" * 100_000, b"9" * 5000])
def test_success_that_is_no_json(body: bytes) -> None:
    """A page, a cut or a mad answer may still have made a status."""
    assert isinstance(INSTANCE.reply(Response(status=200, body=body), now=NOW), Unanswered)


def test_flawed_answer() -> None:
    """What is wrong with an answer is said."""
    message = "the instance social.example gave an answer (200) that can't be read: it breaks off"

    assert Unanswered(message=message, code=200) == INSTANCE.reply(Response(status=200, flaw="it breaks off"), now=NOW)


@pytest.mark.parametrize("code", [400, 402, 404, 405, 406, 409, 410, 411, 413, 415, 418, 422, 451, 498])
def test_refused(code: int) -> None:
    """Every other 4xx is a definite no."""
    expected = Refused(code=code, message="the instance social.example says: Nein")

    assert expected == INSTANCE.reply(received(code, {"error": "Nein"}), now=NOW)
    assert expected == INSTANCE.upload_reply(received(code, {"error": "Nein"}), now=NOW)


@pytest.mark.parametrize("code", [401, 403])
def test_barred(code: int) -> None:
    """A refused token or account."""
    expected = Barred(code=code, message="the instance social.example says: Nein")

    assert expected == INSTANCE.reply(received(code, {"error": "Nein"}), now=NOW)
    assert expected == INSTANCE.upload_reply(received(code, {"error": "Nein"}), now=NOW)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (received(403, {"error": "This action is outside the authorized scopes"}), True),
        (received(403, {"error": "Forbidden: token has insufficient scope permission"}), True),
        (received(403, {}, WWW_Authenticate='Bearer error="insufficient_scope", scope="write:statuses"'), True),
        (received(401, {"error": "This action is outside the authorized scopes"}), False),
        (received(403, {"error": "Your login is currently disabled"}), False),
        (received(403, {}), False),
    ],
)
def test_a_token_that_lacks_a_scope(answer: Response, expected: bool) -> None:
    """The one thing that is told by words, which no server translates."""
    said = INSTANCE.reply(answer, now=NOW)

    assert isinstance(said, Barred)
    assert expected is said.lacks_scope


@pytest.mark.parametrize(
    ("page", "headers", "said"),
    [
        ("<title>Attention Required! | Cloudflare</title>", {}, "with a page: Attention Required! | Cloudflare"),
        (
            "<html><TITLE lang=en>Just a\n moment&hellip;</title>",
            {"cf-mitigated": "challenge"},
            "with a page: Just a moment… (cf-mitigated: challenge)",
        ),
        ("<p>no</p>", {"cf-mitigated": "challenge"}, "(cf-mitigated: challenge)"),
        (f"<title>{TOKEN} is refused</title>", {}, "with a page: … is refused"),
        ("<title>outside the authorized scopes</title>", {}, "with a page: outside the authorized scopes"),
        ("<p>no</p>", {}, "without a reason"),
    ],
)
def test_a_page_in_an_answers_place(page: str, headers: dict[str, str], said: str) -> None:
    """A firewall's: its title is told, and that Cloudflare challenges; it says nothing of a token's scopes."""
    answer = Response(status=403, body=page.encode(), headers=CaseInsensitiveDict(headers))

    assert Barred(code=403, message=f"the instance social.example answered 403 {said}") == INSTANCE.reply(
        answer, now=NOW
    )


@pytest.mark.parametrize("code", [100, 408, 460, 499, 500, 502, 503, 504, 520, 527, 599, 600])
def test_unanswered(code: int) -> None:
    """Whatever isn't a clear no may have been done."""
    expected = Unanswered(message=f"the instance social.example answered {code}: Oh", code=code)

    assert expected == INSTANCE.reply(received(code, {"error": "Oh"}), now=NOW)
    assert expected == INSTANCE.upload_reply(received(code, {"error": "Oh"}), now=NOW)


def test_unanswered_without_a_word() -> None:
    """A proxy's page has nothing to quote."""
    assert Unanswered(message="the instance social.example answered 502", code=502) == INSTANCE.reply(
        Response(status=502, body=b"<h1>Bad gateway</h1>"), now=NOW
    )


@pytest.mark.parametrize("code", [300, 301, 302, 304, 307, 308])
@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("https://new.example/api", "redirects to https://new.example: set `instance` to that"),
        ("https://u:p@new.example:8443/", "redirects to https://new.example:8443: set `instance` to that"),
        ("https://social.example/login", "redirects the request: set `instance` to the address where its API is"),
        ("/login", "redirects the request: set `instance` to the address where its API is"),
        ("https://[broken", "redirects the request: set `instance` to the address where its API is"),
        ("javascript:alert(1)", "redirects the request: set `instance` to the address where its API is"),
    ],
)
def test_redirect(code: int, location: str, message: str) -> None:
    """A redirect is followed nowhere; a person sets the address right."""
    expected = Barred(code=code, message=f"the instance social.example {message}")

    assert expected == INSTANCE.reply(received(code, Location=location), now=NOW)


def test_see_other() -> None:
    """The answer of a server, or of something before it, that has done the work and shows it elsewhere: perhaps."""
    result = received(303, Location="/@uk/101")

    assert Unanswered(message="the instance social.example answered 303", code=303) == INSTANCE.reply(result, now=NOW)
    assert isinstance(INSTANCE.error(result, now=NOW), AccountUnavailableError)


def test_redirect_without_location() -> None:
    """A redirect to nowhere is one too."""
    message = "the instance social.example redirects the request: set `instance` to the address where its API is"

    assert Barred(code=302, message=message) == INSTANCE.reply(received(302), now=NOW)


@pytest.mark.parametrize(
    ("headers", "until"),
    [
        ({}, None),
        ({"X_RateLimit_Reset": "2026-03-14T12:05:00.123456Z"}, NOW + timedelta(minutes=5, microseconds=123456)),
        ({"X_RateLimit_Reset": "2026-03-14T14:05:00+02:00"}, NOW + timedelta(minutes=5)),
        ({"X_RateLimit_Reset": str(int(NOW.timestamp()) + 300)}, NOW + timedelta(minutes=5)),
        ({"X_RateLimit_Reset": str(int(NOW.timestamp()) * 1000)}, None),
        ({"X_RateLimit_Reset": "300"}, NOW + timedelta(minutes=5)),
        ({"X_RateLimit_Reset": "9" * 12}, None),
        ({"X_RateLimit_Reset": "garbage"}, None),
        ({"X_RateLimit_Reset": "2026-03-14T11:00:00Z"}, None),
        ({"X_RateLimit_Reset": "2027-03-14T11:00:00Z"}, None),
        ({"Retry_After": "30"}, NOW + timedelta(seconds=30)),
        ({"Retry_After": "30.5"}, NOW + timedelta(seconds=30.5)),
        ({"Retry_After": "0"}, None),
        ({"Retry_After": "-5"}, None),
        ({"Retry_After": "99999999"}, None),
        ({"Retry_After": "Sat, 14 Mar 2026 12:01:00 GMT"}, NOW + timedelta(minutes=1)),
        ({"Retry_After": "Sat, 14 Mar 2026 12:01:00 -0000"}, NOW + timedelta(minutes=1)),
        ({"Retry_After": "Sat, 14 Mar 2026 11:01:00 GMT"}, None),
        ({"Retry_After": "later"}, None),
        ({"X_RateLimit_Reset": "garbage", "Retry_After": "30"}, NOW + timedelta(seconds=30)),
        ({"X_RateLimit_Reset": "2026-03-14T12:05:00Z", "Retry_After": "30"}, NOW + timedelta(minutes=5)),
        ({"Retry_After": "60", "Date": "Sat, 14 Mar 2026 14:00:00 GMT"}, NOW + timedelta(minutes=1)),
        (
            {"X_RateLimit_Reset": "2026-03-14T14:05:00Z", "Date": "Sat, 14 Mar 2026 14:00:00 GMT"},
            NOW + timedelta(minutes=5),
        ),
        (
            {"Retry_After": "Sat, 14 Mar 2026 10:01:00 GMT", "Date": "Sat, 14 Mar 2026 10:00:00 GMT"},
            NOW + timedelta(minutes=1),
        ),
    ],
    ids=repr,
)
def test_throttled(headers: dict[str, str], until: datetime | None) -> None:
    """When the instance listens again: its reset as ISO 8601 or seconds, else Retry-After; None where it's absurd.

    An instance whose clock is hours off means the same: its own Date says so.
    """
    expected = Throttled(message="the instance social.example answered 429 without a reason", until=until)

    assert expected == INSTANCE.reply(received(429, **headers), now=NOW)


@pytest.mark.parametrize(
    ("silence", "expected"),
    [
        (NoResponse(sent=False, reason="refuses the connection"), NotSent),
        (NoResponse(sent=True, reason="cut the connection before it answered"), Unanswered),
    ],
)
def test_silence(silence: NoResponse, expected: type[NotSent | Unanswered]) -> None:
    """Without an answer it counts whether anything was sent."""
    message = f"the instance social.example {silence.reason}"

    assert expected(message=message) == INSTANCE.reply(silence, now=NOW)
    assert expected(message=message) == INSTANCE.upload_reply(silence, now=NOW)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"error": "Zu lang"}, "says: Zu lang"),
        ({"error": "invalid_grant", "error_description": "No such code"}, "says: No such code"),
        ("plain", "says: plain"),
        ({"error": "one\r\n\x1b[31mtwo\u202e\tthree"}, "says: one [31mtwo three"),
        ({"error": "a" * 500}, f"says: {'a' * 199}…"),
        ({"error": f"Bearer {TOKEN} is wrong"}, "says: Bearer … is wrong"),
        ({"error": {"nested": 1}}, "answered 422 without a reason"),
        ({"error": 7}, "answered 422 without a reason"),
        ([], "answered 422 without a reason"),
    ],
    ids=repr,
)
def test_error_text(body: object, said: str) -> None:
    """The server's words are one short line without control characters, and never hold the token."""
    assert Refused(code=422, message=f"the instance social.example {said}") == INSTANCE.reply(
        received(422, body), now=NOW
    )


def test_repr_without_token() -> None:
    """The token isn't shown, whichever way a log or a debugger represents what holds it."""
    assert TOKEN not in repr(INSTANCE)
    assert TOKEN not in pretty_repr(INSTANCE)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (
            {"X_RateLimit_Remaining": "7", "X_RateLimit_Reset": "2026-03-14T12:05:00Z"},
            RateLimit(remaining=7, reset_at=NOW + timedelta(minutes=5)),
        ),
        (
            {"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": str(int(NOW.timestamp()) + 60)},
            RateLimit(remaining=0, reset_at=NOW + timedelta(minutes=1)),
        ),
        ({"X_RateLimit_Remaining": "7"}, None),
        ({"X_RateLimit_Reset": "2026-03-14T12:05:00Z"}, None),
        ({"X_RateLimit_Remaining": "-1", "X_RateLimit_Reset": "2026-03-14T12:05:00Z"}, None),
        ({"X_RateLimit_Remaining": "7", "X_RateLimit_Reset": "2026-03-14T11:05:00Z"}, None),
        ({}, None),
    ],
    ids=repr,
)
def test_rate(headers: dict[str, str], expected: RateLimit | None) -> None:
    """What is left, where both headers make sense."""
    assert expected == rate(received(200, **headers), now=NOW)


def test_rate_of_silence() -> None:
    """No answer, no headers."""
    assert rate(NoResponse(sent=True, reason="cut"), now=NOW) is None


@given(st.integers(100, 999), JSON, st.text(max_size=12), st.text(max_size=12))
def test_any_answer(code: int, body: object, reset: str, after: str) -> None:
    """Whatever an instance says, it has one meaning, and only a success can be a publish."""
    result = received(code, body, X_RateLimit_Reset=reset, Retry_After=after, X_RateLimit_Remaining=reset)

    reply = INSTANCE.reply(result, now=NOW)

    assert result.ok or not isinstance(reply, Published)
    assert rate(result, now=NOW) is None or result.headers["X-RateLimit-Remaining"].isdigit()
