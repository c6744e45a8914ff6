"""Compose the status of a share with everything that is known: its site, its account, and what was refused before."""

from bot.crosspost.about import about_for
from bot.crosspost.lane import Lane
from bot.domain.composing.compose import Composition, compose
from bot.domain.composing.refused_hashtags import left_out
from bot.domain.models import Limits, Post, Share


def composition(lane: Lane, share: Share, post: Post, limits: Limits) -> Composition:
    """The status of a share's post as it would be now. Raises what compose() raises, and SiteError as about_for()."""
    history = lane.context.store.attempts(share) if share.attempts else ()
    return compose(
        post,
        site=share.site,
        about=about_for(lane.context, share.site, lane.policy),
        policy=lane.policy,
        limits=limits,
        text_override=share.text_override,
        refused_hashtags=left_out(history),
    )
