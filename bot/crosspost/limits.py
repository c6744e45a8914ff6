"""What an account's instance allows: remembered, for instances change their limits seldom, and asked anew in doubt."""

from dataclasses import replace
from datetime import timedelta

from bot.crosspost.lane import Lane
from bot.domain.models import Limits
from bot.errors import AccountError

LIMITS_LAST = timedelta(days=1)


def limits_of(lane: Lane) -> Limits:
    """What the instance allows: as remembered for a day, else asked, else as remembered for longer.

    Raises AccountError where nothing is remembered and it can't be asked.
    """
    now, state = lane.context.clock.now(), lane.state
    if state.limits is not None and state.limits_at is not None and now - state.limits_at < LIMITS_LAST:
        return state.limits
    try:
        return _ask(lane)
    except AccountError:
        if state.limits is None:
            raise
        return state.limits


def have_changed(lane: Lane) -> bool:
    """Ask the instance anew; whether it allows something else than was remembered."""
    before = lane.state.limits
    try:
        return _ask(lane) != before
    except AccountError:
        return False


def _ask(lane: Lane) -> Limits:
    now, limits = lane.context.clock.now(), lane.account.limits()
    lane.context.store.remember_limits(lane.name, limits, now=now)
    lane.state = replace(lane.state, limits=limits, limits_at=now)
    return limits
