"""The JSON API, what is changed by it: share, retry, skip, boost, with the same meaning as the commands."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from starlette.responses import Response

from bot.crosspost.share import to_retry, to_skip
from bot.domain.models import Share, State
from bot.errors import UserError
from bot.report.json_lines import share_line
from bot.report.wording import did_you_mean
from bot.web import actions
from bot.web.calls import Call, Path
from bot.web.errors import WebError
from bot.web.openapi import request_fields
from bot.web.parameters import known_account, known_site
from bot.web.responses import json_answer

_LONGEST_TEXT = 10_000
_LONGEST_POST = 2_000
_LONGEST_NAME = 200
_MOST_SHARES = 1_000_000  # of one post on one account


def share(call: Call) -> Response:
    """Ask for a post to be shared; 202, since it is sent after this answer."""
    asked = _asked(call, "Request")
    text, again = _text(asked, "text", most=_LONGEST_TEXT), _is_set(asked, "again")
    site, post_id = _post(call, asked)
    accounts, after = _accounts(call, asked, site), _after(asked)
    return _queued(actions.share(call.live, site, post_id, accounts=accounts, again=again, text=text, after=after))


def retry(call: Call) -> Response:
    """Let go what stands still: of a post, or all that failed or are held, which releases them."""
    asked = _asked(call, "Retry")
    states = [state for state in (State.FAILED, State.HELD) if _is_set(asked, str(state))]
    return _queued(actions.retry(call.live, _meant(call, asked, states, choose=to_retry)))


def skip(call: Call) -> Response:
    """Drop shares: of a post, or all that are held."""
    asked = _asked(call, "Skip")
    states = [State.HELD] if _is_set(asked, "held") else []
    return _answer(actions.skip(call.live, _meant(call, asked, states, choose=to_skip)))


def boost(call: Call) -> Response:
    """Boost the status that a post has become; 200, since it is done."""
    asked = _asked(call, "Boost")
    site, post_id = _post(call, asked)
    return _answer(actions.boost(call.live, site, post_id, accounts=_accounts(call, asked, site)))


def _queued(decided: actions.Decided) -> Response:
    return _answer(decided, status=202)


def _answer(decided: actions.Decided, *, status: int = 200) -> Response:
    shares = [share_line(one) for one in decided.shares]
    return json_answer({"shares": shares, "refused": list(decided.refused), "next": None}, status=status)


def _meant(
    call: Call, asked: dict[str, Any], states: Sequence[State], *, choose: Callable[[Iterable[Share]], list[Share]]
) -> Iterable[Share]:
    """Each share that is meant once: those in a state, of one site and on one account where named; those of a post."""
    account = _text(asked, "account", most=_LONGEST_NAME)
    if account:
        known_account(call.live.context, account)
    found = [share for state in states for share in _in_state(call, asked, state, account=account)]
    if asked.get("post") or not states:
        site, post_id = _post(call, asked)
        found += choose(actions.of_post(call.live, site, post_id, account=account))
    return {share.id: share for share in found}.values()


def _in_state(call: Call, asked: dict[str, Any], state: State, *, account: str) -> Iterable[Share]:
    site = _text(asked, "site", most=_LONGEST_NAME)
    if site:
        known_site(call.live.context, site)
    return actions.in_state(call.live, state, site=site, account=account)


def _accounts(call: Call, asked: dict[str, Any], site: str) -> Sequence[str]:
    """The account that is named, else all of the site's."""
    account = _text(asked, "account", most=_LONGEST_NAME)
    return [known_account(call.live.context, account)] if account else call.live.context.sites[site].policy.accounts


def _post(call: Call, asked: dict[str, Any]) -> tuple[str, int]:
    text = _text(asked, "post", most=_LONGEST_POST, needed=True)
    try:
        return call.live.find_post(text)
    except UserError as error:
        raise WebError(404, "not_found", str(error), "Give SITE/ID, or the post's own address.") from error


def _asked(call: Call, schema: str) -> dict[str, Any]:
    """What is asked for. WebError where a field isn't known: left out, a mistyped one would widen what is meant."""
    asked, fields = call.json(), request_fields(schema)
    for name in asked:
        if name not in fields:
            words = f"There is no field {name[:_LONGEST_NAME]!r} here.{did_you_mean(name[:_LONGEST_NAME], fields)}"
            raise WebError(400, "unknown_field", words, "See /openapi.json.")
    return asked


def _text(asked: dict[str, Any], name: str, *, most: int, needed: bool = False) -> str:
    value = asked.get(name, "")
    if value is None and not needed:
        return ""
    is_missing = needed and not value
    if is_missing or not isinstance(value, str) or len(value) > most or "\0" in value:
        need = f"{name} has to be a text of at most {most} characters, none of them NUL."
        words = f"{name} is missing." if is_missing else need
        raise WebError(400, "bad_field", words, "See /openapi.json.")
    return value


def _after(asked: dict[str, Any]) -> int | None:
    value = asked.get("after")
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST_SHARES):
        words = f"after has to be a number from 0 to {_MOST_SHARES}."
        raise WebError(400, "bad_field", words, "Leave it out where you know of no share.")
    return value


def _is_set(asked: dict[str, Any], name: str) -> bool:
    value = asked.get(name, False)
    if not isinstance(value, bool):
        raise WebError(400, "bad_field", f"{name} has to be true or false.", "Leave it out for false.")
    return value


PATHS = (
    Path(path="/api/v1/shares", answer=share, method="POST"),
    Path(path="/api/v1/shares/retry", answer=retry, method="POST"),
    Path(path="/api/v1/shares/skip", answer=skip, method="POST"),
    Path(path="/api/v1/shares/boost", answer=boost, method="POST"),
)
