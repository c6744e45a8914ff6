"""Rows ↔ values. What another version has kept in JSON, and this one doesn't know, is left out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec.json import Decoder, encode
from sqlalchemy import Row, Select, select

from bot.domain.models import AccountState, Anchor, Asked, Limits, RateLimit, Share, SiteState, State, Status
from bot.store.tables import accounts, posts, shares, sites

_STATUS, _LIMITS, _TEXTS = Decoder(Status), Decoder(Limits), Decoder(tuple[str, ...])
# What belongs to the row, and not to what became of the post.
_BESIDE = ("write_due_at", "write_failures")
_COLUMNS = tuple(column for column in shares.c if column.name not in _BESIDE)
# The fields of a share that may change and stand in a column of their name as they are, and those of an account.
_FIXED = ("id", "site", "post_id", "account", "number", "created_at")
_SHAPED = ("state", "asked", "status", "media_ids", "images")
_PLAIN_COLUMNS = [name for name in Share.__struct_fields__ if name in shares.c and name not in _FIXED + _SHAPED]
_PLAIN_ACCOUNT = [
    name for name in AccountState.__struct_fields__ if name in accounts.c and name not in ("limits", "listed")
]
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
            "status": _STATUS.decode(status) if status else None,
            "media_ids": _TEXTS.decode(kept["media_ids"]),
            "images": _TEXTS.decode(kept["images"]),
            "anchor": Anchor(id=anchor_id, created_at=anchor_at) if anchor_id is not None else None,
        }
    )


def columns_of(share: Share) -> dict[str, Any]:
    """The columns of a share that may change, as they are to be stored."""
    return {name: getattr(share, name) for name in _PLAIN_COLUMNS} | {
        "state": str(share.state),
        "asked": str(share.asked),
        "sent_link": share.link,
        "status": _json(share.status) if share.status else None,
        "media_ids": _json(share.media_ids),
        "images": _json(share.images),
        "anchor_id": share.anchor.id if share.anchor else None,
        "anchor_at": share.anchor.created_at if share.anchor else None,
    }


def select_sites() -> Select[Any]:
    """What is remembered of sites: what site_of() reads."""
    return select(*(sites.c[name] for name in _SITE_STATE))


def site_of(row: Row[Any]) -> SiteState:
    """What is remembered of a site, from a row of select_sites()."""
    return SiteState(**dict(zip(_SITE_STATE, row, strict=True)))


def account_of(row: Mapping[str, Any]) -> AccountState:
    """What is remembered of an account."""
    return AccountState(
        **{name: row[name] for name in _PLAIN_ACCOUNT},
        limits=_LIMITS.decode(row["limits"]) if row["limits"] else None,
        statuses_rate=_rate(row["statuses_remaining"], row["statuses_reset_at"]),
        media_rate=_rate(row["media_remaining"], row["media_reset_at"]),
        latest=Anchor(id=row["latest_id"], created_at=row["latest_at"]) if row["latest_id"] is not None else None,
        listed=frozenset(filter(None, row["listed"].split(","))),
    )


def limits_text(limits: Limits) -> str:
    """Limits as they are stored."""
    return _json(limits)


def _json(value: object) -> str:
    return encode(value).decode()


def _rate(remaining: int | None, reset_at: datetime | None) -> RateLimit | None:
    if remaining is None or reset_at is None:
        return None
    return RateLimit(remaining=remaining, reset_at=reset_at)
