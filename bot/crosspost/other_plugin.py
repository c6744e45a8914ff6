"""Beside the plugin Share on Mastodon: what its field says of a post is looked at before anything is sent."""

from datetime import timedelta

from bot.crosspost.context import Context
from bot.crosspost.events import tell
from bot.crosspost.events.sites import PluginFailed
from bot.crosspost.lane import Lane
from bot.domain.models import Post, Share
from bot.domain.selecting.share_on_mastodon import (
    COMPANION,
    PLUGIN_TIME,
    SHARE_ON_MASTODON,
    may_be_under_way,
    refused_by_box,
)
from bot.domain.transitions import outcome
from bot.domain.transitions.change import Change
from bot.errors import SiteError

# One reading of an account serves every share that goes out so soon after it.
READING_LASTS = timedelta(seconds=5)
# A site that was just given its companion is written to soon after.
NAMESPACES_LAST = timedelta(minutes=10)


def plugin_verdict(lane: Lane, share: Share, post: Post) -> Change | None:
    """What the plugin's field makes of a post's first share; None where it may go on.

    An unticked box skips it, and while the plugin may be sharing the post it waits. An error there is told, and never
    taken for "not tried". What a person asked for by name goes past the box and the waiting.
    """
    context, now = lane.context, lane.context.clock.now()
    policy = context.sites[share.site].policy
    if share.number != 1 or share.by_name:
        return None
    reason = refused_by_box(policy, post, now=now)
    if reason:
        return outcome.dropped(share, reason, now=now)
    if not may_be_under_way(policy, post):
        return None
    if post.share_error:
        tell(PluginFailed(site=share.site, post_id=share.post_id, error=post.share_error))
        return None
    until = share.created_at + PLUGIN_TIME
    waits = now < until and _may_be_there(context, share)
    return outcome.waits_for_plugin(share, until=until, now=now) if waits else None


def account_read_within(context: Context, site: str, post: Post) -> timedelta | None:
    """How long ago the account may have been read where another program may be sharing the post; None where none may.

    The plugin Share on Mastodon keeps its address empty while it publishes, and where its answer was lost. A site
    whose field comes from howdah's companion alone has nobody else that publishes.
    """
    if not may_be_under_way(context.sites[site].policy, post):
        return None
    try:
        parts = namespaces(context, site)
    except SiteError:
        return READING_LASTS
    return None if COMPANION in parts and SHARE_ON_MASTODON not in parts else READING_LASTS


def namespaces(context: Context, name: str) -> frozenset[str]:
    """The REST namespaces that a site announces, as read within some minutes. Raises SiteError where they can't be."""
    known = context.remembered.namespaces.get(name)
    if known is not None and context.clock.elapsed() - known[1] < NAMESPACES_LAST:
        return known[0]
    said = context.sites[name].site.namespaces()
    context.remembered.namespaces[name] = (said, context.clock.elapsed())
    return said


def _may_be_there(context: Context, share: Share) -> bool:
    """Whether the plugin may be active on the share's site: unless that says which plugins it has, and not this one."""
    try:
        return SHARE_ON_MASTODON in namespaces(context, share.site)
    except SiteError:
        return True  # the field is there: to wait costs a minute and a half, not to wait may cost a double
