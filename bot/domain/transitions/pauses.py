"""The reasons of pauses, as texts: why an account rests, and what is done by that."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.domain.answers import Barred, NotSent, Throttled

# How the reason of a pause begins that only a person can end.
REFUSES = "the instance refuses the account"
# How the reason of a pause begins where the account works, but none of its statuses is taken.
WALLED = "the instance refuses one status after another"
# How the reason of a pause begins where a status was sent several times, never came to be, and nor did any other since.
TAKES_NONE = "the instance takes no status"
# What stands in the reason of a pause where nothing was asked, for want of a token that can be read.
TOKENLESS = "without a token"
_IS_TOKENLESS = re.compile(
    r"nothing can be sent now: (the account's own statuses can't be read: )?(the instance \S+ was not asked, )?"
    r"without a token: "
)


def rests_because(no: Barred | Throttled | NotSent) -> str:
    """Why an account rests after an answer that says nothing of its share."""
    from bot.domain.answers import Barred, Throttled  # not for who only reads what is remembered

    if isinstance(no, Barred):
        return f"{REFUSES} ({no.code}): {no.message}"
    if isinstance(no, Throttled):
        return f"the instance asks to slow down (429): {no.message}"
    return f"nothing can be sent now: {no.message}"


def is_tokenless(reason: str) -> bool:
    """Whether an account's pause has this reason for want of a token; an instance's own words never make it so."""
    return _IS_TOKENLESS.match(reason) is not None


def takes_turns(pause_reason: str) -> bool:
    """Whether an account's shares are tried in turns, not in their order. pause_reason: why it had to rest last.

    Where it takes none of its statuses, the one that wasn't tried for the longest time of all that are due comes
    first: it may be one that goes out, after which all others follow in their order.
    """
    return pause_reason.startswith((WALLED, TAKES_NONE))
