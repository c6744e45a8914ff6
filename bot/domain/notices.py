"""Notices: a site says that a post is out. Signed as Standard Webhooks (https://www.standardwebhooks.com).

A notice says only: look. Nothing else in it is believed but `again`, a person's wish, obeyed once for each id.
"""

import base64
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from hashlib import sha256

from msgspec import Struct

from bot.domain.models import LARGEST_ID

TOLERANCE = timedelta(minutes=5)
# A notice has some 40 bytes; what is longer than this isn't read.
MOST_BYTES = 4096
_ID = re.compile(r"[!-~]{1,200}")
_SECONDS = re.compile(r"[0-9]{1,12}")


class Notice(Struct, frozen=True, kw_only=True):
    """What a site said: look at this post; again: share it once more. id: the same however often it was sent."""

    id: str
    post_id: int
    again: bool = False


class KeptNotice(Struct, frozen=True, kw_only=True):
    """A notice that is kept until it is done: whose it is, and since when."""

    site: str
    notice: Notice
    since: datetime


class Doubt(Enum):
    """Why a notice isn't one: its signature is wrong, it is of another time, or it names no post."""

    FORGED = auto()
    STALE = auto()
    UNREADABLE = auto()


def read_notice(headers: Mapping[str, str], body: bytes, *, key: bytes, now: datetime) -> Notice | Doubt:
    """The notice in a request, or why there is none. headers: by their lower-case names.

    The signature is looked at first, and of the body nothing before it.
    """
    sent, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not _ID.fullmatch(sent) or not _SECONDS.fullmatch(at):
        return Doubt.FORGED
    expected = _signature(key, b".".join((sent.encode(), at.encode(), body)))
    if not any(hmac.compare_digest(expected, given) for given in _given(headers)):
        return Doubt.FORGED
    if abs(now - _instant(int(at))) > TOLERANCE:
        return Doubt.STALE
    return _notice(sent, body)


def _signature(key: bytes, signed: bytes) -> bytes:
    return base64.b64encode(hmac.new(key, signed, sha256).digest())


def _given(headers: Mapping[str, str]) -> Iterable[bytes]:
    """The signatures of the version that is known here; there are several while a secret is being changed."""
    for word in headers.get("webhook-signature", "").split()[:10]:
        version, _, signature = word.partition(",")
        if version == "v1":
            yield signature.encode()


def _instant(seconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=min(seconds, 10**11))


def _notice(sent: str, body: bytes) -> Notice | Doubt:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return Doubt.UNREADABLE
    post_id = said.get("post_id") if isinstance(said, dict) else None
    if isinstance(post_id, bool) or not isinstance(post_id, int) or not 0 < post_id <= LARGEST_ID:
        return Doubt.UNREADABLE
    return Notice(id=sent, post_id=post_id, again=said.get("again") is True)
