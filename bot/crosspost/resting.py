"""Pause and resume by hand: a person lets a site or an account rest, and nothing but a person ends it sooner.

A site that rests isn't looked at, and none of its posts is shared; an account that rests publishes nothing. What comes
up meanwhile is found, and goes out, afterwards. At most the share in hand is still finished.
"""

from datetime import datetime

from bot.domain.models import FOREVER
from bot.errors import RefusedError
from bot.ports import Store


def pause_site(store: Store, name: str, *, until: datetime | None, now: datetime) -> None:
    """Let a site rest until then, or until it is resumed (None). RefusedError where that time is over."""
    store.rest_site(name, until=_until(until, now=now))


def pause_account(store: Store, name: str, *, until: datetime | None, now: datetime) -> None:
    """Let an account rest until then, or until it is resumed (None). RefusedError where that time is over."""
    store.rest_account(name, until=_until(until, now=now))


def resume_site(store: Store, name: str) -> None:
    """End a site's rest; it is looked at as soon as it is due."""
    store.rest_site(name, until=None)


def resume_account(store: Store, name: str) -> None:
    """End an account's rest, and the pause that the account's own trouble caused."""
    store.rest_account(name, until=None)
    store.resume(name)


def _until(until: datetime | None, *, now: datetime) -> datetime:
    if until is not None and until <= now:
        raise RefusedError(f"{until:%Y-%m-%d %H:%M} UTC is over already: name a later time")
    return until or FOREVER
