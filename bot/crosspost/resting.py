"""How a rest begins and ends by what a person does: pausing and resuming by hand, and replacing a token.

A site that rests isn't looked at, and none of its posts is shared; an account that rests publishes nothing, and
nothing but a person ends that sooner. What comes up meanwhile is found, and goes out, afterwards. At most the share in
hand is still finished. An account without a token rests; one that was paused for its token goes on with another.
"""

from datetime import datetime, timedelta

from bot.crosspost.context import Context
from bot.crosspost.events import tell
from bot.crosspost.events.shares import TokenChanged, TokenUnreadable
from bot.domain.answers import NotSent
from bot.domain.models import FOREVER, AccountState
from bot.domain.transitions.change import TOKENLESS, is_tokenless, rests_because
from bot.errors import RefusedError
from bot.ports import Store

# Where another process of the store has the token that this one can't read, this one stops it no more often than that.
_RESTS_AGAIN_AFTER = timedelta(hours=1)


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


def take_tokens(context: Context) -> None:
    """Look at each account's token: without one it rests, whether or not something waits; with another one it goes on.

    Another one: than this process used, or any process before, or where there was none. Who the account is and what it
    has is then asked anew, since the token may be another account's.
    """
    for state in context.store.accounts(tuple(context.accounts)):
        posting = context.accounts[state.name]
        if error := posting.token_error():
            _rest(context, state, error)
            continue
        is_back = context.remembered.tokenless.pop(state.name, None) is not None
        if _is_another(context, state) or posting.token_changed() or is_back:
            context.remembered.forget_account(state.name)
            _resume(context, state)
        elif is_tokenless(state.pause_reason):  # another process has none: this one goes on as it did
            _resume(context, state)


def _is_another(context: Context, state: AccountState) -> bool:
    """Whether an account's token isn't the one that the store knows of; from now on it knows this one."""
    mark = context.accounts[state.name].token_mark()
    if not mark or mark == state.token_mark:
        return False
    context.store.remember_token(state.name, mark)
    return bool(state.token_mark)


def _rest(context: Context, state: AccountState, error: str) -> None:
    """Let an account rest that has no token; recorded and told once, also where another process soon goes on."""
    now, rested_at = context.clock.elapsed(), context.remembered.tokenless.get(state.name)
    if is_tokenless(state.pause_reason) or (rested_at is not None and now - rested_at < _RESTS_AGAIN_AFTER):
        return
    context.remembered.tokenless[state.name] = now
    until = context.clock.now() + context.accounts[state.name].policy.backoff
    context.store.pause(state.name, until=until, reason=rests_because(NotSent(message=f"{TOKENLESS}: {error}")))
    tell(TokenUnreadable(account=state.name, error=error))


def _resume(context: Context, state: AccountState) -> None:
    """Go on with an account."""
    if state.pauses:  # also where the pause ran out: it is told until the account works
        context.store.resume(state.name)
        tell(TokenChanged(account=state.name))
