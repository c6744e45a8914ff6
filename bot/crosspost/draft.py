"""Draft: the status that a share would be, were it sent now. Whoever sends, edits or shows one asks here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.crosspost.about import about_for
from bot.domain.composing.refused_hashtags import left_out
from bot.domain.transitions.outcome import MEDIA_TRIES

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.crosspost.context import Context
    from bot.domain.composing.attachments import Attachment
    from bot.domain.composing.compose import Composition
    from bot.domain.models import Limits, Post, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A composed status, and the images that go along if they can be had.

    wanted: these images; () where the post has none, and where uploading them has failed too often.
    """

    composition: Composition
    limits: Limits
    wanted: tuple[Attachment, ...]

    def objection(self, images: Collection[object]) -> str:
        """Why the instance wouldn't take it with so many of its images, as a sentence; '' where nothing is known."""
        return self.composition.objection(images=len(images), limits=self.limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoStatus:
    """No status can be made of the post; reason: why, as a sentence."""

    reason: str


def draft(context: Context, share: Share, post: Post, limits: Limits) -> Draft | NoStatus:
    """The status of a share's post as it would be now, without what was refused of it before.

    Raises SiteError where the template shows the site's name and the site can't tell it.
    """
    from bot.domain.composing.compose import compose  # takes 100 ms: only where something is to be shared

    history = context.store.attempts(share) if share.attempts else ()
    policy = context.accounts[share.account].policy
    about = about_for(context, share.site, policy)
    try:
        composition = compose(
            post,
            site=share.site,
            about=about,
            policy=policy,
            limits=limits,
            text_override=share.text_override,
            refused_hashtags=left_out(history),
        )
    except ValueError as error:
        return NoStatus(reason=f"no status can be made of the post: {error}")
    wanted = composition.attachments if share.media_failures < MEDIA_TRIES else ()
    return Draft(composition=composition, limits=limits, wanted=wanted)
