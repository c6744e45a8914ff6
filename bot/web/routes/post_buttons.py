"""The buttons of a post: share, share again, retry, release, skip, boost, each on one account."""

from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import quote, urlencode

from msgspec import Struct
from starlette.responses import Response

from bot.crosspost.share import to_retry, to_skip
from bot.domain.models import Share, State
from bot.web import actions
from bot.web.calls import Call, Path
from bot.web.errors import WebError, not_found
from bot.web.live import Live
from bot.web.parameters import known_account, known_site, post_at, post_place
from bot.web.responses import go

_LONGEST_TEXT = 10_000


def act(call: Call) -> Response:
    """Do what a button says, and show the post with what was done."""
    site, post_id = named_post(call)
    fields = call.form()
    account, action = known_account(call.live.context, fields.get("account", "")), call.names["action"]
    text = fields.get("text", "").strip()
    if action not in _ACTIONS or len(text) > _LONGEST_TEXT:
        raise not_found("such button", following="Load the page again.")
    press = Press(
        live=call.live,
        site=site,
        post_id=post_id,
        account=account,
        text=text,
        after=fields.get("after", ""),
        was=fields.get("was", ""),
    )
    _ACTIONS[action](press)
    query = urlencode({"done": action, "account": account})
    return go(f"{post_path(site, post_id)}?{query}#on-{quote(account, safe='')}")


def done_words(call: Call) -> str:
    """What the last button did; of words in an address, only ours are repeated."""
    words, account = _DONE.get(call.query.get("done", "")), call.query.get("account", "")
    return words.format(account) if words and account in call.live.context.accounts else ""


def named_post(call: Call) -> tuple[str, int]:
    """The site and the id of the post that the address names. WebError where it names none."""
    return known_site(call.live.context, call.names["site"]), post_at(call.names["post_id"])


def post_path(site: str, post_id: int) -> str:
    """The address of a post's page."""
    return f"/posts/{quote(site, safe='')}/{post_place(post_id)}"


class Press(Struct, frozen=True, kw_only=True):
    """A button that was pressed: of which post, on which account, with which words.

    after: the number of the newest share that the page showed: whoever presses twice means it once. was: the state
    that the page showed, '' where it showed none.
    """

    live: Live
    site: str
    post_id: int
    account: str
    text: str
    after: str
    was: str

    def shares(self) -> tuple[Share, ...]:
        """The post's shares on the account. WebError where there is none."""
        return actions.of_post(self.live, self.site, self.post_id, account=self.account)


def _retry(press: Press) -> None:
    _check_meant(press)
    actions.retry(press.live, to_retry(press.shares()))


def _check_meant(press: Press) -> None:
    """WebError where the page was old: somebody has decided since that the share is not to be."""
    if press.was in ("", State.SKIPPED):
        return
    newest = max(press.shares(), key=lambda share: share.number)
    if newest.state is State.SKIPPED:
        words = f"{newest.name} was skipped since this page was loaded."
        raise WebError(409, "changed_meanwhile", words, "Look at it again, then decide.")


def _share(press: Press, *, again: bool = False) -> None:
    after = int(press.after) if press.after.isascii() and press.after.isdigit() and len(press.after) < 10 else None
    accounts = [press.account]
    _check_meant(press)
    actions.share(press.live, press.site, press.post_id, accounts=accounts, again=again, text=press.text, after=after)


def _boost(press: Press) -> None:
    actions.boost(press.live, press.site, press.post_id, accounts=[press.account])


_ACTIONS: Mapping[str, Callable[[Press], object]] = {
    "share": _share,
    "again": partial(_share, again=True),
    "retry": _retry,
    "skip": lambda press: actions.skip(press.live, to_skip(press.shares())),
    "leave": lambda press: actions.skip(press.live, to_skip(press.shares())),
    "boost": _boost,
}
_DONE = {
    "share": "Queued on {}: it is sent in a moment.",
    "again": "Queued once more on {}: it is sent in a moment, and the earlier status stays.",
    "retry": "Queued anew on {}: it is tried in a moment.",
    "skip": "Skipped on {}: nothing is sent. “Share after all” takes that back.",
    "leave": "Left as it is on {}.",
    "boost": "Boosted on {}.",
}


PATHS = (Path(path="/posts/{site}/{post_id}/{action}", answer=act, method="POST"),)
