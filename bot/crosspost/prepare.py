"""Prepare: read the post once more, decide whether it is still to be shared, compose its status, upload its image.

Ends in the share with everything that is to be frozen under its key, or in the change that says why it doesn't go.
"""

from msgspec import Struct
from msgspec.structs import replace

from bot.crosspost.ahead import Made
from bot.crosspost.attach import Waits, attach
from bot.crosspost.catch_up import catch_up, existing_status, since_published, since_sent
from bot.crosspost.draft import NoStatus, draft
from bot.crosspost.events import tell
from bot.crosspost.events.sites import StandsStill
from bot.crosspost.identity import is_shared_elsewhere, twin_of
from bot.crosspost.lane import Lane
from bot.crosspost.other_plugin import READING_LASTS, account_read_within, plugin_verdict
from bot.crosspost.questions import limits_of
from bot.domain.answers import Barred, NotSent, Throttled
from bot.domain.models import TOLD_AFTER, Anchor, Post, Share
from bot.domain.policy import Filters
from bot.domain.selecting.plan import left_the_site, refusal
from bot.domain.transitions import outcome, reconciling
from bot.domain.transitions.change import CLOCK_ERROR, Change
from bot.errors import (
    AccountBarredError,
    AccountThrottledError,
    AccountUnavailableError,
    PostGoneError,
    SiteUnavailableError,
)

# So many pauses in a row are waited for the newest status, where one is asked for; then a share goes without anchor.
PAUSES_FOR_ANCHOR = 3
# So often in a row a post is read whole in vain, of a site that works; then its title and link go, if they can be had.
_WHOLE_READS = 3


class Ready(Struct, frozen=True, kw_only=True):
    """The share may be begun: it carries what is to be frozen under its key."""

    share: Share


class Stays(Struct, frozen=True, kw_only=True):
    """The share isn't sent; change: what becomes of it instead."""

    change: Change


Prepared = Ready | Stays


def prepare(lane: Lane, share: Share) -> Prepared:
    """Whether a share that is due goes, and as what. Raises LeaseLostError where the lane is another's by now.

    A share whose last publish went unanswered is sent again as it was, if its post is still to be shared: same text,
    same media, same key.
    """
    try:
        return _prepare(lane, share)
    except PostGoneError as error:
        return Stays(change=outcome.dropped(share, str(error), now=lane.context.clock.now()))
    except SiteUnavailableError as error:
        return Stays(change=_site_silent(lane, share, error))
    except AccountThrottledError as error:
        return _account_rests(lane, share, Throttled(message=str(error), until=error.until))
    except AccountUnavailableError as error:
        return _account_rests(lane, share, NotSent(message=str(error)))
    except AccountBarredError as error:
        return _account_rests(lane, share, Barred(code=error.code, message=str(error)))


def _prepare(lane: Lane, share: Share) -> Prepared:
    ahead = _made_ahead(lane, share)
    post = _read(lane, share)
    left = _as_the_plugin_left_it(lane, share, post)
    verdict = _verdict(lane, share, post) or plugin_verdict(lane, share, left)
    if verdict is not None:
        return Stays(change=verdict)
    if twin := _twin(lane):
        raise AccountUnavailableError(
            f"account {lane.name} is the same account as {twin}, and both get this post: it would be shared twice. "
            f"Remove one of the two from the config, or give {lane.name} a token of its own"
        )
    if post.share_field:
        lane.record_ended()  # its site may have to be asked
    doubt = _read_account(lane, share, post, left)
    there = existing_status(lane, share, share.link if share.unanswered else post.link)
    if there is not None:
        return Stays(change=outcome.found(share, there, now=lane.context.clock.now()))
    if unproven := _why_unproven(lane, share, post, doubt):
        return Stays(change=reconciling.unproven(share, unproven, now=lane.context.clock.now()))
    if share.unanswered and share.idempotency_key:
        return Ready(share=share)
    return _compose(lane, share, post, ahead)


def _read_account(lane: Lane, share: Share, post: Post, left: Post) -> str:
    """Read what is on the account as far as it may tell of this share; returns what catch_up does of other programs.

    left: the post as the plugin left it. What was sent before and wasn't there may have waited for long since, and be
    there by now: it is looked for once more.
    """
    within = account_read_within(lane.context, share.site, left)
    if within is not None:
        return catch_up(lane, within=within, back_to=since_published(lane, share, post))
    if share.unanswered:
        catch_up(lane, within=READING_LASTS, back_to=since_sent(lane, share))
    else:
        catch_up(lane)
    return ""


def _twin(lane: Lane) -> str:
    """The lane's account under an earlier name; '' where it has none."""
    if lane.posting.met_before:
        lane.record_ended()  # both may have to be asked
    return twin_of(lane.context, lane.name)


def _made_ahead(lane: Lane, share: Share) -> Made | None:
    """What was made of the share while the last one was on its way; waited for, with what came of that one recorded."""

    def keep() -> None:
        lane.record_ended()
        lane.keep()

    return lane.making.take(share, keep=keep)


def _read(lane: Lane, share: Share) -> Post:
    """The share's post, read seconds ago or now: without its text where that alone can't be had, again and again.

    Raises what Site.read raises.
    """
    post = lane.ahead.take(share)
    if post is not None:
        return post
    lane.record_ended()
    site = lane.context.sites[share.site].site
    try:
        return site.read(share.post_id, link=share.link)
    except SiteUnavailableError as error:
        if error.retry_after is not None or not _never_comes_whole(lane, share):
            raise
        return site.read_without_text(share.post_id, link=share.link)


def _never_comes_whole(lane: Lane, share: Share) -> bool:
    """Whether a post was asked for in vain often enough, and not since its site as a whole doesn't answer."""
    store = lane.context.store
    return outcome.reads_refused(store.attempts(share)) >= _WHOLE_READS and not store.site(share.site).failures


def _as_the_plugin_left_it(lane: Lane, share: Share, post: Post) -> Post:
    """The post without an address that howdah wrote there: that one says nothing of what the plugin does."""
    if not post.share_url:
        return post
    shares = lane.context.store.shares(site=share.site, post_id=share.post_id)
    return replace(post, share_url="") if post.share_url in {one.url for one in shares} else post


def _site_silent(lane: Lane, share: Share, error: SiteUnavailableError) -> Change:
    context, now = lane.context, lane.context.clock.now()
    failures = 1 + outcome.reads_refused(context.store.attempts(share))
    if failures == TOLD_AFTER:
        tell(StandsStill(site=share.site, what=f"{share.name} can't be read: {error}"))
    first = context.sites[share.site].policy.poll_every
    wait = outcome.site_wait(first, failures, error.retry_after, spread=context.jitter())
    return outcome.site_silent(share, str(error), retry_at=now + wait, now=now)


def _verdict(lane: Lane, share: Share, post: Post) -> Change | None:
    """Why the post isn't shared after all; what a person asked for is only refused where it isn't public."""
    from bot.domain.selecting.filters import UndecidedError  # what reads HTML comes along: only with a post

    now, policy = lane.context.clock.now(), lane.context.sites[share.site].policy
    if post.share_url:
        lane.record_ended()  # the account may have to be asked
    if share.number == 1 and is_shared_elsewhere(lane.context, share.site, post, account=share.account):
        return outcome.adopted(share, post.share_url, now=now)
    if share.number == 1 and not share.by_name and (other := _same_post(lane, share, post)):
        reason = f"it is shared already, or may be, as {other}/{share.post_id}: both are one site"
        return outcome.dropped(share, reason, now=now)
    if left := left_the_site(share, policy):
        return outcome.dropped(share, left, now=now)
    if share.by_name:
        policy = replace(policy, filters=Filters(), only={})
    try:
        reason = refusal(policy, post, account=share.account)
    except UndecidedError as error:
        return outcome.undecided(share, str(error), now=now)
    return outcome.dropped(share, reason, now=now) if reason else None


def _same_post(lane: Lane, share: Share, post: Post) -> str:
    """The other site of the config by whose name this very post is on the account already; '' for none."""
    sites = lane.context.sites.values()
    many = sum(share.account in watched.policy.accounts for watched in sites) > 1
    return lane.context.store.same_post(share, post.link) if many else ""


def _compose(lane: Lane, share: Share, post: Post, ahead: Made | None) -> Prepared:
    lane.keep()
    limits = limits_of(lane)
    if ahead is not None and not ahead.is_of(post, limits):
        ahead = None
    made = ahead.draft if ahead is not None else draft(lane.context, share, post, limits)
    if isinstance(made, NoStatus):
        return _uncomposable(lane, share, made.reason)
    visibility = made.composition.status.visibility
    if reconciling.is_hidden(visibility, lane.state.listed) and _is_unproven(lane, share, post):
        reason = reconciling.hidden(visibility)
        return Stays(change=reconciling.unproven(share, reason, now=lane.context.clock.now()))
    if objection := made.objection(made.wanted):
        return _uncomposable(lane, share, objection)
    anchor = _anchor(lane, share)
    attached = attach(lane, share, made, ahead.pictures if ahead is not None else None)
    if isinstance(attached, Waits):
        return Stays(change=attached.change)
    if objection := made.objection(attached.media_ids):
        return _uncomposable(lane, share, objection)
    return Ready(
        share=replace(
            share,
            link=post.link,
            status=made.composition.status,
            media_ids=attached.media_ids,
            post_modified_at=post.modified_at,
            images=made.composition.image_names,
            anchor=anchor,
        )
    )


def _why_unproven(lane: Lane, share: Share, post: Post, doubt: str) -> str:
    """Why what was read of the account doesn't tell whether it has the share already; '' where it does.

    doubt: what catch_up returned, of what another program may have sent.
    """
    if doubt and share.number == 1 and not reconciling.is_let_go(lane.context.store.attempts(share)):
        return doubt
    return reconciling.CUT_SHORT if reconciling.is_cut_short(lane.state) and _is_unproven(lane, share, post) else ""


def _is_unproven(lane: Lane, share: Share, post: Post) -> bool:
    """Whether the share may have been sent before the store knew of anything, as far as the account doesn't tell."""
    since = lane.state.unproven_before
    return since is not None and reconciling.is_unproven(share, post, lane.context.store.attempts(share), since=since)


def _uncomposable(lane: Lane, share: Share, reason: str) -> Stays:
    return Stays(change=outcome.uncomposable(share, reason, now=lane.context.clock.now()))


def _anchor(lane: Lane, share: Share) -> Anchor | None:
    """The newest own status that is known; asked for anew before a post is shared once more.

    A status with the same link that somebody else published in between must not be taken for this one. Where it can't
    be had, reconciling has to read back to the first status.
    """
    if share.number == 1:
        return lane.state.latest
    try:
        latest = lane.account.latest()
    except AccountBarredError as error:
        if error.code != 403:
            raise
        return None
    except AccountUnavailableError:
        if lane.state.pauses < PAUSES_FOR_ANCHOR:
            raise
        return None
    if latest is not None and latest.created_at > lane.context.clock.now() + CLOCK_ERROR:
        return None
    if latest is not None:
        lane.context.store.remember_latest(lane.name, latest)
    lane.state = replace(lane.state, latest=latest)
    return latest


def _account_rests(lane: Lane, share: Share, no: NotSent | Barred | Throttled) -> Stays:
    return Stays(change=outcome.account_rests(share, no, step="account", basis=lane.basis()))
