"""Notices: what is believed of them."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.notices import TOLERANCE, Doubt, Notice, read_notice
from tests.makers import NOON, SECOND

KEY = b"0123456789abcdef01234567"
BODY = b'{"post_id": 393174}'


def signed(
    body: bytes = BODY, *, at: datetime = NOON, key: bytes = KEY, sent: str = "msg_1", version: str = "v1"
) -> dict[str, str]:
    """The headers that sign a body."""
    seconds = str(int(at.timestamp()))
    digest = hmac.new(key, f"{sent}.{seconds}.".encode() + body, sha256).digest()
    signature = f"{version},{base64.b64encode(digest).decode()}"
    return {"webhook-id": sent, "webhook-timestamp": seconds, "webhook-signature": signature}


def test_the_example_of_standard_webhooks() -> None:
    """Its secret, headers and body; only what it says is no notice of ours."""
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    now = datetime.fromtimestamp(1614265330, tz=UTC)

    assert Doubt.UNREADABLE is read_notice(headers, b'{"test": 2432232314}', key=key, now=now)
    assert Doubt.FORGED is read_notice(headers, b'{"test": 2432232315}', key=key, now=now)


@pytest.mark.parametrize(
    ("said", "notice"),
    [
        ({"post_id": 7}, Notice(id="msg_1", post_id=7)),
        ({"post_id": 7, "again": True}, Notice(id="msg_1", post_id=7, again=True)),
        ({"post_id": 7, "again": "true"}, Notice(id="msg_1", post_id=7)),
        ({"post_id": 7, "again": 1, "url": "https://evil.example"}, Notice(id="msg_1", post_id=7)),
    ],
)
def test_what_is_signed_now_is_believed(said: dict[str, Any], notice: Notice) -> None:
    """The id and the post's, and `again` where it is true and nothing else."""
    body = json.dumps(said).encode()

    assert notice == read_notice(signed(body), body, key=KEY, now=NOON)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed() | {"webhook-id": ""},
        signed() | {"webhook-id": "msg_2"},
        signed() | {"webhook-id": "m" * 201},
        signed() | {"webhook-timestamp": "soon"},
        signed() | {"webhook-timestamp": "-5"},
        signed() | {"webhook-timestamp": "9" * 13},
        signed() | {"webhook-signature": ""},
        signed() | {"webhook-signature": "v1,"},
        signed() | {"webhook-signature": "v1,ümläut"},
        signed(version="v2"),
        signed(key=b"another secret of 24 byte"),
        signed(b'{"post_id": 1}'),
    ],
)
def test_a_forged_one(headers: dict[str, str]) -> None:
    """Whatever is missing, or not signed with the secret."""
    assert Doubt.FORGED is read_notice(headers, BODY, key=KEY, now=NOON)


@pytest.mark.parametrize(
    ("off", "stale"), [(TOLERANCE, False), (-TOLERANCE, False), (TOLERANCE + SECOND, True), (-TOLERANCE - SECOND, True)]
)
def test_one_of_another_time(off: timedelta, stale: bool) -> None:
    """Five minutes are tolerated, either way."""
    found = read_notice(signed(at=NOON + off), BODY, key=KEY, now=NOON)

    assert stale is (found is Doubt.STALE)


def test_a_secret_that_is_being_changed() -> None:
    """One of several signatures is enough."""
    headers = signed()
    headers["webhook-signature"] = f"v1a,abc v1,{'A' * 44} {headers['webhook-signature']}"

    assert Notice(id="msg_1", post_id=393174) == read_notice(headers, BODY, key=KEY, now=NOON)


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"[]", b"7", b'"7"', b"{}", b'{"post_id": "7"}', b'{"post_id": true}', b'{"post_id": 0}'),
        *(b'{"post_id": -1}', b'{"post_id": 7.0}', b'{"post_id": 9223372036854775808}', b"\xff", b"[" * 3000),
    ],
)
def test_one_that_says_nothing(body: bytes) -> None:
    """No post's id in it."""
    assert Doubt.UNREADABLE is read_notice(signed(body), body, key=KEY, now=NOON)


@given(
    st.dictionaries(st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]), st.text()), st.binary()
)
def test_nothing_from_outside_breaks_it(headers: dict[str, str], body: bytes) -> None:
    """Whatever is sent without the secret is forged."""
    assert Doubt.FORGED is read_notice(headers, body, key=KEY, now=NOON)
