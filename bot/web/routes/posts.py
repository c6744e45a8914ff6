"""A post: what followers see, and what happened."""

from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace
from starlette.responses import Response

from bot.domain.composing.counting import count, rule_for
from bot.domain.models import Attempt, Post, Share, State
from bot.domain.text.html import plain
from bot.errors import HowdahError, SiteError
from bot.report.preview import Preview, preview
from bot.web.calls import Call, Path
from bot.web.errors import WebError
from bot.web.parameters import known_account, known_site, post_at, post_id_of, post_place
from bot.web.responses import page
from bot.web.routes.post_buttons import done_words, named_post, post_path
from bot.web.templating import status_html


class Card(Struct, frozen=True, kw_only=True):
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

    @property
    def unfollowed(self) -> tuple[Share, ...]:
        """Its statuses that don't follow their post, until a person has seen to them."""
        shares = (*self.earlier[::-1], *([self.share] if self.share else ()))
        return tuple(share for share in shares if share.state is State.SHARED and share.error)


def post(call: Call) -> Response:
    """The post on each account; also one that was shared from a site that the config has no more."""
    site, post_id = call.names["site"], post_at(call.names["post_id"])
    context = call.live.context
    shares = sorted(context.store.shares(site=site, post_id=post_id), key=lambda share: share.number, reverse=True)
    read, note = _read(call, site, post_id, known=bool(shares))
    wanted = context.sites[site].policy.accounts if site in context.sites else ()
    accounts = dict.fromkeys([*wanted, *(share.account for share in shares)])
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
        here=post_path(site, post_id),
        done=done_words(call),
    )


def picture(call: Call) -> Response:
    """A picture of the post, as it goes along with its status: the page loads nothing from elsewhere."""
    site, post_id = named_post(call)
    account = known_account(call.live.context, call.query.get("account", ""))
    found = call.live.reader.picture(site, post_id, account=account, number=post_id_of(call.names["number"]) - 1)
    headers = {"Cache-Control": "private, max-age=3600", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return Response(found.data, media_type=found.mime_type, headers=headers)


def _read(call: Call, site: str, post_id: int, *, known: bool) -> tuple[Post | None, str]:
    """The post as it is at its site; a note where it can't be read. WebError where it is unknown here too."""
    if known and site not in call.live.context.sites:
        return None, "this site isn't in the config any more"
    known_site(call.live.context, site)
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
)
