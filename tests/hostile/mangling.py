"""Strategies that take what a server really says and spoil it: values, places, bytes, headers."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

Draw = Callable[..., Any]

# What WordPress and Mastodon say instead of an entity.
REFUSAL = {"code": "rest_forbidden", "message": "No.", "data": {"status": 401}, "error": "No."}
# Deeper than any reader that calls itself can go.
BOTTOMLESS = b"[" * 100_000


def _nested(depth: int) -> object:
    value: object = "at last"
    for level in range(depth):
        value = [value] if level % 2 else {"id": value}
    return value


JUNK: tuple[object, ...] = (
    None, True, False, 0, -1, 2**63, 10**400, -(10**400), 1e308, float("nan"),
    "", " ", "0", "１２", "1e5", "null", "\0", "a\0b", "\ud800", "a\udc00b", "\ufffe", "\x1b[2J", "gnp\u202egirts",
    "é" * 200_000, "\u0301" * 5_000, "👩\u200d" * 5_000, "क\u094d" * 5_000, "\u200d", "&#0;&#xD800;&#9999999999;",
    "<b>" * 5_000, "<a " * 5_000, "<!" * 5_000, "<<!x>![foo bar]>", "<![bogus[", "<img class=emoji alt=x>" * 5_000,
    "a." * 5_000 + "://", "hthttps://tps://evil.example/", "@admin@social.example", "[gallery" * 5_000, "{title}",
    "9999-12-31T23:59:59", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00", "0001-01-01T00:00:00+23:59",
    "https://u:p@site.example/", "https://site.example/" + "é" * 3_000, "https://" + "a." * 900, "http://[::1",
    "javascript:alert(1)", "//site.example", "https://site.example:99999/", "https://site.example/\r\nX: y",
    [], {}, [[]], [{}], [None], REFUSAL, [REFUSAL], _nested(60), {str(number): number for number in range(2_000)},
)  # fmt: skip


@st.composite
def mangled(draw: Draw, value: Any) -> Any:
    """A value in which up to four places were spoiled, at any depth."""
    spoilt = deepcopy(value)
    for _ in range(draw(st.integers(1, 4))):
        spoilt = _spoilt(draw, spoilt)
    return spoilt


def mangled_bytes(body: bytes) -> st.SearchStrategy[bytes]:
    """The bytes of an answer that isn't what it was any more; some can still be read, most can't."""
    place = st.integers(0, len(body))
    foreign = st.sampled_from(
        [b"\xff\xfe", b"\xc3", b"\xed\xa0\x80", b"\0", b"\xef\xbb\xbf", b"<b>Notice</b>\n", b"]", b'"']
    )
    return st.one_of(
        st.builds(lambda at, what: body[:at] + what + body[at:], place, foreign),
        place.map(lambda at: body[:at]),
        st.sampled_from(
            [
                b"",
                b" ",
                b"\xef\xbb\xbf" + body,
                b"<br />\n<b>Warning</b>: Array to string in <b>a.php</b>\n" + body,
                b"<!DOCTYPE html><title>" + b"<title" * 3_000 + body,
                body + b"\n<!-- cached -->",
                body + b"\n<script>track()</script>",
                body + body,
                body.decode().encode("utf-16"),
                BOTTOMLESS,
                BOTTOMLESS + body,
                b'{"a":' * 100_000,
                b"[" + b"9" * 10_000 + b"]",
            ]
        ),
    )


ODD_HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After", "Date", "Content-Type",
            "X-WP-Total", "X-WP-TotalPages", "Link", "Location", "Deprecation", "Set-Cookie",
        ]
    ),
    st.sampled_from(
        [
            "", "0", "-1", "1.5", "NaN", "٣", "9" * 400, "1e9", "999999999999", "é", "\x7f", "\t", ",", "a" * 5_000,
            "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+23:59", "2026-11-22T15:00:00.000Z", "yesterday",
            "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 +2359",
            "Wed, 99 Foo 99999 99:99:99 GMT", "<<>>;;rel==", "http://[::1", "text/html; charset=nonsense",
        ]
    ),
    max_size=4,
)  # fmt: skip


def dumped(value: object) -> bytes:
    """JSON as PHP writes it: ASCII, single halves of surrogate pairs included."""
    return json.dumps(value).encode()


def _spoilt(draw: Draw, value: Any) -> Any:
    """Go down to somewhere and spoil what is there."""
    places = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    if places and draw(st.integers(0, 5)):
        place = draw(st.sampled_from(places))
        if draw(st.integers(0, 7)):
            value[place] = _spoilt(draw, value[place])
        else:
            del value[place]
        return value
    junk = st.sampled_from(JUNK).map(deepcopy)
    return draw(st.one_of(junk, st.text(), st.just([value]), st.just({"rendered": value}), st.just([value, value])))
