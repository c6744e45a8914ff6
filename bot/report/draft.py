"""What a post would be as a status, for whoever shows it. Nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import RefusedError

if TYPE_CHECKING:
    from bot.crosspost.context import Context
    from bot.domain.composing.compose import Composition
    from bot.domain.composing.explain import Breakdown, Decision
    from bot.domain.models import Limits, Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The status that a post would be on one account.

    without_image: why it would have no image, '' where it has one. decisions: the account's rules that shaped it.
    refusal: why howdah wouldn't share it by itself, '' where it would. shared_at: the url where it is shared already.
    """

    site: str
    post: Post
    account: str
    composition: Composition
    breakdown: Breakdown
    without_image: str
    decisions: tuple[Decision, ...]
    refusal: str
    shared_at: str


def draft(context: Context, site: str, post: Post, *, account: str, limits: Limits, text: str = "") -> Draft:
    """What a post of a site would be on an account, with other words where text isn't ''.

    SiteError where the site has to be asked and can't be, RefusedError where no status can be made of it.
    """
    from bot.domain.composing.explain import breakdown, decisions

    composition = _composed(context, site, post, account=account, limits=limits, text=text)
    reason = "" if composition.attachments else _without_image(context, site, post, account=account, limits=limits)
    return Draft(
        site=site,
        post=post,
        account=account,
        composition=composition,
        breakdown=breakdown(composition, link=post.link, limits=limits),
        without_image=reason,
        decisions=decisions(context.accounts[account].policy, post, site=site),
        refusal=_refusal(context, site, post, account=account),
        shared_at=_shared_at(context, site, post, account=account),
    )


def latest(context: Context, name: str, number: int) -> list[int]:
    """The ids of a site's newest posts, newest first. SiteError where it can't be asked."""
    from bot.crosspost.latest import latest as newest

    return [post.id for post in newest(context.sites[name].site, number, now=context.clock.now())]


def _composed(context: Context, site: str, post: Post, *, account: str, limits: Limits, text: str) -> Composition:
    from bot.crosspost.about import about_for
    from bot.domain.composing.compose import compose

    policy = context.accounts[account].policy
    about = about_for(context, site, policy)
    try:
        return compose(post, policy=policy, limits=limits, site=site, about=about, text_override=text)
    except ValueError as error:
        raise RefusedError(f"{site}/{post.id} on {account}: no status can be made of it: {error}") from error


def _without_image(context: Context, site: str, post: Post, *, account: str, limits: Limits) -> str:
    """Why a status without an image has none."""
    from bot.domain.composing.rules import policy_for
    from bot.domain.policy import Images

    policy = policy_for(context.accounts[account].policy, post, site=site)
    if policy.images is Images.CARD:
        return "the picture is left to the link's preview card (images)"
    if policy.max_images == 0:
        return "none is wanted (max_images)"
    return "the instance takes none" if limits.max_media_attachments == 0 else "the post has none"


def _refusal(context: Context, site: str, post: Post, *, account: str) -> str:
    """Why howdah wouldn't share it by itself; '' where it would."""
    from bot.domain.selecting.filters import PatternTooSlowError
    from bot.domain.selecting.plan import refusal

    try:
        return refusal(context.sites[site].policy, post, account=account)
    except PatternTooSlowError as error:
        return str(error)


def _shared_at(context: Context, site: str, post: Post, *, account: str) -> str:
    earlier = context.store.shares(site=site, post_id=post.id, account=account)
    return next((share.url for share in earlier if share.url), "") or post.share_url
