"""The overview: does anything need a person? Then: how it stands with all, and what was shared last."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

from msgspec import Struct
from starlette.responses import Response

from bot.report.needs import Need, found_needs
from bot.report.wording import began
from bot.web.calls import Call, Path
from bot.web.parameters import post_place
from bot.web.responses import page
from bot.web.state_rows import account_rows, site_rows

_LAST = 12
# So many sites, accounts and tasks, those with trouble first: the others stand on pages of their own.
_MOST = 20
# Told of as one, however many shares there are.
_BY_STATE = ("failed", "held")


class Task(Struct, frozen=True, kw_only=True):
    """Something that needs a person, and where it is seen to. since: None where nobody has noted it yet."""

    text: str
    since: datetime | None
    address: str
    words: str


def overview(call: Call) -> Response:
    """The first page."""
    health = call.live.health()
    begun: dict[str, datetime] = {}
    for cause in health.causes:
        key = cause.kind if cause.kind in _BY_STATE else cause.key
        begun[key] = min(cause.since, begun.get(key, cause.since))
    idle = sorted({"collect", "deliver"} & set(call.live.idle()))
    found = list(found_needs(health))
    return page(
        call,
        "overview.html",
        health=health,
        number=len(found),
        tasks=[_task(need, begun) for need in found[:_MOST]],
        idle=idle,
        sites=site_rows(health)[:_MOST],
        accounts=account_rows(health)[:_MOST],
        last=call.live.context.store.page(limit=_LAST).shares,
    )


def _task(need: Need, begun: Mapping[str, datetime]) -> Task:
    since = begun.get(need.kind if need.kind in _BY_STATE else need.noted_as)
    if need.share is not None:
        since = None  # what was noted may be of another share
        address = f"/posts/{quote(need.share.site, safe='')}/{post_place(need.share.post_id)}"
        words = "Look at the post"
    elif need.kind in ("site", "account"):
        address, words = f"/{need.kind}s/{quote(need.name, safe='')}", f"Look at {need.name}"
    elif need.kind in _BY_STATE:
        address, words = f"/shares?state={need.kind}", f"See what is {need.kind}"
    else:
        address, words = "", ""
    return Task(text=began(need.text), since=since, address=address, words=words)


PATHS = (Path(path="/", answer=overview),)
