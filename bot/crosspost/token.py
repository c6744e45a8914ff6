"""Whether a refusal is about one share or about its account: the instance is asked whose token this is."""

from typing import TypeGuard

from bot.crosspost.lane import Lane
from bot.domain.answers import Barred
from bot.errors import AccountError

_FORBIDDEN = 403


def is_refused_alone(reply: object, lane: Lane) -> TypeGuard[Barred]:
    """Whether a 403 is no word on the account: its token works for all else."""
    if not isinstance(reply, Barred) or reply.code != _FORBIDDEN:
        return False
    try:
        lane.account.verify()
    except AccountError:
        return False
    return True
