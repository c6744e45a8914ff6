"""Collect: look at a site and add shares for its new posts.

    list_new(window, but for what was seen) ─▶ plan ─▶ store: posts, shares and the cursor, all or nothing

A look that fails moves nothing; it is made again, later and later, never sooner than the site asks for.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from bot.crosspost.context import Context, Watched
from bot.crosspost.events import tell
from bot.crosspost.events.sites import CrowdHeld, Looked, LookFailed, LookIncomplete, StandsStill
from bot.crosspost.identity import shared_elsewhere
from bot.crosspost.quiet import Quiet, QuietSites, record_every
from bot.domain.models import TOLD_AFTER, Look, Share, SiteState, State
from bot.domain.policy import SitePolicy
from bot.domain.selecting.plan import Plan, counted_since, look_wait, plan, window_start
from bot.domain.transitions.outcome import site_wait
from bot.errors import LeaseLostError, SiteUnavailableError

# How long a look at a site is left to one process. One that takes longer may meet another's; the later one is dropped.
LOOK_LEASE = timedelta(seconds=30)
# Seen posts that a walk leaves out. With them left out, nothing new is an empty answer; more of them would make the
# request's URL too long for some servers.
LEFT_OUT = 1000
# A site whose window holds more than that is looked at closely in between: only so far back, which is one request.
# What became visible late is then found by the next whole look.
WHOLE_LOOK_EVERY = timedelta(hours=1)
CLOSE_LOOK_REACH = timedelta(hours=6)


def collect(context: Context, name: str) -> tuple[Share, ...]:
    """Look at one site once; returns the shares that were added: none while another process looks at it, or it rests.

    What goes wrong is recorded with the site (SiteState.error) and logged, not raised; StoreError is.
    """
    now = context.clock.now()
    if context.quiet is not None and (quiet := context.quiet.take(name, now=now)) is not None:
        return _look_again(context, context.quiet, name, quiet, now=now)
    return _look_leased(context, name, now=now)


def due_looks(context: Context) -> tuple[str, ...]:
    """The sites that are due for a look by this process: by the store, as quiet ones, or since it has just begun.

    What another process or a person has done at a quiet site is heeded here, before it is looked at.
    """
    now, quiet = context.clock.now(), context.quiet
    due = context.store.due_sites(context.sites, now=now)
    if quiet is None:
        return due
    new = quiet.not_begun(context.sites)
    # By a poll_every that was longer, the store may say hours. One that fails is left alone as long as planned: it may
    # have asked for that, and howdah may be started anew every few seconds.
    states = context.store.sites(sorted(new))
    begun = [state.name for state in states if not state.failures and not state.is_at_rest(now=now)]
    # All are asked for at once: a thousand sites that are polled every minute cost more one by one.
    quietly = [state.name for state in context.store.sites(quiet.due(now=now)) if quiet.heed(state, now=now)]
    quiet.begin(new)  # once all is known: where the store didn't answer, the next tick begins with them
    return tuple(dict.fromkeys((*due, *begun, *quietly)))


def _look_again(context: Context, looks: QuietSites, name: str, quiet: Quiet, *, now: datetime) -> tuple[Share, ...]:
    """Look as the last time. Where all is as it was, nothing is recorded; else it is looked at as any other site."""
    watched = context.sites[name]
    try:
        look = watched.site.list_new(after=quiet.after, exclude=quiet.exclude)
    except SiteUnavailableError as error:
        _failed(context, watched, quiet.state, error, now=now)
        return ()
    if look.posts or not look.complete:
        return _look_leased(context, name, now=now)
    wait = look_wait(watched.policy.poll_every, active=False, spread=context.jitter())
    looks.looked(name, quiet, next_look_at=now + wait)
    return ()


def _look_leased(context: Context, name: str, *, now: datetime) -> tuple[Share, ...]:
    """Look and record it, while nobody else does."""
    if not context.store.lease_site(name, owner=context.owner, now=now, until=now + LOOK_LEASE):
        return ()
    try:
        return _look_once(context, name, now=now)
    finally:
        context.store.release_site(name, owner=context.owner)


def _look_once(context: Context, name: str, *, now: datetime) -> tuple[Share, ...]:
    watched = context.sites[name]
    state = context.store.site(name)
    if state.is_at_rest(now=now):
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
    made = _planned(context, policy, look, state, now=now)
    wait = look_wait(policy.poll_every, active=bool(made.posts), spread=context.jitter())
    quiet = context.quiet if look.complete and len(exclude) + len(made.posts) < LEFT_OUT else None
    until = now + (max(wait, record_every(policy.poll_every)) if quiet is not None else wait)
    added = store.add(replace(made, next_look_at=until), now=now)
    if quiet is not None:
        quiet.keep(policy.name, _as_left(context, made, exclude, next_look_at=now + wait, until=until))
    _report(made, first=state.activated_at is None)
    return added


def _as_left(context: Context, made: Plan, exclude: Sequence[int], *, next_look_at: datetime, until: datetime) -> Quiet:
    """What a recorded look leaves to be looked with again."""
    now, policy = made.looked_at or made.activated_at, context.sites[made.site].policy
    return Quiet(
        state=context.store.site(made.site),
        after=window_start(policy, now, now=now),
        exclude=(*(post.id for post in made.posts), *exclude),
        next_look_at=next_look_at,
        until=until,
    )


def _planned(context: Context, policy: SitePolicy, look: Look, state: SiteState, *, now: datetime) -> Plan:
    """What a look comes to, by what is known of its posts."""
    store = context.store
    seen = store.seen(policy.name, [post.id for post in look.posts])
    new = [post for post in look.posts if post.id not in seen]
    known = store.ids_by_link(policy.name, [post.link for post in new]) if new else {}
    seen |= store.seen(policy.name, known.values())
    shared = shared_elsewhere(context, policy.name, new, accounts=policy.accounts)
    since = counted_since(state, now=now)
    before = store.found_since(policy.name, since=since) if new and since is not None else 0
    return plan(policy, look, state=state, seen=seen, known=known, shared=shared, before=before, now=now)


def _failed(
    context: Context, watched: Watched, state: SiteState, error: SiteUnavailableError, *, now: datetime
) -> None:
    policy = watched.policy
    wait = site_wait(policy.poll_every, state.failures + 1, error.retry_after, spread=context.jitter())
    context.store.look_failed(policy.name, error=str(error), next_look_at=now + wait)
    tell(LookFailed(site=policy.name, error=str(error)))
    if state.failures + 1 == TOLD_AFTER:
        tell(StandsStill(site=policy.name, what=f"{TOLD_AFTER} looks failed in a row: {error}"))


def _report(made: Plan, *, first: bool) -> None:
    site, posts = made.site, len(made.posts)
    if made.error:
        tell(LookIncomplete(site=site, posts=posts, first=first, error=made.error))
    tell(Looked(site=site, posts=posts, first=first))
    held = [share for share in made.shares if share.state is State.HELD]
    if held:
        tell(CrowdHeld(site=site, posts=posts, first=first, shares=len(held), reason=held[0].error))
