"""Rows ↔ values."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import Row, Select, select

from bot.domain.models import AccountState, Anchor, Asked, Limits, RateLimit, Share, SiteState, State, Status
from bot.store.tables import posts, shares, sites

# What belongs to the row, and not to what became of the post.
_BESIDE = ("write_due_at", "write_failures")
_COLUMNS = tuple(column for column in shares.c if column.name not in _BESIDE)
_STATUS = Status.__struct_fields__
_SITE_STATE = SiteState.__struct_fields__


def select_shares() -> Select[Any]:
    """Shares with their post's link and title: what share_of() reads."""
    return select(*_COLUMNS, posts.c.link, posts.c.title).join_from(
        shares, posts, (shares.c.site == posts.c.site) & (shares.c.post_id == posts.c.post_id)
    )


def share_of(row: Row[Any]) -> Share:
    """A share from a row of select_shares()."""
    return share_from(row._mapping)  # noqa: SLF001 - SQLAlchemy's public way to a row's columns


def share_from(columns: Mapping[Any, Any]) -> Share:
    """A share from the columns of select_shares()."""
    kept = dict(columns)
    status = kept.pop("status")
    sent_link = kept.pop("sent_link")
    anchor_id, anchor_at = kept.pop("anchor_id"), kept.pop("anchor_at")
    return Share(
        **kept
        | {
            "state": State(kept["state"]),
            "asked": Asked(kept["asked"]),
            "link": sent_link or kept["link"],
            "status": _status(status) if status else None,
            "media_ids": tuple(json.loads(kept["media_ids"])),
            "images": tuple(json.loads(kept["images"])),
            "anchor": Anchor(id=anchor_id, created_at=anchor_at) if anchor_id is not None else None,
        }
    )


def columns_of(share: Share) -> dict[str, Any]:
    """The columns of a share that may change, as they are to be stored."""
    return {
        "state": str(share.state),
        "asked": str(share.asked),
        "text_override": share.text_override,
        "sent_link": share.link,
        "url": share.url,
        "error": share.error,
        "status_id": share.status_id,
        "attempts": share.attempts,
        "failures": share.failures,
        "unanswered": share.unanswered,
        "absences": share.absences,
        "media_failures": share.media_failures,
        "unread": share.unread,
        "idempotency_key": share.idempotency_key,
        "status": _status_text(share.status) if share.status else None,
        "media_ids": json.dumps(share.media_ids),
        "post_modified_at": share.post_modified_at,
        "images": json.dumps(share.images),
        "anchor_id": share.anchor.id if share.anchor else None,
        "anchor_at": share.anchor.created_at if share.anchor else None,
        "sent_at": share.sent_at,
        "next_attempt_at": share.next_attempt_at,
        "updated_at": share.updated_at,
    }


def select_sites() -> Select[Any]:
    """What is remembered of sites: what site_of() reads."""
    return select(*(sites.c[name] for name in _SITE_STATE))


def site_of(row: Row[Any]) -> SiteState:
    """What is remembered of a site, from a row of select_sites()."""
    return SiteState(**dict(zip(_SITE_STATE, row, strict=True)))


def account_of(row: Mapping[str, Any]) -> AccountState:
    """What is remembered of an account."""
    limits = json.loads(row["limits"]) if row["limits"] else None
    latest = Anchor(id=row["latest_id"], created_at=row["latest_at"]) if row["latest_id"] is not None else None
    return AccountState(
        name=row["name"],
        paused_until=row["paused_until"],
        pause_reason=row["pause_reason"],
        pauses=row["pauses"],
        limits=_limits(limits) if limits else None,
        limits_at=row["limits_at"],
        statuses_rate=_rate(row["statuses_remaining"], row["statuses_reset_at"]),
        media_rate=_rate(row["media_remaining"], row["media_reset_at"]),
        latest=latest,
        rests_until=row["rests_until"],
        listed=frozenset(filter(None, row["listed"].split(","))),
        token_mark=row["token_mark"],
        token_owner=row["token_owner"],
        token_at=row["token_at"],
        origin=row["origin"],
        unproven_before=row["unproven_before"],
    )


def limits_text(limits: Limits) -> str:
    """Limits as they are stored."""
    return json.dumps(asdict(limits))


def _limits(kept: dict[str, Any]) -> Limits:
    """Limits as they were stored, perhaps by another version: what this one doesn't know of them is left out."""
    known = {name: kept[name] for name in Limits.__struct_fields__ if name in kept}
    return Limits(**known | {"supported_mime_types": tuple(known.get("supported_mime_types", ()))})


def _rate(remaining: int | None, reset_at: datetime | None) -> RateLimit | None:
    if remaining is None or reset_at is None:
        return None
    return RateLimit(remaining=remaining, reset_at=reset_at)


def _status_text(status: Status) -> str:
    return json.dumps({name: getattr(status, name) for name in _STATUS})


def _status(text: str) -> Status:
    kept = json.loads(text)
    known = {name: kept[name] for name in _STATUS if name in kept}
    return Status(**known | {"mentions": tuple(kept.get("mentions", ()))})
