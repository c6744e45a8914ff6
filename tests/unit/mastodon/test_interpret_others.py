"""From what an instance said of a file or of an account to what it means."""

from typing import Any

import pytest

from bot.domain.answers import Unanswered, Uploaded
from bot.domain.models import MediaState, Profile
from bot.errors import AccountBarredError, AccountUnavailableError
from bot.mastodon.results import NoResponse
from tests.unit.mastodon.received import INSTANCE, NOW, received


@pytest.mark.parametrize(
    ("code", "body", "expected"),
    [
        (200, {"id": "9", "url": "https://social.example/f"}, Uploaded(id="9", ready=True)),
        (202, {"id": 9, "url": None}, Uploaded(id="9", ready=False)),
        (202, {"id": "9", "url": "https://social.example/f"}, Uploaded(id="9", ready=True)),
        (200, {"id": "9"}, Uploaded(id="9", ready=False)),
    ],
)
def test_uploaded(code: int, body: object, expected: Uploaded) -> None:
    """A file is ready when it has an address, whatever the code says."""
    assert expected == INSTANCE.upload_reply(received(code, body), now=NOW)


@pytest.mark.parametrize("body", [None, [], {}, {"id": None}, "x"], ids=repr)
def test_upload_without_an_id(body: object) -> None:
    """A success without an id may have left a file."""
    assert isinstance(INSTANCE.upload_reply(received(200, body), now=NOW), Unanswered)


@pytest.mark.parametrize(
    ("code", "body", "expected"),
    [
        (200, {"id": "9", "url": "https://social.example/f"}, MediaState.READY),
        (206, {"id": "9", "url": None}, MediaState.PROCESSING),
        (200, {"id": "9", "url": None}, MediaState.PROCESSING),
        (404, {"error": "Record not found"}, MediaState.MISSING),
        (410, None, MediaState.MISSING),
        (422, {"error": "Error processing thumbnail"}, MediaState.FAILED),
    ],
)
def test_media_state(code: int, body: object, expected: MediaState) -> None:
    """Each answer about a file has its meaning."""
    assert expected is INSTANCE.media_state(received(code, body), now=NOW)


@pytest.mark.parametrize(
    ("result", "error"),
    [
        (received(200, []), AccountUnavailableError),
        (received(400), AccountUnavailableError),
        (received(429), AccountUnavailableError),
        (received(500), AccountUnavailableError),
        (NoResponse(sent=True, reason="cut"), AccountUnavailableError),
        (received(401), AccountBarredError),
        (received(403), AccountBarredError),
        (received(301), AccountBarredError),
    ],
)
def test_media_state_unknown(result: Any, error: type[Exception]) -> None:
    """What says nothing about the file raises."""
    with pytest.raises(error):
        INSTANCE.media_state(result, now=NOW)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {"id": "1", "acct": "uk", "url": "https://social.example/@uk"},
            Profile(id="1", acct="uk", url="https://social.example/@uk"),
        ),
        ({"id": 1, "username": "uk", "url": None}, Profile(id="1", acct="uk")),
        ({"id": "1"}, Profile(id="1", acct="")),
    ],
)
def test_profile(body: object, expected: Profile) -> None:
    """Whose token it is."""
    assert expected == INSTANCE.profile(received(200, body), now=NOW)


@pytest.mark.parametrize("code", [400, 401, 422])
def test_profile_of_a_bad_token(code: int) -> None:
    """Takahe answers 400 and snac 422 to a bad token; here nothing else can be wrong."""
    with pytest.raises(AccountBarredError) as caught:
        INSTANCE.profile(received(code), now=NOW)

    assert 401 == caught.value.code
    assert ("the token doesn't work (" in str(caught.value)) is (code != 401)


@pytest.mark.parametrize(
    "result", [received(200, {}), received(404), received(503), NoResponse(sent=False, reason="is away")]
)
def test_profile_unavailable(result: Any) -> None:
    """What isn't about the token is for later."""
    with pytest.raises(AccountUnavailableError):
        INSTANCE.profile(result, now=NOW)


def test_error_is_chained() -> None:
    """The error for a person keeps the one that it comes from."""
    cause = OSError("reset")

    error = INSTANCE.error(NoResponse(sent=True, reason="cut the connection", error=cause), now=NOW)

    assert ("the instance social.example cut the connection", cause) == (str(error), error.__cause__)
