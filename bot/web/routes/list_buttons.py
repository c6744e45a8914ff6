"""The buttons of a list: what is done with all shares that failed, or are held, at once."""

from collections.abc import Mapping
from urllib.parse import urlencode

from msgspec import Struct
from starlette.responses import Response

from bot.domain.models import Share, State
from bot.report.wording import counted
from bot.web import actions
from bot.web.calls import Call, Path
from bot.web.errors import not_found
from bot.web.parameters import key_of, key_text, state_of
from bot.web.responses import go


class Button(Struct, frozen=True, kw_only=True):
    """One of them. action: the last part of its address; explained: what will happen."""

    action: str
    words: str
    explained: str


_QUEUED = "They are queued, and go the ordinary way: filters, rhythm and quiet hours count."
_BUTTONS: Mapping[State, Mapping[str, tuple[str, str]]] = {
    State.HELD: {
        "retry": ("Release all {}", _QUEUED),
        "skip": ("Skip all {}", "None of them is sent; each can be tried again from its own page."),
    },
    State.FAILED: {"retry": ("Try all {} again", _QUEUED)},
}
_DONE = {"retry": "Queued: {}. They are sent in a moment.", "skip": "Skipped: {}. Nothing is sent."}


def buttons_for(call: Call, asked: Mapping[str, str]) -> list[Button]:
    """What can be done with all of a list that is narrowed by these filters."""
    if "state" not in asked:
        return []
    number = min(_number(call, asked), actions.MOST_AT_ONCE)
    return [
        Button(action=action, words=words.format(number), explained=explained)
        for action, (words, explained) in _BUTTONS.get(state_of(asked["state"]), {}).items()
        if number > 1
    ]


def behind(newest: Share) -> str:
    """The key behind the newest share that a page shows: what comes after the page is loaded isn't meant by it."""
    return key_text((newest.created_at, newest.id + 1))


def done_words(call: Call) -> str:
    """What the last button did; of words in an address, only ours are repeated."""
    words, number = _DONE.get(call.query.get("done", "")), call.query.get("number", "")
    is_number = number.isascii() and number.isdigit() and len(number) <= len(str(actions.MOST_AT_ONCE))
    return words.format(counted(int(number), "share")) if words and is_number else ""


def act(call: Call) -> Response:
    """Do what a button says, and show the list with what was done."""
    fields, live = call.form(), call.live
    asked = {name: fields[name] for name in ("site", "account", "state") if fields.get(name)}
    action = call.names["action"]
    if action not in _BUTTONS.get(state_of(asked.get("state", "")), {}):
        raise not_found("such button", following="Load the page again.")
    shares = actions.in_state(
        live,
        State(asked["state"]),
        site=asked.get("site", ""),
        account=asked.get("account", ""),
        before=key_of(fields["before"]) if fields.get("before") else None,
    )
    decided = actions.retry(live, shares) if action == "retry" else actions.skip(live, shares)
    return go(f"/shares?{urlencode(asked | {'done': action, 'number': len(decided.shares)})}")


def _number(call: Call, asked: Mapping[str, str]) -> int:
    """How many shares the filters choose."""
    total = 0
    for (site, account, state), number in call.live.context.store.counts().items():
        has = {"site": site, "account": account, "state": str(state)}
        total += number * all(asked.get(name) in (None, value) for name, value in has.items())
    return total


PATHS = (Path(path="/shares/{action}", answer=act, method="POST"),)
