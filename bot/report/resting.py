"""What a person lets rest, in words and as JSON has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.models import AccountState, SiteState

BY_HAND = "paused by hand"


def is_at_rest(state: SiteState | AccountState, *, now: datetime) -> bool:
    """Whether a person lets a site or an account rest now."""
    return state.rests_until is not None and state.rests_until > now


def rest_end(state: SiteState | AccountState) -> datetime | None:
    """When a rest ends by itself; None where it doesn't."""
    from bot.domain.models import FOREVER

    return None if state.rests_until == FOREVER else state.rests_until


def rest_words(state: SiteState | AccountState) -> str:
    """How long a site or an account rests, after its name: what ends it."""
    end = rest_end(state)
    if end is None:
        return f"{BY_HAND}; `howdah resume {state.name}` ends it"
    return f"{BY_HAND} until {end:%Y-%m-%d %H:%M} UTC; `howdah resume {state.name}` ends it sooner"
