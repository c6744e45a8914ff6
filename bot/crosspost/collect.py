"""Collect: look at a site and add shares for its new posts.

    list_new(window, but for what was seen) ─▶ plan ─▶ store: posts, shares and the cursor, all or nothing

A look that fails moves nothing; it is made again, later and later, never sooner than the site asks for.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.crosspost.context import LOOK_LEASE, Context, Watched
from bot.crosspost.events import CrowdHeld, Looked, LookFailed, LookIncomplete, StandsStill, tell
from bot.crosspost.identity import shared_elsewhere
from bot.crosspost.stuck import STUBBORN
from bot.domain.models import Share, SiteState, State
from bot.domain.selecting.plan import Plan, look_wait, plan, window_start
from bot.domain.transitions.outcome import site_wait
from bot.errors import LeaseLostError, SiteUnavailableError

# Seen posts that a walk leaves out. With them left out, nothing new is an empty answer; more of them would make the
# request's URL too long for some servers.
LEFT_OUT = 1000
# A site whose window holds more than that is looked at closely in between: only so far back, which is one request.
# What became visible late is then found by the next whole look.
WHOLE_LOOK_EVERY = timedelta(hours=1)
CLOSE_LOOK_REACH = timedelta(hours=6)


def collect(context: Context, name: str) -> tuple[Share, ...]:
    """Look at one site once; returns the shares that were added: none while another process looks at it, or it rests.

    What goes wrong is recorded with the site (SiteState.error) and logged; nothing is raised for it.
    """
    now = context.clock.now()
    if not context.store.lease_site(name, owner=context.owner, now=now, until=now + LOOK_LEASE):
        return ()
    try:
        return _look_once(context, name, now=now)
    finally:
        context.store.release_site(name, owner=context.owner)


def _look_once(context: Context, name: str, *, now: datetime) -> tuple[Share, ...]:
    watched = context.sites[name]
    state = context.store.site(name)
    if state.rests_until is not None and state.rests_until > now:
        return ()
    try:
        return _look(context, watched, state, now=now)
    except LeaseLostError:
        return ()  # another process looked at the same time, and has recorded what there was
    except SiteUnavailableError as error:
        _failed(context, watched, state, error, now=now)
    return ()


def _look(context: Context, watched: Watched, state: SiteState, *, now: datetime) -> tuple[Share, ...]:
    policy, store = watched.policy, context.store
    after = window_start(policy, state.looked_at, now=now)
    exclude = store.newest_seen(policy.name, since=after, limit=LEFT_OUT)
    close = len(exclude) == LEFT_OUT and state.looked_at is not None and now - state.looked_at < WHOLE_LOOK_EVERY
    if close:
        after = now - CLOSE_LOOK_REACH
        exclude = store.newest_seen(policy.name, since=after, limit=LEFT_OUT)
    look = watched.site.list_new(after=after, exclude=exclude)
    if close:
        look = replace(look, complete=False)  # it has not seen the whole window: the cursor stays
    seen = store.seen(policy.name, [post.id for post in look.posts])
    new = [post for post in look.posts if post.id not in seen]
    known = store.ids_by_link(policy.name, [post.link for post in new]) if new else {}
    seen |= store.seen(policy.name, known.values())
    shared = shared_elsewhere(context, policy.name, new, accounts=policy.accounts)
    made = plan(policy, look, state=state, seen=seen, known=known, shared=shared, now=now)
    wait = look_wait(policy.poll_every, active=bool(made.posts), spread=context.jitter())
    added = store.add(replace(made, next_look_at=now + wait), now=now)
    _report(made, first=state.activated_at is None)
    return added


def _failed(
    context: Context, watched: Watched, state: SiteState, error: SiteUnavailableError, *, now: datetime
) -> None:
    policy = watched.policy
    wait = site_wait(policy.poll_every, state.failures + 1, error.retry_after, spread=context.jitter())
    context.store.look_failed(policy.name, error=str(error), next_look_at=now + wait)
    tell(LookFailed(site=policy.name, error=str(error)))
    if state.failures + 1 == STUBBORN:
        tell(StandsStill(site=policy.name, what=f"{STUBBORN} looks failed in a row: {error}"))


def _report(made: Plan, *, first: bool) -> None:
    site, posts = made.site, len(made.posts)
    if made.error:
        tell(LookIncomplete(site=site, posts=posts, first=first, error=made.error))
    tell(Looked(site=site, posts=posts, first=first))
    held = [share for share in made.shares if share.state is State.HELD]
    if held:
        tell(CrowdHeld(site=site, posts=posts, first=first, shares=len(held), reason=held[0].error))
