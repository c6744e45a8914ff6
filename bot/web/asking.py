"""What people and programs ask for from here: the same use cases as the commands'."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.crosspost.context import Context
from bot.domain.models import PageKey, Share, State
from bot.web.errors import WebError, not_found
from bot.web.live import Live

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST_ID = 2**63 - 1
_MILLISECOND = timedelta(milliseconds=1)
# A date that the store can hold, and that is no more than that away.
_LATEST = (datetime(9999, 1, 1, tzinfo=UTC) - _EPOCH) // _MILLISECOND


def known_site(context: Context, name: str) -> str:
    """The name, where there is such a site; WebError otherwise."""
    if name not in context.sites:
        raise not_found("such site in the config")
    return name


def known_account(context: Context, name: str) -> str:
    """The name, where there is such an account; WebError otherwise."""
    if name not in context.accounts:
        raise not_found("such account in the config")
    return name


def post_id_of(text: str) -> int:
    """A post's id in a path; one that only a feed told of has one below 0."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and 0 < int(digits[:20]) <= _LARGEST_ID):
        raise not_found("such post")
    return int(text)


def state_of(text: str) -> State:
    """A state by its name; WebError otherwise."""
    try:
        return State(text)
    except ValueError:
        states = ", ".join(State)
        raise WebError(400, "bad_state", "There is no such state.", f"Use one of {states}.") from None


def key_text(key: PageKey) -> str:
    """Where a page goes on, as it stands in an address."""
    at, number = key
    return f"{(at - _EPOCH) // _MILLISECOND}-{number}"


def key_of(text: str) -> PageKey:
    """Where a page goes on; WebError where that is no key of ours."""
    at, dash, number = text.partition("-")
    whole = at.isascii() and at.isdigit() and number.isascii() and number.isdigit() and len(text) < 40
    if not dash or not whole or int(at) > _LATEST or int(number) > _LARGEST_ID:
        raise WebError(400, "bad_key", "This is no place to go on from.", "Take it from the page before: next.")
    return _EPOCH + int(at) * _MILLISECOND, int(number)


def ask_for(live: Live, post: tuple[str, int], *, accounts: Sequence[str], again: bool, text: str) -> list[Share]:
    """Ask for a post to be shared on these accounts now; the shares as they wait. RefusedError where one is refused."""
    from bot.crosspost.share import Wish, request, request_again

    site, post_id = post
    ask = request_again if again else request
    try:
        return [ask(live.context, site, post_id, account=account, wish=Wish(text=text)) for account in accounts]
    finally:
        live.changed()
