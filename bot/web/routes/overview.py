"""The overview: does anything need a person? Then: how it stands with all, and what was shared last."""

from starlette.responses import Response

from bot.report.health import needs
from bot.report.lines import paused
from bot.report.sentences import account_sentences, site_sentence
from bot.web.answers import page
from bot.web.calls import Call
from bot.web.paths import Path

_LAST = 12


def overview(call: Call) -> Response:
    """The first page."""
    health = call.live.health()
    wanted = list(needs(health))
    return page(
        call,
        "overview.html",
        health=health,
        wanted=wanted,
        sites=[(site, site_sentence(site, now=health.now)) for site in health.sites],
        accounts=[(account, list(account_sentences(account, health))) for account in health.accounts],
        resting={account.name for account in health.accounts if paused(account, now=health.now)},
        last=call.live.context.store.shares(limit=_LAST),
    )


PATHS = (Path(path="/", answer=overview),)
