"""The overview: does anything need a person? Then: how it stands with all, and what was shared last."""

from dataclasses import dataclass
from urllib.parse import quote

from starlette.responses import Response

from bot.report.lines import paused
from bot.report.needs import Need, found_needs
from bot.report.sentences import account_sentences, site_sentence
from bot.web.answers import page
from bot.web.calls import Call
from bot.web.paths import Path

_LAST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something that needs a person, and where it is seen to."""

    text: str
    address: str
    words: str


def overview(call: Call) -> Response:
    """The first page."""
    health = call.live.health()
    idle = sorted({"collect", "deliver"} & set(call.live.idle()))
    return page(
        call,
        "overview.html",
        health=health,
        tasks=[_task(need) for need in found_needs(health)],
        idle=idle,
        sites=[(site, site_sentence(site, now=health.now)) for site in health.sites],
        accounts=[(account, "; ".join(account_sentences(account, health))) for account in health.accounts],
        resting={account.name for account in health.accounts if paused(account, now=health.now)},
        last=call.live.context.store.page(limit=_LAST).shares,
    )


def _task(need: Need) -> Task:
    text = need.text[:1].upper() + need.text[1:]
    if need.kind in ("site", "account"):
        return Task(text=text, address=f"/{need.kind}s/{quote(need.name, safe='')}", words=f"Look at {need.name}")
    return Task(text=text, address=f"/shares?state={need.kind}", words=f"See what is {need.kind}")


PATHS = (Path(path="/", answer=overview),)
