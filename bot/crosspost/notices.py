"""Announce: a site says that a post is out, so that one post is looked at, at once.

    read the post ─▶ its image stands, or five seconds are over ─▶ plan as for a look ─▶ shares, due now

A notice is believed in nothing but that there is something to see: what becomes of the post is decided as after a
look, crowds included. The next look finds the post too, and whatever was not announced.
"""

from datetime import timedelta

from msgspec.structs import replace

from bot.crosspost.context import Context, Watched
from bot.crosspost.events import tell
from bot.crosspost.events.sites import NoticeDone
from bot.crosspost.identity import as_known, shared_elsewhere
from bot.domain.models import Look, Post
from bot.domain.notices import KeptNotice, Notice
from bot.domain.policy import Plugin
from bot.domain.selecting.plan import as_seen, counted_since, plan
from bot.domain.transitions.outcome import site_wait
from bot.errors import PostGoneError, SiteUnavailableError

# Editors save twice, and the image may come with the second time.
IMAGE_WAIT = timedelta(seconds=5)
_READ_EVERY = timedelta(milliseconds=500)
_MOST_KEPT = 100
# A site that announces a post and can't be read for so long: the looks will find the post.
GIVE_UP_AFTER = timedelta(hours=1)
_FIRST_WAIT = timedelta(seconds=5)


def handle_notice(context: Context, kept: KeptNotice) -> None:
    """Do what a notice asks for, and end it.

    Where the site can't be asked now, the notice stays open for an hour, and the site is asked again later and later,
    never sooner than it wants. What goes wrong there is not raised; StoreError is.
    """
    watched, notice = context.sites[kept.site], kept.notice
    failures, until = context.remembered.put_off.get((kept.site, notice.id), (0, timedelta(0)))
    if context.clock.elapsed() < until:
        return
    context.remembered.put_off.pop((kept.site, notice.id), None)
    try:
        post = _read(context, watched, notice)
    except PostGoneError as error:
        _end(context, kept.site, notice, outcome="not public", detail=str(error))
    except SiteUnavailableError as error:
        if context.clock.now() - kept.since >= GIVE_UP_AFTER:
            _end(context, kept.site, notice, outcome="given up", detail=str(error))
        else:
            wait = site_wait(_FIRST_WAIT, failures + 1, error.retry_after, spread=context.jitter())
            context.remembered.put_off[kept.site, notice.id] = (failures + 1, context.clock.elapsed() + wait)
    else:
        _keep(context, kept.site, post)
        if notice.again:
            _share_again(context, watched, notice, as_known(context, kept.site, [post])[0])
        else:
            _look(context, watched, notice, post)


def _read(context: Context, watched: Watched, notice: Notice) -> Post:
    """The post, with the image that it is said to have, if that comes in time."""
    begun = context.clock.elapsed()
    post = watched.site.read(notice.post_id)
    while post.featured_media and post.image is None and context.clock.elapsed() - begun < IMAGE_WAIT:
        if context.clock.wait(_READ_EVERY):
            break
        post = watched.site.read(notice.post_id)
    return post


def _keep(context: Context, site: str, post: Post) -> None:
    """Keep a post for the lanes, which are about to ask for it; a few at a time."""
    if len(context.remembered.just_read) >= _MOST_KEPT:
        context.remembered.just_read.clear()
    context.remembered.just_read[site, post.id] = (post, context.clock.now())


def _look(context: Context, watched: Watched, notice: Notice, post: Post) -> None:
    """Plan this one post as a look would, without waiting for it to settle."""
    store, now, site = context.store, context.clock.now(), watched.policy.name
    state = store.site(site)
    since = counted_since(state, now=now)
    if since is None or state.is_at_rest(now=now):
        # What the first look finds is first_run's to decide; a site that rests is looked at afterwards.
        _end(context, site, notice, outcome="left to the next look")
        return
    seen = store.seen(site, [post.id])
    known = {} if seen else store.ids_by_link(site, [post.link])
    seen |= store.seen(site, known.values())
    policy = replace(watched.policy, settle=timedelta(0))
    look = Look(posts=(post.listed(),), complete=False)
    before = store.found_since(site, since=since)
    shared = shared_elsewhere(context, site, look.posts, accounts=policy.accounts)
    store.add_found(
        plan(policy, look, state=state, seen=seen, known=known, now=now, before=before, shared=shared), now=now
    )
    if seen and policy.plugin is not Plugin.DEFER:
        store.hasten(site, post.id, now=now)
    _end(context, site, notice, outcome="known" if seen else "found")


def _share_again(context: Context, watched: Watched, notice: Notice, post: Post) -> None:
    policy = watched.policy
    added = context.store.share_again(
        policy.name, notice, as_seen(post), accounts=policy.accounts, now=context.clock.now()
    )
    outcome = "shared once more" if added else "under way already"
    tell(NoticeDone(site=policy.name, post_id=post.id, outcome=outcome, detail=""))


def _end(context: Context, site: str, notice: Notice, *, outcome: str, detail: str = "") -> None:
    context.store.end_notice(site, notice.id, now=context.clock.now())
    tell(NoticeDone(site=site, post_id=notice.post_id, outcome=outcome, detail=detail))
