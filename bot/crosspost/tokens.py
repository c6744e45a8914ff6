"""Tokens that were replaced: whoever was paused for the old one goes on."""

from bot.crosspost.context import Context
from bot.crosspost.events import TokenChanged, tell
from bot.domain.transitions.change import TOKENLESS


def take_tokens(context: Context) -> None:
    """End the pause of each account whose token was replaced since this process used it."""
    for name, posting in context.accounts.items():
        if posting.token_changed():
            _resume(context, name)


def try_tokens(context: Context) -> None:
    """End the pause of each account that had no token to be read: to look again costs nothing, and asks nobody."""
    for name in context.accounts:
        if TOKENLESS in context.store.account(name).pause_reason:
            _resume(context, name)


def _resume(context: Context, name: str) -> None:
    until = context.store.account(name).paused_until
    if until is not None and until > context.clock.now():
        context.store.resume(name)
        tell(TokenChanged(account=name))
