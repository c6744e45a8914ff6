"""Draft: the status that a share would be, were it sent now. Whoever sends, edits or shows one asks here.

What a site says of itself is asked for once a day, and waited for only where the status would have a hole.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.domain.composing.hashtags import left_out
from bot.domain.models import SiteInfo
from bot.domain.transitions.outcome import MEDIA_TRIES
from bot.domain.transitions.publishing import is_counted_strictly
from bot.errors import SiteError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bot.crosspost.context import Context
    from bot.domain.composing.attachments import Attachment
    from bot.domain.composing.compose import Composition
    from bot.domain.models import Limits, Post, Share
    from bot.domain.policy import AccountPolicy

ABOUT_LASTS = timedelta(days=1)


class Draft(Struct, frozen=True, kw_only=True):
    """A composed status, and the images that go along if they can be had.

    wanted: these images; () where the post has none, and where uploading them has failed too often.
    """

    composition: Composition
    limits: Limits
    wanted: tuple[Attachment, ...]

    def objection(self, images: Collection[object]) -> str:
        """Why the instance wouldn't take it with so many of its images, as a sentence; '' where nothing is known."""
        return self.composition.objection(images=len(images), limits=self.limits)


class NoStatus(Struct, frozen=True, kw_only=True):
    """No status can be made of the post; reason: why, as a sentence."""

    reason: str


def draft(context: Context, share: Share, post: Post, limits: Limits) -> Draft | NoStatus:
    """The status of a share's post as it would be now, without what was refused of it before.

    Raises SiteError where the template shows the site's name and the site can't tell it.
    """
    from bot.domain.composing.compose import compose  # takes 100 ms: only where something is to be shared
    from bot.domain.composing.counting import Rule

    history = context.store.attempts(share) if share.attempts else ()
    policy = context.accounts[share.account].policy
    try:
        composition = compose(
            post,
            site=share.site,
            about=_about_for(context, share.site, policy),
            policy=policy,
            limits=limits,
            text_override=share.text_override,
            refused_hashtags=left_out(history),
            counted_by=Rule.SAFE if is_counted_strictly(history) else None,
        )
    except ValueError as error:
        return NoStatus(reason=f"no status can be made of the post: {error}")
    wanted = composition.attachments if share.media_failures < MEDIA_TRIES else ()
    return Draft(composition=composition, limits=limits, wanted=wanted)


def about(context: Context, name: str) -> SiteInfo:
    """A site's name and language, as site_info within a day. Raises SiteError where it can't be had."""
    known = context.remembered.site_info.get(name)
    if known is not None and context.clock.elapsed() - known[1] < ABOUT_LASTS:
        return known[0]
    said = context.sites[name].site.about()
    if said.complete:
        context.remembered.site_info[name] = (said, context.clock.elapsed())
    return said


def _about_for(context: Context, name: str, policy: AccountPolicy) -> SiteInfo:
    """A site's name and language as far as it tells; raises SiteError only where a template shows the name.

    Some sites close this document and no other: for the language alone no post waits.
    """
    try:
        return about(context, name)
    except SiteError:
        if any("{site" in template for template in (policy.template, *_others(policy))):
            raise
        return SiteInfo()


def _others(policy: AccountPolicy) -> Iterable[str]:
    return (rule.template for rule in policy.rules if rule.template is not None)
