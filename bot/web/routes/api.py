"""The JSON API, what is read by it: the same fields as the commands' --json."""

from starlette.responses import Response

from bot.domain.selecting.share_on_mastodon import share_field
from bot.report.json_lines import account_object, share_line, site_object, status_object
from bot.report.needs import needs
from bot.web.calls import Call, Path
from bot.web.errors import WebError, not_found
from bot.web.openapi import document
from bot.web.parameters import key_of, key_text, known_site, post_id_of, state_of
from bot.web.responses import json_answer

_MOST = 500
_USUAL = 50


def openapi(_call: Call) -> Response:
    """What the API is."""
    return json_answer(document())


def status(call: Call) -> Response:
    """How it stands with all, as `status --json` prints it."""
    health = call.live.health()
    return json_answer(status_object(health, list(needs(health))))


def sites(call: Call) -> Response:
    """Every site."""
    health = call.live.health()
    return json_answer({"sites": [site_object(site, now=health.now) for site in health.sites], "next": None})


def accounts(call: Call) -> Response:
    """Every account."""
    health = call.live.health()
    return json_answer({"accounts": [account_object(one, health) for one in health.accounts], "next": None})


def shares(call: Call) -> Response:
    """Shares, newest first, page by page."""
    asked = call.query
    page = call.live.context.store.page(
        site=asked.get("site"),
        account=asked.get("account"),
        state=state_of(asked["state"]) if "state" in asked else None,
        search=asked.get("search", "").strip(),
        after=key_of(asked["after"]) if "after" in asked else None,
        limit=_limit(asked.get("limit", str(_USUAL))),
    )
    following = key_text(page.next) if page.next else None
    return json_answer({"shares": [share_line(share) for share in page.shares], "next": following})


def post(call: Call) -> Response:
    """A post as WordPress shows it, or would show it where it is told of it."""
    context = call.live.context
    site = known_site(context, call.names["site"])
    found = context.store.shares(site=site, post_id=post_id_of(call.names["post_id"]))
    if not found:
        raise not_found("share of such a post")
    field = share_field(found, context.sites[site].policy.accounts)
    return json_answer(
        {"id": found[0].post_id, "link": found[0].link, "share_on_mastodon": {"url": field.url, "error": field.error}}
    )


def _limit(text: str) -> int:
    limit = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(_MOST)) else 0
    if not 1 <= limit <= _MOST:
        raise WebError(400, "bad_limit", f"limit has to be a number from 1 to {_MOST}.", "Leave it out for 50.")
    return limit


PATHS = (
    Path(path="/openapi.json", answer=openapi),
    Path(path="/api/v1/status", answer=status),
    Path(path="/api/v1/sites", answer=sites),
    Path(path="/api/v1/accounts", answer=accounts),
    Path(path="/api/v1/shares", answer=shares),
    Path(path="/api/v1/sites/{site}/posts/{post_id}", answer=post),
)
