"""A post: what followers see, what happened, and what can be done about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import quote, urlencode

from markupsafe import Markup
from starlette.responses import Response

from bot.domain.composing.counting import count, rule_for
from bot.domain.models import Attempt, Post, Share, State
from bot.domain.selecting.retry_or_skip import to_retry, to_skip
from bot.domain.text.html import plain
from bot.errors import HowdahError, SiteError
from bot.report.preview import Preview, preview
from bot.web import actions
from bot.web.answers import go, page
from bot.web.calls import Call
from bot.web.errors import WebError, not_found
from bot.web.live import Live
from bot.web.parameters import known_account, known_site, post_at, post_id_of, post_place
from bot.web.paths import Path
from bot.web.templating import status_html

_LONGEST_TEXT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A post on one account. share: the newest, None where there is none; earlier: those before it.

    text: the status as it looks, or would look; length of limit. pictures: the alternative text of each. note: why
    there is less to see than usual.
    """

    account: str
    share: Share | None
    earlier: tuple[Share, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    text: Markup | str = ""
    warning: str = ""
    visibility: str = ""
    length: int = 0
    limit: int = 0
    pictures: tuple[str, ...] = ()
    note: str = ""

    @property
    def moves(self) -> bool:
        """Whether something becomes of it by itself."""
        return self.share is not None and self.share.state in (State.PENDING, State.SENDING)


def post(call: Call) -> Response:
    """The post on each account."""
    site, post_id = _named(call)
    context = call.live.context
    shares = sorted(context.store.shares(site=site, post_id=post_id), key=lambda share: share.number, reverse=True)
    read, note = _read(call, site, post_id, known=bool(shares))
    accounts = dict.fromkeys([*context.sites[site].policy.accounts, *(share.account for share in shares)])
    cards = [
        _card(call, site, account, [share for share in shares if share.account == account], read=read, note=note)
        for account in accounts
    ]
    title = shares[0].title if shares else (plain(read.title) if read else "")
    return page(
        call,
        "post.html",
        site=site,
        post_id=post_id,
        title=title or f"{site}/{post_place(post_id)}",
        link=shares[0].link if shares else (read.link if read else ""),
        cards=cards,
        here=_path(site, post_id),
        done=_done(call),
    )


def act(call: Call) -> Response:
    """Do what a button says, and show the post with what was done."""
    site, post_id = _named(call)
    fields = call.form()
    account, action = known_account(call.live.context, fields.get("account", "")), call.names["action"]
    text = fields.get("text", "").strip()
    if action not in _ACTIONS or len(text) > _LONGEST_TEXT:
        raise not_found("such button", following="Load the page again.")
    press = Press(live=call.live, site=site, post_id=post_id, account=account, text=text, after=fields.get("after", ""))
    _ACTIONS[action](press)
    query = urlencode({"done": action, "account": account})
    return go(f"{_path(site, post_id)}?{query}#on-{quote(account, safe='')}")


def picture(call: Call) -> Response:
    """A picture of the post, as it goes along with its status: the page loads nothing from elsewhere."""
    site, post_id = _named(call)
    account = known_account(call.live.context, call.query.get("account", ""))
    found = call.live.reader.picture(site, post_id, account=account, number=post_id_of(call.names["number"]) - 1)
    headers = {"Cache-Control": "private, max-age=3600", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return Response(found.data, media_type=found.mime_type, headers=headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button that was pressed: of which post, on which account, with which words.

    after: the number of the newest share that the page showed: whoever presses twice means it once.
    """

    live: Live
    site: str
    post_id: int
    account: str
    text: str
    after: str

    def shares(self) -> tuple[Share, ...]:
        """The post's shares on the account. WebError where there is none."""
        return actions.of_post(self.live, self.site, self.post_id, account=self.account)


def _share(press: Press, *, again: bool = False) -> None:
    after = int(press.after) if press.after.isascii() and press.after.isdigit() and len(press.after) < 10 else None
    accounts = [press.account]
    actions.share(press.live, press.site, press.post_id, accounts=accounts, again=again, text=press.text, after=after)


def _boost(press: Press) -> None:
    actions.boost(press.live, press.site, press.post_id, accounts=[press.account])


_ACTIONS: Mapping[str, Callable[[Press], object]] = {
    "share": _share,
    "again": partial(_share, again=True),
    "retry": lambda press: actions.retry(press.live, to_retry(press.shares())),
    "skip": lambda press: actions.skip(press.live, to_skip(press.shares())),
    "boost": _boost,
}
_DONE = {
    "share": "Queued on {}: it is sent in a moment.",
    "again": "Queued once more on {}: it is sent in a moment, and the earlier status stays.",
    "retry": "Queued anew on {}: it is tried in a moment.",
    "skip": "Skipped on {}: nothing is sent. “Try again” takes that back.",
    "boost": "Boosted on {}.",
}


def _done(call: Call) -> str:
    """What the last button did; of words in an address, only ours are repeated."""
    words, account = _DONE.get(call.query.get("done", "")), call.query.get("account", "")
    return words.format(account) if words and account in call.live.context.accounts else ""


def _path(site: str, post_id: int) -> str:
    return f"/posts/{quote(site, safe='')}/{post_place(post_id)}"


def _named(call: Call) -> tuple[str, int]:
    return known_site(call.live.context, call.names["site"]), post_at(call.names["post_id"])


def _read(call: Call, site: str, post_id: int, *, known: bool) -> tuple[Post | None, str]:
    """The post as it is at its site; a note where it can't be read. WebError where it is unknown here too."""
    try:
        return call.live.reader.post(site, post_id), ""
    except SiteError as error:
        if known:
            return None, str(error)
        raise WebError(404, "not_found", f"There is nothing of {site}/{post_id}.", str(error)) from error


def _card(call: Call, site: str, account: str, shares: list[Share], *, read: Post | None, note: str) -> Card:
    context = call.live.context
    share = shares[0] if shares else None
    card = Card(
        account=account,
        share=share,
        earlier=tuple(shares[1:]),
        attempts=context.store.attempts(share) if share else (),
        note=note,
    )
    if account not in context.accounts:
        return replace(card, note="this account isn't in the config any more")
    made: Preview | None = None
    if read is not None:
        try:
            made = preview(
                context, site, read, account=account, limits=call.live.reader.limits(account), text=_words(share)
            )
        except HowdahError as error:
            card = replace(card, note=str(error))
    return _with_status(call, card, made)


def _words(share: Share | None) -> str:
    return share.text_override if share is not None and share.state is not State.SHARED else ""


def _with_status(call: Call, card: Card, made: Preview | None) -> Card:
    """The status as it was sent, else as it would be."""
    status = card.share.status if card.share is not None and card.share.status else None
    status = status or (made.composition.status if made else None)
    if status is None:
        return card
    limits = call.live.reader.limits(card.account)
    rule = rule_for(limits.software, limits.version)
    return replace(
        card,
        text=status_html(status.text, call.live.context.accounts[card.account].instance),
        warning=status.spoiler_text,
        visibility=status.visibility,
        length=count(status.text, status.spoiler_text, rule),
        limit=limits.max_characters,
        pictures=tuple(one.description for one in made.draft.wanted) if made else (),
    )


PATHS = (
    Path(path="/posts/{site}/{post_id}", answer=post),
    Path(path="/posts/{site}/{post_id}/pictures/{number}", answer=picture),
    Path(path="/posts/{site}/{post_id}/{action}", answer=act, method="POST"),
)
