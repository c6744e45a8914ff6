"""Where a site says that a post is out: signed as Standard Webhooks, taken down at once, worked on by the daemon."""

from typing import assert_never

from starlette.responses import Response

from bot.crosspost.events import tell
from bot.crosspost.events.sites import NoticeTaken
from bot.domain.notices import MOST_BYTES, Doubt, KeptNotice, Notice, read_notice
from bot.web.calls import Access, Call, Path
from bot.web.errors import WebError
from bot.web.responses import json_answer

# More than these at once are no editors at work; the looks find what isn't announced.
MOST_OPEN = 1000


def announce(call: Call) -> Response:
    """Take a notice down; 202 whether it is new or known. What it says is looked at afterwards."""
    site, context = call.names["site"], call.live.context
    key = call.live.settings.hook_key(site)
    if key is None or site not in context.sites:
        raise WebError(404, "not_found", "There is no such site, or it has no hook_secret_file.")
    now = context.clock.now()
    notice = read_notice(call.headers, call.body, key=key, now=now)
    if isinstance(notice, Doubt):
        raise _refused(site, notice)
    if len(context.store.open_notices([site], limit=MOST_OPEN)) >= MOST_OPEN:
        tell(NoticeTaken(site=site, outcome="too many"))
        raise WebError(429, "too_many", "Too many notices are open.", "Wait for the next look.", retry_after=60)
    _take(call, site, notice)
    return json_answer({"accepted": True}, status=202)


def _take(call: Call, site: str, notice: Notice) -> None:
    context, now = call.live.context, call.live.context.clock.now()
    is_new = context.store.accept_notice(site, notice, now=now)
    tell(NoticeTaken(site=site, outcome="accepted" if is_new else "repeated"))
    if is_new:
        context.inbox.put(KeptNotice(site=site, notice=notice, since=now))


def _refused(site: str, doubt: Doubt) -> WebError:
    tell(NoticeTaken(site=site, outcome=doubt.name.lower()))
    match doubt:
        case Doubt.FORGED:
            return WebError(401, "forged", "The signature is wrong.", "The site and howdah need the same secret.")
        case Doubt.STALE:
            return WebError(401, "stale", "The notice is of another time.", "Set the clocks: 5 minutes are tolerated.")
        case Doubt.UNREADABLE:
            return WebError(400, "unreadable", "The body names no post.", 'Send {"post_id": 393174}.')
        case _:
            assert_never(doubt)


PATHS = (
    Path(path="/hooks/wordpress/{site}", method="POST", answer=announce, access=Access.ANYONE, most_bytes=MOST_BYTES),
)
