"""Sites and accounts: is each well, and when does it act next?"""

from datetime import datetime, timedelta
from urllib.parse import quote

from starlette.responses import Response

from bot.crosspost.resting import pause_account, pause_site, resume_account, resume_site
from bot.report.needs import found_needs
from bot.web.calls import Call, Path
from bot.web.errors import not_found
from bot.web.parameters import known_account, known_site
from bot.web.responses import go, page
from bot.web.state_rows import account_row, account_rows, site_row, site_rows

_LAST = 20


def sites(call: Call) -> Response:
    """Every site."""
    rows = site_rows(call.live.health())
    return page(call, "places.html", heading="Sites", lead="Where posts come from.", rows=rows)


def accounts(call: Call) -> Response:
    """Every account."""
    rows = account_rows(call.live.health())
    return page(call, "places.html", heading="Accounts", lead="Where posts go.", rows=rows)


def site(call: Call) -> Response:
    """A site."""
    name = known_site(call.live.context, call.names["site"])
    health = call.live.health()
    state = next(one for one in health.sites if one.name == name)
    return page(
        call,
        "site.html",
        row=site_row(state, health),
        failures=state.failures,
        root=state.root,
        policy=call.live.context.sites[name].policy,
        needs=[need for need in found_needs(health) if (need.kind, need.name) == ("site", name)],
        last=call.live.context.store.page(site=name, limit=_LAST).shares,
        rests=state.is_at_rest(now=health.now),
        pauses=_PAUSES,
        done=_DONE.get(call.query.get("done", ""), ""),
    )


def account(call: Call) -> Response:
    """An account."""
    name = known_account(call.live.context, call.names["account"])
    health = call.live.health()
    state = next(one for one in health.accounts if one.name == name)
    return page(
        call,
        "account.html",
        row=account_row(state, health),
        limits=state.limits,
        instance=call.live.context.accounts[name].instance,
        policy=call.live.context.accounts[name].policy,
        rests=state.is_paused(now=health.now) or state.is_at_rest(now=health.now),
        needs=[need for need in found_needs(health) if (need.kind, need.name) == ("account", name)],
        last=call.live.context.store.page(account=name, limit=_LAST).shares,
        pauses=_PAUSES,
        done=_DONE.get(call.query.get("done", ""), ""),
    )


def rest_site(call: Call) -> Response:
    """Pause a site, or end its rest."""
    name, live = known_site(call.live.context, call.names["site"]), call.live
    if _action(call) == "pause":
        now = live.context.clock.now()
        pause_site(live.context.store, name, until=_until(call, now), now=now)
    else:
        resume_site(live.context.store, name)
    return _seen_to(call, f"/sites/{quote(name, safe='')}")


def rest_account(call: Call) -> Response:
    """Pause an account, or end its rest, whoever began it."""
    name, live = known_account(call.live.context, call.names["account"]), call.live
    if _action(call) == "pause":
        now = live.context.clock.now()
        pause_account(live.context.store, name, until=_until(call, now), now=now)
    else:
        resume_account(live.context.store, name)
    return _seen_to(call, f"/accounts/{quote(name, safe='')}")


_DONE = {"pause": "It rests. Nothing is lost meanwhile.", "resume": "It works again from now on."}

# How long a pause may last, by its hours as the form sends them; without them until a person ends it.
_PAUSES = {"": "until it is resumed", "1": "1 hour", "8": "8 hours", "24": "1 day", "168": "1 week"}


def _until(call: Call, now: datetime) -> datetime | None:
    hours = call.form().get("hours", "")
    if hours not in _PAUSES:
        raise not_found("such pause", following="Load the page again.")
    return now + timedelta(hours=int(hours)) if hours else None


def _action(call: Call) -> str:
    if call.names["action"] not in _DONE:
        raise not_found("such button", following="Load the page again.")
    return call.names["action"]


def _seen_to(call: Call, path: str) -> Response:
    call.live.changed()
    return go(f"{path}?done={call.names['action']}")


PATHS = (
    Path(path="/sites", answer=sites),
    Path(path="/accounts", answer=accounts),
    Path(path="/sites/{site}", answer=site),
    Path(path="/sites/{site}/{action}", answer=rest_site, method="POST"),
    Path(path="/accounts/{account}", answer=account),
    Path(path="/accounts/{account}/{action}", answer=rest_account, method="POST"),
)
