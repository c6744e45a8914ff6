"""Follow: look at posts that were shared, edit the statuses of those that changed, delete those of the ones gone.

    lease the lane ─▶ shared posts that are due ─▶ list them, 100 in one light request
        moved     ─▶ read ─▶ compose anew ─▶ another status than the one that stands? ─▶ edit ═COMMIT═
        not there ─▶ read by itself: surely gone? ─▶ again an hour later ─▶ not too many? ─▶ delete ═COMMIT═

Where a site can't be asked, nothing is concluded. Nothing is ever published here.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime

from msgspec import Struct, field
from msgspec.structs import replace

from bot.crosspost.context import Context
from bot.crosspost.edit import doubt, edit
from bot.crosspost.events import tell
from bot.crosspost.events.shares import LeaseLost, NotDeleted, report
from bot.crosspost.events.sites import FollowFailed, StandsStill
from bot.crosspost.lane import Lane
from bot.domain.models import TOLD_AFTER, Followed, ListedPost, Post, Share
from bot.domain.policy import OnDelete, OnEdit
from bot.domain.transitions import budget, following
from bot.domain.transitions.following import Step
from bot.domain.transitions.outcome import site_wait
from bot.errors import LeaseLostError, NotInFeedError, PostGoneError, SiteError, SiteUnavailableError

# Posts that are glanced at in one go, statuses that are edited or deleted, and missing posts that are read one by one.
MOST_POSTS = 100
MOST_CHANGES = 10
MOST_READ_ALONE = 10
_EVER = datetime(1970, 1, 2, tzinfo=UTC)

_Pair = tuple[Share, Followed]


def is_due(context: Context, name: str) -> bool:
    """Whether the account has something to follow now."""
    return bool(_due(context, name, limit=1))


def accounts_to_follow(context: Context) -> tuple[str, ...]:
    """The accounts that have something to follow now."""
    now = context.clock.now()
    since = {
        name: posting.policy.followed_since(now) for name, posting in context.accounts.items() if posting.policy.follows
    }
    if not since:
        return ()
    perhaps = context.store.accounts_to_follow(tuple(since), since=min(since.values()), now=now)
    return tuple(name for name in since if name in perhaps and is_due(context, name))


def follow(context: Context, name: str) -> tuple[Share, ...]:
    """Look at what is due of an account's shared posts; returns the shares of which something was recorded.

    Does nothing where the account follows nothing or rests, while another process attends to it, nor without its token.
    Ends early, between two posts, when asked to stop.
    """
    lane = Lane(context, context.accounts[name])
    lane.state = context.store.account(name)
    if name in context.remembered.tokenless or lane.rests() or not is_due(context, name) or not lane.lease():
        return ()
    touched: list[Share] = []
    try:
        touched.extend(_work(lane))
    except LeaseLostError as error:
        tell(LeaseLost(account=name, error=str(error)))
    finally:
        lane.release()
    return tuple(touched)


class _Shown(Struct, frozen=True, kw_only=True):
    """What a site shows of some posts: those that are listed, those that were read whole, those surely gone.

    refused: those that it doesn't tell of by themselves, each with why. unread: those that it wasn't asked about yet.
    """

    listed: dict[int, ListedPost]
    read: dict[int, Post]
    gone: frozenset[int]
    refused: dict[int, str]
    unread: frozenset[int]


def _due(context: Context, name: str, *, limit: int) -> tuple[_Pair, ...]:
    policy, now = context.accounts[name].policy, context.clock.now()
    if not policy.follows:
        return ()
    since = policy.followed_since(now)
    return context.store.to_follow(name, sites=context.sites, since=since, now=now, limit=limit)


def _work(lane: Lane) -> Iterator[Share]:
    """Follow site by site."""
    lane.pace.count_spent(now=lane.context.clock.now())
    pairs = _due(lane.context, lane.name, limit=MOST_POSTS)
    for site in sorted({share.site for share, _ in pairs}):
        if lane.context.clock.stopping() or lane.rests():
            return
        yield from _follow(lane, site, [pair for pair in pairs if pair[0].site == site])


def _follow(lane: Lane, site: str, pairs: Sequence[_Pair]) -> Iterator[Share]:
    try:
        shown = _look(lane, site, pairs)
    except SiteUnavailableError as error:
        _put_off(lane, site, pairs, error)
        return
    unchanged = [pair for pair in pairs if not _has_changed(pair[0], shown)]
    yield from _record(lane, [(share, _still(lane, share, followed, shown)) for share, followed in unchanged])
    changed = [pair for pair in pairs if _has_changed(pair[0], shown) and pair[0].post_id not in shown.unread]
    for share, followed in changed[:MOST_CHANGES]:
        if lane.context.clock.stopping() or lane.rests():
            return
        yield from _record(lane, [(share, _change(lane, share, followed, shown))])


# --- looking ------------------------------------------------------------------------------------------------------


def _look(lane: Lane, site: str, pairs: Sequence[_Pair]) -> _Shown:
    """Ask the site what has become of these posts. Raises SiteUnavailableError where nothing is sure."""
    ids = list(dict.fromkeys(share.post_id for share, _ in pairs))
    listed = {post.id: post for post in lane.context.sites[site].site.list_by_id(ids)}
    lane.keep()
    moved = [
        share.post_id
        for share, followed in pairs
        if share.post_id in listed and following.moved(share, followed, listed[share.post_id].modified_at)
    ]
    wanted = moved[:MOST_CHANGES] if lane.policy.on_edit is OnEdit.EDIT else []
    changed = _read(lane, site, wanted)
    missing = [number for number in ids if number not in listed] if lane.policy.on_delete is OnDelete.DELETE else []
    lost = _ask_alone(lane, site, missing[:MOST_READ_ALONE] if changed.stopped is None else [])
    stopped = changed.stopped or lost.stopped
    if stopped is not None and not (changed.is_answered or lost.is_answered):
        raise stopped
    not_asked = [
        *(moved[MOST_CHANGES:] if wanted else []),
        *changed.unread,
        *lost.unread,
        *missing[MOST_READ_ALONE if changed.stopped is None else 0 :],
    ]
    return _Shown(
        listed=listed,
        read=changed.read,
        gone=frozenset(lost.gone),
        refused=changed.refused | lost.refused,
        unread=frozenset(not_asked),
    )


class _Asked(Struct, frozen=True, kw_only=True):
    """What a site answers about posts one by one: what they say, that they surely aren't public, or why it doesn't.

    stopped: the answer in which it asked to wait. unread: those that it wasn't asked about since.
    """

    read: dict[int, Post] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    refused: dict[int, str] = field(default_factory=dict)
    stopped: SiteUnavailableError | None = None
    unread: Sequence[int] = ()

    @property
    def is_answered(self) -> bool:
        """Whether the site told of any post."""
        return bool(self.read or self.gone)


def _read(lane: Lane, site: str, wanted: Sequence[int]) -> _Asked:
    """These posts. What the site doesn't give together is asked for by itself: it may fail at one of them.

    SiteUnavailableError where the site asks to wait.
    """
    read: dict[int, Post] = {}
    try:
        read = {post.id: post for post in lane.context.sites[site].site.read_several(wanted)} if wanted else {}
    except SiteUnavailableError as error:
        if error.retry_after is not None:
            raise
    alone = _ask_alone(lane, site, [number for number in wanted if number not in read])
    return replace(alone, read=read | alone.read)


def _ask_alone(lane: Lane, site: str, post_ids: Sequence[int]) -> _Asked:
    """Ask for these posts one by one, until the site asks to wait, or shows that it is read by its feed."""
    asked = _Asked()
    for number, post_id in enumerate(post_ids):
        lane.keep()
        try:
            asked.read[post_id] = lane.context.sites[site].site.read(post_id)
        except PostGoneError:
            asked.gone.add(post_id)
        except NotInFeedError:
            break  # nor does a feed prove anything of the others, and to look for each goes through all its pages
        except SiteError as error:
            if isinstance(error, SiteUnavailableError) and error.retry_after is not None:
                asked = replace(asked, stopped=error, unread=post_ids[number:])
                break
            asked.refused[post_id] = str(error)
    for message in dict.fromkeys(asked.refused.values()):
        tell(FollowFailed(site=site, error=message))
    return asked


def _has_changed(share: Share, shown: _Shown) -> bool:
    return share.post_id in shown.read or share.post_id in shown.gone or share.post_id in shown.unread


# --- concluding ---------------------------------------------------------------------------------------------------


def _still(lane: Lane, share: Share, followed: Followed, shown: _Shown) -> Step:
    """A post with nothing to change. What isn't listed and isn't surely gone either tells nothing."""
    error = shown.refused.get(share.post_id, "")
    if error:
        return _unread(lane, share, followed, error)
    now, listed = lane.context.clock.now(), shown.listed.get(share.post_id)
    poll_every = lane.context.sites[share.site].policy.poll_every
    if listed is None:
        return following.unsure(share, followed, poll_every=poll_every, now=now)
    moved = following.moved(share, followed, listed.modified_at)
    modified_at = None if moved else listed.modified_at
    return following.still(share, followed, modified_at=modified_at, poll_every=poll_every, now=now)


def _unread(lane: Lane, share: Share, followed: Followed, error: str) -> Step:
    """A post that its site doesn't tell of now: it is looked at later and later."""
    now, poll_every = lane.context.clock.now(), lane.context.sites[share.site].policy.poll_every
    wait = site_wait(following.GRID, followed.unread + 1, None, spread=lane.context.jitter())
    until = max(following.next_check(share, poll_every=poll_every, now=now), now + wait)
    return following.unread(followed, error, until=until)


def _change(lane: Lane, share: Share, followed: Followed, shown: _Shown) -> Step:
    post = shown.read.get(share.post_id)
    if post is None:
        return _delete(lane, share, followed, shown)
    there = replace(followed, gone_since=None)
    if post.unread:  # what can't be read of it isn't taken off its status
        error = f"site {share.site}: of post {share.post_id} it gives title and link only"
        tell(FollowFailed(site=share.site, error=error))
        return _unread(lane, share, there, error)
    return edit(lane, share, replace(there, unread=0, error=""), post)


def _delete(lane: Lane, share: Share, followed: Followed, shown: _Shown) -> Step:
    """Delete the status of a post that is gone, once that is sure and nothing speaks against it."""
    context, now = lane.context, lane.context.clock.now()
    if not following.is_gone(followed, now=now):
        return following.missing(followed, now=now)
    reason = _held_back(context, share, shown, now=now)
    if reason:
        return following.held(share, followed, reason, now=now)
    used = context.store.acted_at(lane.name, ["delete"], since=now - following.DELETES.period)
    opens = budget.opens_at(following.DELETES, used, None, now=now)
    if opens is not None:
        return following.later(followed, opens)
    lane.keep()
    reply = lane.posting.account.delete(share.status_id)
    return following.after_delete(share, followed, doubt(lane, reply) or reply, basis=lane.basis())


def _held_back(context: Context, share: Share, shown: _Shown, *, now: datetime) -> str:
    """Why a status isn't deleted though its post is gone; '' where it is."""
    gone = context.store.gone(share.account, share.site, since=now - following.GONE_WITHIN)
    if gone > following.MOST_GONE:
        return following.CROWD
    return "" if shown.listed or _shows_others(context, share) else following.SILENT


def _shows_others(context: Context, share: Share) -> bool:
    """Whether the site shows any other post that is known of it."""
    known = context.store.newest_seen(share.site, since=_EVER, limit=MOST_POSTS)
    others = [number for number in known if number != share.post_id]
    try:
        return bool(others) and bool(context.sites[share.site].site.list_by_id(others))
    except SiteError:
        return False


# --- recording ----------------------------------------------------------------------------------------------------


def _record(lane: Lane, steps: Collection[tuple[Share, Step]]) -> Iterator[Share]:
    """Record what follows. The share comes first: killed in between, the look is made again, and finds it so."""
    for share, step in steps:
        if step.change is not None:
            yield lane.context.store.apply(share, step.change, now=lane.context.clock.now())
            lane.state = step.change.account_after(lane.state)
            report(share, step.change)
            if step.change.attempt.outcome == "held":
                reason = step.change.attempt.detail
                tell(NotDeleted(site=share.site, post_id=share.post_id, account=share.account, reason=reason))
    lane.context.store.keep_following([step.followed for _, step in steps])


def _put_off(lane: Lane, site: str, pairs: Collection[_Pair], error: SiteUnavailableError) -> None:
    """The site can't be asked now: nothing is concluded, and it is left alone, ever longer."""
    context = lane.context
    failures = 1 + max(followed.unread for _, followed in pairs)
    until = context.clock.now() + site_wait(following.GRID, failures, error.retry_after, spread=context.jitter())
    steps = [following.unread(followed, str(error), until=until) for _, followed in pairs]
    context.store.keep_following([step.followed for step in steps])
    tell(FollowFailed(site=site, error=str(error)))
    if failures == TOLD_AFTER:
        tell(StandsStill(site=site, what=f"its shared posts can't be looked at again: {error}"))
