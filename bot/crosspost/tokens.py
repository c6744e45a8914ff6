"""Tokens that were replaced: whoever was paused for the old one goes on."""

from bot.crosspost.context import Context
from bot.crosspost.events import TokenChanged, tell
from bot.domain.transitions.change import TOKENLESS


def take_tokens(context: Context) -> None:
    """End the pause of each account whose token was replaced: since this process used it, or any process before."""
    for name, posting in context.accounts.items():
        if _is_another(context, name) or posting.token_changed():
            _resume(context, name)


def try_tokens(context: Context) -> None:
    """The same for a pass; and for each account that had no token to be read: to look again asks nobody."""
    take_tokens(context)
    for name in context.accounts:
        if TOKENLESS in context.store.account(name).pause_reason:
            _resume(context, name)


def _is_another(context: Context, name: str) -> bool:
    """Whether an account's token isn't the one that the store knows of; from now on it knows this one."""
    mark, known = context.accounts[name].token_mark(), context.store.account(name).token_mark
    if not mark or mark == known:
        return False
    context.store.remember_token(name, mark)
    return bool(known)


def _resume(context: Context, name: str) -> None:
    """Go on with an account; who it is and what it has is asked anew, since the token may be another account's."""
    for known in (context.profiles, context.caught_up, context.read_at):
        known.pop(name, None)
    if context.store.account(name).pauses:  # also where the pause ran out: it is told until the account works
        context.store.resume(name)
        tell(TokenChanged(account=name))
