"""Prepare: read the post once more, decide whether it is still to be shared, compose its status, upload its image.

Ends in the share with everything that is to be frozen under its key, or in the change that says why it doesn't go.
"""

from dataclasses import replace

from bot.crosspost.attach import attach
from bot.crosspost.beside import beside
from bot.crosspost.catch_up import beside_plugin, catch_up, found
from bot.crosspost.composing import composition
from bot.crosspost.events import StandsStill, tell
from bot.crosspost.identity import is_shared_elsewhere
from bot.crosspost.lane import Lane
from bot.crosspost.stuck import STUBBORN
from bot.domain.answers import Barred, NotSent, Throttled
from bot.domain.composing.demands import objection
from bot.domain.models import Anchor, Post, Share
from bot.domain.policy import Filters
from bot.domain.selecting.filters import PatternTooSlowError
from bot.domain.selecting.plan import refusal
from bot.domain.transitions import outcome
from bot.domain.transitions.change import CLOCK_ERROR, Change
from bot.domain.transitions.following import names_of
from bot.errors import (
    AccountBarredError,
    AccountThrottledError,
    AccountUnavailableError,
    PostGoneError,
    SiteUnavailableError,
)

# So many pauses in a row are waited for the newest status, where one is asked for; then a share goes without anchor.
PAUSES_FOR_ANCHOR = 3


def prepare(lane: Lane, share: Share) -> Share | Change:
    """The share ready to be begun, or what becomes of it instead.

    A share whose last publish went unanswered is sent again as it was, if its post is still to be shared: same text,
    same media, same key.
    """
    try:
        return _prepare(lane, share)
    except PostGoneError as error:
        return outcome.dropped(share, str(error), now=lane.context.clock.now())
    except SiteUnavailableError as error:
        return _site_silent(lane, share, error)
    except AccountThrottledError as error:
        return _account_rests(lane, share, Throttled(message=str(error), until=error.until))
    except AccountUnavailableError as error:
        return _account_rests(lane, share, NotSent(message=str(error)))
    except AccountBarredError as error:
        return _account_rests(lane, share, Barred(code=error.code, message=str(error)))


def _prepare(lane: Lane, share: Share) -> Share | Change:
    post = lane.read(share)
    verdict = _verdict(lane, share, post) or beside(lane, share, post)
    if verdict is not None:
        return verdict
    if post.share_field:
        lane.settle()  # its site may have to be asked
    catch_up(lane, within=beside_plugin(lane.context, share.site, post))
    there = found(lane, share, post.link)
    if there is not None:
        return outcome.found(share, there, now=lane.context.clock.now())
    if share.unanswered and share.idempotency_key:
        return share
    return _compose(lane, share, post)


def _site_silent(lane: Lane, share: Share, error: SiteUnavailableError) -> Change:
    context, now = lane.context, lane.context.clock.now()
    failures = 1 + outcome.reads_refused(context.store.attempts(share))
    if failures == STUBBORN:
        tell(StandsStill(site=share.site, what=f"{share.post_name} on {share.account} can't be read: {error}"))
    first = context.sites[share.site].policy.poll_every
    wait = outcome.site_wait(first, failures, error.retry_after, spread=context.jitter())
    return outcome.site_silent(share, str(error), retry_at=now + wait, now=now)


def _verdict(lane: Lane, share: Share, post: Post) -> Change | None:
    """Why the post isn't shared after all; what a person asked for is only refused where it isn't public."""
    now, policy = lane.context.clock.now(), lane.context.sites[share.site].policy
    if post.share_url:
        lane.settle()  # the account may have to be asked
    if share.number == 1 and is_shared_elsewhere(lane.context, share.site, post, account=share.account):
        return outcome.adopted(share, post.share_url, now=now)
    if not share.by_name and share.account not in policy.accounts:
        reason = f"account {share.account} isn't among the accounts of site {share.site} any more"
        return outcome.dropped(share, reason, now=now)
    if share.by_name:
        policy = replace(policy, filters=Filters(), only={})
    try:
        reason = refusal(policy, post, account=share.account)
    except PatternTooSlowError as error:
        return outcome.undecided(share, str(error), now=now)
    return outcome.dropped(share, reason, now=now) if reason else None


def _compose(lane: Lane, share: Share, post: Post) -> Share | Change:
    lane.keep()
    limits = lane.limits()
    try:
        composed = composition(lane, share, post, limits)
    except ValueError as error:
        return outcome.uncomposable(share, f"no status can be made of it: {error}", now=lane.context.clock.now())
    if composed.length > composed.limit:
        reason = f"doesn't fit: {composed.length} of {composed.limit} characters, and nothing left to shorten"
        return outcome.uncomposable(share, reason, now=lane.context.clock.now())
    anchor = _anchor(lane, share)
    attached = attach(lane, share, composed.attachments, limits)
    if isinstance(attached, Change):
        return attached
    unwanted = objection(composed.status, media_ids=attached, limits=limits)
    if unwanted:
        return outcome.uncomposable(share, unwanted, now=lane.context.clock.now())
    return replace(
        share,
        link=post.link,
        status=composed.status,
        media_ids=attached,
        post_modified_at=post.modified_at,
        images=names_of(composed.attachments),
        anchor=anchor,
    )


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


def _account_rests(lane: Lane, share: Share, no: NotSent | Barred | Throttled) -> Change:
    return outcome.account_rests(
        share,
        no,
        step="account",
        policy=lane.policy,
        pauses=lane.state.pauses,
        now=lane.context.clock.now(),
        spread=lane.context.jitter(),
    )
