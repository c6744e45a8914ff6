"""Beside the plugin Share on Mastodon: what its field says of a post is looked at before anything is sent."""

from bot.crosspost.catch_up import PLUGIN
from bot.crosspost.context import Context
from bot.crosspost.events import PluginFailed, tell
from bot.crosspost.lane import Lane
from bot.crosspost.write_back import namespaces
from bot.domain.models import Post, Share
from bot.domain.selecting.beside import PLUGIN_TIME, may_be_under_way, refused_by_box
from bot.domain.transitions import outcome
from bot.domain.transitions.change import Change
from bot.errors import SiteError


def beside(lane: Lane, share: Share, post: Post) -> Change | None:
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


def _may_be_there(context: Context, share: Share) -> bool:
    """Whether the plugin may be active on the share's site: unless that says which plugins it has, and not this one."""
    try:
        return PLUGIN in namespaces(context, share.site)
    except SiteError:
        return True  # the field is there: to wait costs a minute and a half, not to wait may cost a double
