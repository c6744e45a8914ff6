"""What is named in a request: sites, accounts, posts, states, and places in a list."""

from datetime import UTC, datetime, timedelta

from bot.crosspost.context import Context
from bot.domain.models import LARGEST_ID, PageKey, State, post_id_in
from bot.web.errors import WebError, not_found

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OURS = "feed-"
_MILLISECOND = timedelta(milliseconds=1)
# A date that the store can hold, and that is no more than that away.
_LATEST = (datetime(9999, 1, 1, tzinfo=UTC) - _EPOCH) // _MILLISECOND


def known_site(context: Context, name: str) -> str:
    """The name, where there is such a site; WebError otherwise."""
    if name not in context.sites:
        raise not_found("such site in the config", following="/sites lists them.")
    return name


def known_account(context: Context, name: str) -> str:
    """The name, where there is such an account; WebError otherwise."""
    if name not in context.accounts:
        raise not_found("such account in the config", following="/accounts lists them.")
    return name


def post_id_of(text: str) -> int:
    """A post's id in a path. WebError where it is none."""
    post_id = post_id_in(text)
    if post_id is None:
        raise not_found("such post")
    return post_id


def post_place(post_id: int) -> str:
    """What stands for a post in a page's address: its id; "feed-…" where its site gave none, and it is one of ours."""
    return str(post_id) if post_id > 0 else f"{_OURS}{-post_id}"


def post_at(place: str) -> int:
    """The id of the post that a page's address stands for. WebError where it stands for none."""
    return -post_id_of(place.removeprefix(_OURS)) if place.startswith(_OURS) else post_id_of(place)


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
    if not dash or not whole or int(at) > _LATEST or int(number) > LARGEST_ID:
        raise WebError(400, "bad_key", "This is no place to go on from.", "Take it from the page before: next.")
    return _EPOCH + int(at) * _MILLISECOND, int(number)
