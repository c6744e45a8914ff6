"""Adopt: read all of an account's own statuses, and mark the posts that they link to as shared, with their urls.

    a page of statuses, newest first ─▶ links under the site's address ─▶ their posts ─▶ marked ═COMMIT═

Nothing is published. Stopped or killed in between, it is called again: it reads what came since, then goes on where it
was.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from bot.crosspost.context import Context
from bot.crosspost.identity import as_known
from bot.domain.models import STANDING_STILL, OwnStatus, ReadBack, Share, State, StatusPage
from bot.domain.selecting.plan import Mark, SeenPost, as_seen
from bot.domain.text.links import lies_under
from bot.domain.transitions import outcome
from bot.domain.transitions.reconciling import links_of
from bot.errors import AccountUnavailableError, LeaseLostError

# Between two pages: Mastodon takes 300 requests in five minutes, and a daemon needs some of them.
PAUSE = timedelta(seconds=1.5)
# An instance that asks to slow down, or is away for a moment, is asked again so often.
_TRIES = 5
_WAIT = timedelta(minutes=1)
# Of a share in one of these states nobody has published anything, as far as howdah knows.
_UNSENT = (State.PENDING, *STANDING_STILL)
# Services whose links don't say where they lead, those that other tools use most. A preview card may tell it.
_SHORTENERS = frozenset({
    "bit.ly", "buff.ly", "cutt.ly", "dlvr.it", "goo.gl", "hubs.ly", "ift.tt", "is.gd", "j.mp", "lnkd.in", "ow.ly",
    "rb.gy", "rebrand.ly", "t.co", "tiny.cc", "tinyurl.com", "trib.al", "v.gd", "wp.me",
})  # fmt: skip


class Adopted(Struct, frozen=True, kw_only=True):
    """What was done so far: statuses read, back to when; posts marked; links under the site that lead to no post.

    shortened: statuses of which nothing is known but a shortened link. done: the first status was reached.
    """

    statuses: int = 0
    back_to: datetime | None = None
    marked: int = 0
    unknown: int = 0
    shortened: int = 0
    done: bool = False


def adopt(
    context: Context, site: str, *, account: str, address: str, on_progress: Callable[[Adopted], object]
) -> Adopted:
    """Adopt what an account has shared of a site. address: the site's, under which its posts lie.

    on_progress is called after each page. Ends early, with done False, where howdah is asked to stop. Raises
    AccountError and SiteError: what was marked until then stays, and the next call goes on from there.
    """
    adopted, newest = Adopted(), ""
    for page, following in _pages(context, account, context.store.read_back(site, account)):
        adopted = _take(context, site, page, adopted, account=account, address=address)
        newest = newest or page.statuses[0].id
        reached = ReadBack(newest=newest, before=following) if following else None
        context.store.keep_read_back(site, account, reached)
        on_progress(adopted)
        if context.clock.wait(PAUSE):
            return adopted
    if context.clock.stopping():
        return adopted
    context.store.keep_read_back(site, account, None)
    return replace(adopted, done=True)


def _take(context: Context, site: str, page: StatusPage, so_far: Adopted, *, account: str, address: str) -> Adopted:
    """Mark the posts that a page's statuses link to."""
    found = _by_link(page, address)
    known = context.store.known_status_ids(account, [status.id for status in found.values()])
    new = {link: status for link, status in found.items() if status.id not in known}
    posts = posts_at(context, site, new)
    marks = [Mark(post=post, url=new[link].url, status_id=new[link].id) for link, post in posts.items()]
    return Adopted(
        statuses=so_far.statuses + len(page.statuses),
        back_to=min(status.created_at for status in page.statuses),
        marked=so_far.marked + mark(context, site, marks, account=account, note="adopted from the account"),
        unknown=so_far.unknown + len(new) - len(posts),
        shortened=so_far.shortened + sum(_is_shortened(status, address) for status in page.statuses),
    )


def _pages(context: Context, account: str, earlier: ReadBack | None) -> Iterator[tuple[StatusPage, str]]:
    """The account's own statuses, newest first, page by page to the first one; each with the key of the next, or ''.

    earlier: how far they were read back before; what lies in between isn't read again.
    """
    before, seen = "", frozenset[str]()
    while not context.clock.stopping():
        page = _page(context, account, before)
        ids = frozenset(status.id for status in page.statuses)
        if ids and ids <= seen:
            return  # a server that gives the same page again
        following = "" if page.next == before else page.next
        if earlier is not None and earlier.newest in ids:
            following, earlier = earlier.before, None
        if page.statuses:
            yield page, following
        if not following:
            return
        before, seen = following, ids


def _page(context: Context, account: str, before: str) -> StatusPage:
    """A page; asked for again, after a while, where the instance can't give it just now.

    Not the first: where there is no instance at all, a person waits to hear of it.
    """
    own = context.accounts[account].account
    for _ in range(_TRIES - 1 if before else 0):
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


def _is_shortened(status: OwnStatus, address: str) -> bool:
    """Whether a status may be of a post of the site, and only who follows its shortened link knows."""
    links = links_of(status)
    shortened = any(link.partition("/")[0] in _SHORTENERS for link in links)
    return shortened and not any(lies_under(link, address) for link in links)


# --- what is shared already, marked as such: also what another tool has shared (move_in.py) ---------------------------


def posts_at(context: Context, site: str, links: Collection[str]) -> Mapping[str, SeenPost]:
    """The posts that have these links, by link; a link that the site doesn't know is missing. Raises SiteError."""
    if not links:
        return {}
    listed = context.sites[site].site.list_by_link(links)
    return dict(zip(listed, as_known(context, site, list(map(as_seen, listed.values()))), strict=True))


def mark(context: Context, site: str, marks: Sequence[Mark], *, account: str, note: str) -> int:
    """Mark posts as shared on an account; returns how many weren't yet.

    A share that waits, failed, was skipped or is held becomes shared; one that is under way is left to what becomes
    of it. A post that is marked already gets the url that was missing. note: what the history says.
    """
    now = context.clock.now()
    added = context.store.add_shared(site, account, marks, note=note, now=now)
    changed = [one for one in marks if one.post.id not in added]
    return len(added) + sum(_change(context, site, one, account=account, note=note) for one in changed)


def _change(context: Context, site: str, one: Mark, *, account: str, note: str) -> bool:
    """Whether a share that was there before is marked now, and wasn't before."""
    shares = context.store.shares(site=site, post_id=one.post.id, account=account)
    share = min(shares, key=lambda share: share.number, default=None)
    if share is None or not _takes(share, one):
        return False
    now = context.clock.now()
    try:
        change = outcome.marked(share, url=one.url, status_id=one.status_id, note=note, now=now)
        context.store.apply(share, change, now=now)
    except LeaseLostError:
        return False  # another process has just sent it, or decided about it
    return share.state is not State.SHARED


def _takes(share: Share, one: Mark) -> bool:
    """Whether a share is to be changed: it isn't shared yet, or nobody knew where."""
    return share.state in _UNSENT or (share.state is State.SHARED and not share.status_id and bool(one.status_id))
