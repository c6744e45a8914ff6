"""What would be sent: the newest posts of a site, as they would look on each of its accounts."""

from markupsafe import Markup
from msgspec import Struct
from starlette.responses import Response

from bot.domain.models import Post
from bot.domain.text.html import plain
from bot.errors import HowdahError, SiteError
from bot.report.preview import Preview
from bot.report.preview import preview as preview_of
from bot.web.calls import Call, Path
from bot.web.parameters import known_site
from bot.web.responses import page
from bot.web.templating import status_html

_POSTS = 3
_CHOICES = 20  # of many sites; the pages of the others lead here


class Shown(Struct, frozen=True, kw_only=True):
    """A preview and its text as it looks; or why there is none."""

    account: str
    made: Preview | None = None
    text: Markup | str = ""
    problem: str = ""


def preview(call: Call) -> Response:
    """The page."""
    context = call.live.context
    site = known_site(context, call.query.get("site") or next(iter(context.sites)))
    problem, posts = "", []
    try:
        posts = [call.live.reader.post(site, number) for number in call.live.reader.latest(site, _POSTS)]
    except SiteError as error:
        problem = str(error)
    return page(
        call,
        "preview.html",
        site=site,
        choices=list(dict.fromkeys([*list(context.sites)[:_CHOICES], site])),
        others=len(context.sites) > _CHOICES,
        problem=problem,
        posts=[
            (
                one,
                plain(one.title),
                [_shown(call, site, one, name) for name in context.sites[site].policy.accounts],
            )
            for one in posts
        ],
    )


def _shown(call: Call, site: str, post: Post, account: str) -> Shown:
    context = call.live.context
    try:
        made = preview_of(context, site, post, account=account, limits=call.live.reader.limits(account))
    except HowdahError as error:
        return Shown(account=account, problem=str(error))
    text = status_html(made.composition.status.text, context.accounts[account].instance)
    return Shown(account=account, made=made, text=text)


PATHS = (Path(path="/preview", answer=preview),)
