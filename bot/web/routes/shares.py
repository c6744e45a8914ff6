"""The shares, with filters and search, page by page; a million of them cost what a thousand do."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from msgspec import Struct
from starlette.responses import Response

from bot.domain.models import State
from bot.web.calls import Call, Path
from bot.web.parameters import key_of, key_text, state_of
from bot.web.responses import page
from bot.web.routes.list_buttons import behind, buttons_for, done_words

_ROWS = 50
_LONGEST = 200
# Of many sites or accounts, those with the most shares; the pages of the others lead to theirs.
_CHOICES = 20
_FILTERS = ("site", "account", "state", "search")


class Filter(Struct, frozen=True, kw_only=True):
    """One choice of a filter, as a link. number: how many shares there are by it."""

    word: str
    address: str
    number: int
    chosen: bool


def shares(call: Call) -> Response:
    """The list."""
    asked = {name: call.query[name][:_LONGEST] for name in _FILTERS if call.query.get(name)}
    search = asked.get("search", "").strip()
    found = call.live.context.store.page(
        site=asked.get("site"),
        account=asked.get("account"),
        state=state_of(asked["state"]) if "state" in asked else None,
        search=search,
        after=key_of(call.query["after"]) if call.query.get("after") else None,
        limit=_ROWS,
    )
    return page(
        call,
        "shares.html",
        found=found,
        asked=asked,
        search=search,
        filters=_filters(call, asked),
        following=_address(asked | {"after": key_text(found.next)}) if found.next else "",
        begun="after" in call.query,
        newest=_address(asked),
        several=buttons_for(call, asked) if found.shares and not search and "after" not in call.query else (),
        before=behind(found.shares[0]) if found.shares else "",
        done=done_words(call),
        next_look=min((site.next_look_at for site in call.live.health().sites if site.next_look_at), default=None),
    )


def _filters(call: Call, asked: dict[str, str]) -> dict[str, list[Filter]]:
    """The choices: each state, and each site and account where there are several."""
    context = call.live.context
    names = {"state": [str(state) for state in State], "site": list(context.sites), "account": list(context.accounts)}
    counts = context.store.counts()
    return {
        kind: _choices(kind, _numbers(kind, words, counts, asked), asked)
        for kind, words in names.items()
        if kind == "state" or len(words) > 1
    }


def _numbers(
    kind: str, words: Sequence[str], counts: Mapping[tuple[str, str, State], int], asked: dict[str, str]
) -> dict[str, int]:
    """How many shares there are by each word, where the other filters stay as they are."""
    others = {name: value for name, value in asked.items() if name not in (kind, "search")}
    numbers = dict.fromkeys(words, 0)
    for (site, account, state), number in counts.items():
        has = {"site": site, "account": account, "state": str(state)}
        if has[kind] in numbers and all(has[name] == value for name, value in others.items()):
            numbers[has[kind]] += number
    return numbers


def _choices(kind: str, numbers: dict[str, int], asked: dict[str, str]) -> list[Filter]:
    rest = {name: value for name, value in asked.items() if name != kind}
    chosen = asked.get(kind)
    shown = {*sorted(numbers, key=numbers.__getitem__, reverse=True)[:_CHOICES], chosen}
    others = sum(number for word, number in numbers.items() if word not in shown)
    return [
        Filter(word="all", address=_address(rest), number=sum(numbers.values()), chosen=chosen is None),
        *(
            Filter(word=word, address=_address(rest | {kind: word}), number=number, chosen=chosen == word)
            for word, number in numbers.items()
            if word in shown
        ),
        Filter(word="others", address=f"/{kind}s", number=others, chosen=False),
    ]


def _address(query: dict[str, str]) -> str:
    return f"/shares?{urlencode(query)}" if query else "/shares"


PATHS = (Path(path="/shares", answer=shares),)
