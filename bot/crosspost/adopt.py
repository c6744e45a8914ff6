"""Adopt: read all of an account's own statuses, and mark the posts that they link to as shared, with their urls.

    a page of statuses, newest first ─▶ links under the site's address ─▶ their posts ─▶ marked ═COMMIT═

Nothing is published. Killed in between, it is simply called again: what is marked stays marked, and costs nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.crosspost.context import Context
from bot.crosspost.marking import mark, posts_at
from bot.domain.models import OwnStatus, StatusPage
from bot.domain.selecting.marks import Mark
from bot.domain.text.links import lies_under
from bot.domain.transitions.reconciling import links_of
from bot.errors import AccountUnavailableError

# Between two pages: Mastodon takes 300 requests in five minutes, and a daemon needs some of them.
PAUSE = timedelta(seconds=1.5)
# An instance that asks to slow down, or is away for a moment, is asked again so often.
_TRIES = 5
_WAIT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """What was done so far: statuses read, back to when; posts marked; links under the site that lead to no post.

    done: the first status was reached.
    """

    statuses: int = 0
    back_to: datetime | None = None
    marked: int = 0
    unknown: int = 0
    done: bool = False


def adopt(context: Context, site: str, *, account: str, address: str, tell: Callable[[Adopted], object]) -> Adopted:
    """Adopt what an account has shared of a site. address: the site's, under which its posts lie.

    tell is called after each page. Ends early, with done False, where howdah is asked to stop. Raises AccountError
    and SiteError: what was marked until then stays.
    """
    adopted = Adopted()
    for page in _pages(context, account):
        found = _by_link(page, address)
        known = context.store.known_status_ids(account, [status.id for status in found.values()])
        new = {link: status for link, status in found.items() if status.id not in known}
        posts = posts_at(context, site, new)
        marks = [Mark(post=post, url=new[link].url, status_id=new[link].id) for link, post in posts.items()]
        oldest = min((status.created_at for status in page.statuses), default=adopted.back_to)
        adopted = Adopted(
            statuses=adopted.statuses + len(page.statuses),
            back_to=oldest,
            marked=adopted.marked + mark(context, site, marks, account=account, note="adopted from the account"),
            unknown=adopted.unknown + len(new) - len(posts),
        )
        tell(adopted)
        if context.clock.wait(PAUSE):
            return adopted
    return replace(adopted, done=not context.clock.stopping())


def _pages(context: Context, account: str) -> Iterator[StatusPage]:
    """The account's own statuses, newest first, page by page to the first one."""
    before, seen = "", frozenset[str]()
    while not context.clock.stopping():
        page = _page(context, account, before)
        ids = frozenset(status.id for status in page.statuses)
        if ids and ids <= seen:
            return  # a server that gives the same page again
        if page.statuses:
            yield page
        if not page.next or page.next == before:
            return
        before, seen = page.next, ids


def _page(context: Context, account: str, before: str) -> StatusPage:
    """A page; asked for again, after a while, where the instance can't give it just now."""
    own = context.accounts[account].account
    for _ in range(_TRIES - 1):
        try:
            return own.own_page(before=before)
        except AccountUnavailableError:
            if context.clock.wait(_WAIT):
                raise
    return own.own_page(before=before)


def _by_link(page: StatusPage, address: str) -> Mapping[str, OwnStatus]:
    """The statuses by the links in them that lie under an address; of several with the same link the newest."""
    found: dict[str, OwnStatus] = {}
    for status in page.statuses:
        for link in links_of(status):
            if lies_under(link, address):
                found.setdefault(f"https://{link}", status)
    return found
