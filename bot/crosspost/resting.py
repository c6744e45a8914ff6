"""How a rest begins and ends by what a person does: pausing and resuming by hand, and replacing a token.

A site that rests isn't looked at, and none of its posts is shared; an account that rests publishes nothing, and
nothing but a person ends that sooner. What comes up meanwhile is found, and goes out, afterwards. At most the share in
hand is still finished. An account without a token rests, unless another process has it; one that was paused for its
token goes on with another.
"""

from datetime import datetime, timedelta

from bot.crosspost.context import Context
from bot.crosspost.events import tell
from bot.domain.answers import NotSent
from bot.domain.models import FOREVER, AccountState
from bot.domain.transitions.change import backoff
from bot.domain.transitions.pauses import TOKENLESS, is_tokenless, rests_because
from bot.errors import RefusedError
from bot.ports import Store

# So often a process tells the store that it has an account's token. One that has none lets the account rest only where
# nobody has told so for twice as long.
_TELL_EVERY = timedelta(minutes=10)


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


def take_up(context: Context) -> None:
    """Go on with what waited for a token that is there now, and for a time that only a wrong clock can have set."""
    take_tokens(context)
    context.store.take_up(tuple(context.accounts), now=context.clock.now())


def take_tokens(context: Context) -> None:
    """Look at each account's token: without one it is left alone, whether or not something waits; else it goes on.

    One that is another than this process used, or any process before, ends a pause; so does one where there was none.
    Who the account is and what it has is then asked anew, since the token may be another account's.
    """
    for state in context.store.accounts(tuple(context.accounts)):
        posting = context.accounts[state.name]
        if error := posting.token_error():
            _leave_alone(context, state, error)
            continue
        is_back = context.remembered.tokenless.pop(state.name, None) is not None
        is_another = _is_another(context, state)
        if is_another or posting.token_changed() or is_back:
            context.remembered.forget_account(state.name)
            _resume(context, state)
        elif is_tokenless(state.pause_reason):  # another process has none: this one goes on as it did
            _resume(context, state)


def without_token(error: str) -> str:
    """Why an account rests whose token can't be read."""
    return rests_because(NotSent(message=f"{TOKENLESS}: {error}"))


def _is_another(context: Context, state: AccountState) -> bool:
    """Whether an account's token isn't the one that the store knows of. From now on it knows that this one is there."""
    mark, now = context.accounts[state.name].token_mark(), context.clock.now()
    if not mark:
        return False
    is_told = _is_within(_TELL_EVERY, state.token_at, now=now)
    if mark != state.token_mark or not is_told or is_tokenless(state.pause_reason):
        context.store.remember_token(state.name, mark, owner=context.owner, now=now)
    return mark != state.token_mark and bool(state.token_mark)


def _leave_alone(context: Context, state: AccountState, error: str) -> None:
    """Leave an account alone that has no token here, and tell it once. Where no other process has one, it rests."""
    if state.name not in context.remembered.tokenless:
        from bot.crosspost.events.shares import TokenUnreadable  # with all events of shares: only where it is missing

        tell(TokenUnreadable(account=state.name, error=error))
    context.remembered.tokenless[state.name] = error
    now = context.clock.now()
    rests = is_tokenless(state.pause_reason) and state.is_paused(now=now)
    if not rests and not _another_has(context, state, now=now):
        wait = backoff(context.accounts[state.name].policy.backoff, state.pauses + 1, spread=context.jitter())
        context.store.pause(state.name, until=now + wait, reason=without_token(error))


def _another_has(context: Context, state: AccountState, *, now: datetime) -> bool:
    """Whether another process of the store had the account's token a moment ago: it goes on."""
    return state.token_owner not in ("", context.owner) and _is_within(2 * _TELL_EVERY, state.token_at, now=now)


def _is_within(span: timedelta, at: datetime | None, *, now: datetime) -> bool:
    """Whether an instant is near enough; one that a wrong clock has put into the future isn't."""
    return at is not None and abs(now - at) < span


def _resume(context: Context, state: AccountState) -> None:
    """Go on with an account."""
    if state.pauses:  # also where the pause ran out: it is told until the account works
        from bot.crosspost.events.shares import TokenChanged

        context.store.resume(state.name)
        tell(TokenChanged(account=state.name))
