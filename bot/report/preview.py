"""What a post would be as a status, for whoever shows it: made as for sending. Nothing is sent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from bot.errors import AccountError, RefusedError

if TYPE_CHECKING:
    from datetime import datetime

    from bot.crosspost.context import Context
    from bot.crosspost.draft import Draft
    from bot.crosspost.pictures import Picture
    from bot.domain.composing.compose import Composition
    from bot.domain.composing.explain import Breakdown, Decision
    from bot.domain.models import Limits, ListedPost, Post, Share
    from bot.ports import Site

# How far back the newest posts are looked for, one step after the other: a busy site is asked for little.
_REACHES = tuple(timedelta(days=days) for days in (0.125, 1, 8, 64, 512, 4096))


class Preview(Struct, frozen=True, kw_only=True):
    """The status that a post would be on one account.

    share: the one that waits or stands still there, else as a new one would be. pictures: what becomes of the images
    that it wants; () where they weren't looked at. without_image: why it would have none, '' where it would. decisions:
    the account's rules that shaped it. refusal: why howdah wouldn't share it by itself, '' where it would. shared_at:
    the url where it is shared already. objection: why the instance wouldn't take it, '' where nothing is known.
    """

    share: Share
    post: Post
    draft: Draft
    breakdown: Breakdown
    without_image: str
    decisions: tuple[Decision, ...]
    refusal: str
    shared_at: str
    objection: str
    pictures: tuple[Picture, ...] = ()

    @property
    def composition(self) -> Composition:
        """The status, and how long it is."""
        return self.draft.composition

    def remarks(self) -> tuple[str, ...]:
        """All that a person should know before this is sent."""
        said = {
            "it is shared already: {}": self.shared_at,
            "an earlier send went unanswered: where it isn't found, it goes again {}": _as_sent(self.share),
            "the share would fail: {}": self.objection,
            "howdah would skip this post by itself: {}": self.refusal,
        }
        return tuple(words.format(fact) for words, fact in said.items() if fact)


def preview(context: Context, site: str, post: Post, *, account: str, limits: Limits, text: str = "") -> Preview:
    """What a post of a site would be on an account, with other words where text isn't ''; no image is fetched for it.

    SiteError where the site has to be asked and can't be, RefusedError where no status can be made of it.
    """
    from bot.crosspost.draft import NoStatus, draft
    from bot.domain.composing.explain import breakdown, decisions

    share = _share(context, site, post, account=account, text=text)
    made = draft(context, share, post, limits)
    if isinstance(made, NoStatus):
        raise RefusedError(f"{share.post_name} on {account}: {made.reason}")
    return Preview(
        share=share,
        post=post,
        draft=made,
        breakdown=breakdown(made.composition, link=post.link, limits=limits),
        without_image="" if made.wanted else _without_image(context, made, share, post),
        decisions=decisions(context.accounts[account].policy, post, site=site),
        refusal=_refusal(context, site, post, account=account),
        shared_at=_shared_at(context, site, post, account=account),
        objection=made.objection(made.wanted),
    )


def with_pictures(context: Context, shown: Preview) -> Preview:
    """The same with its images, fetched and fitted as they would be sent, and not uploaded."""
    from bot.crosspost.pictures import Fitted, TrialMaker, pictures

    made, maker = shown.draft, TrialMaker(context.store.attempts(shown.share))
    found = tuple(pictures(context, shown.share, made.wanted, made.limits, maker=maker))
    going = [picture for picture in found if isinstance(picture, Fitted)]
    return replace(shown, pictures=found, objection=made.objection(going))


def latest(site: Site, number: int, *, now: datetime) -> list[ListedPost]:
    """A site's newest posts, at most so many, newest first; raises what Site.list_new raises."""
    for reach in _REACHES:
        posts = site.list_new(after=now - reach, exclude=()).posts
        if len(posts) >= number:
            break
    return sorted(posts, key=lambda post: (post.published_at or now, post.id), reverse=True)[:number]


def _share(context: Context, site: str, post: Post, *, account: str, text: str) -> Share:
    """The share that would be sent: the newest that isn't on the account yet, else a new one.

    One that stands still begins anew where a person lets it go: its images are tried again.
    """
    from bot.domain.models import STANDING_STILL, Share, State

    now = context.clock.now()
    newest = next(iter(context.store.shares(site=site, post_id=post.id, account=account, limit=1)), None)
    if newest is None or newest.state is State.SHARED:
        number = newest.number + 1 if newest is not None else 1
        newest = Share(
            id=0,
            site=site,
            post_id=post.id,
            account=account,
            number=number,
            state=State.PENDING,
            created_at=now,
            updated_at=now,
            link=post.link,
        )
    elif newest.state in STANDING_STILL:
        newest = replace(newest, media_failures=0)
    return replace(newest, text_override=text or newest.text_override)


def _as_sent(share: Share) -> str:
    return "as it was sent" if share.unanswered and share.idempotency_key else ""


def _without_image(context: Context, made: Draft, share: Share, post: Post) -> str:
    """Why a status without an image has none."""
    from bot.domain.composing.compose import policy_for
    from bot.domain.policy import Images

    if made.composition.attachments:
        return "the instance didn't take it before"
    policy = policy_for(context.accounts[share.account].policy, post, site=share.site)
    if policy.images is Images.CARD:
        return "the picture is left to the link's preview card (images)"
    if policy.max_images == 0:
        return "none is wanted (max_images)"
    return "the instance takes none" if made.limits.max_media_attachments == 0 else "the post has none"


def _refusal(context: Context, site: str, post: Post, *, account: str) -> str:
    """Why howdah wouldn't share it by itself; '' where it would."""
    from bot.domain.selecting.filters import UndecidedError
    from bot.domain.selecting.plan import refusal
    from bot.domain.selecting.share_on_mastodon import refused_by_box

    policy = context.sites[site].policy
    try:
        return refusal(policy, post, account=account) or refused_by_box(policy, post, now=context.clock.now())
    except UndecidedError as error:
        return str(error)


def _shared_at(context: Context, site: str, post: Post, *, account: str) -> str:
    """The url where a post is shared already; what WordPress says counts as it does before a send.

    Without a token the account can't say who it is: then WordPress is believed, but for the url of another share.
    """
    from bot.crosspost.identity import is_shared_elsewhere

    earlier = context.store.shares(site=site, post_id=post.id, account=account)
    url = next((share.url for share in earlier if share.url), "")
    if url or not post.share_url:
        return url
    try:
        return post.share_url if is_shared_elsewhere(context, site, post, account=account) else ""
    except AccountError:
        return "" if context.store.carriers([post.share_url]) else post.share_url
