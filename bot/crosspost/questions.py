"""What an instance is asked beside publishing: what it allows, and, after a no, what is needed to decide on it.

Limits are remembered, for instances change them seldom, and asked anew in doubt.
"""

from datetime import timedelta

from msgspec.structs import replace

from bot.crosspost.lane import Lane
from bot.domain.answers import Refused, Reply
from bot.domain.models import Limits, MediaState, Share
from bot.domain.transitions import publishing
from bot.domain.transitions.publishing import Findings, Question
from bot.errors import AccountError

LIMITS_LAST = timedelta(days=1)


def limits_of(lane: Lane) -> Limits:
    """What the instance allows: as remembered for a day, else asked, else as remembered for longer.

    Raises AccountError where nothing is remembered and it can't be asked, and LeaseLostError where the last publish
    can't be recorded before.
    """
    now, state = lane.context.clock.now(), lane.state
    if state.limits is not None and state.limits_at is not None and now - state.limits_at < LIMITS_LAST:
        return state.limits
    try:
        return _ask(lane)
    except AccountError:
        if state.limits is None:
            raise
        return state.limits


def have_changed(lane: Lane) -> bool:
    """Ask the instance anew; whether it allows something else than was remembered."""
    before = lane.state.limits
    try:
        return _ask(lane) != before
    except AccountError:
        return False


def _ask(lane: Lane) -> Limits:
    now, limits = lane.context.clock.now(), lane.account.limits()
    lane.context.store.remember_limits(lane.name, limits, now=now)
    lane.state = replace(lane.state, limits=limits, limits_at=now)
    return limits


def findings(lane: Lane, share: Share, reply: Reply) -> Findings:
    """What has to be known beyond the answer to a publish. Limits that have changed are remembered."""
    asked = publishing.questions(share, reply)
    if Question.LIMITS in asked and have_changed(lane):
        return Findings(limits_changed=True)
    limits = lane.state.limits
    is_put_aside = Question.TOKEN in asked and token_works(lane)
    return Findings(
        token_works=is_put_aside,
        aside=lane.context.store.put_aside(lane.name, now=lane.context.clock.now()) if is_put_aside else (),
        media=_media_state(lane, share) if Question.MEDIA in asked else None,
        software=limits.software if limits is not None else "",
        history=lane.context.store.attempts(share) if is_put_aside or isinstance(reply, Refused) else (),
        too_long=isinstance(reply, Refused) and limits is not None and _may_be_too_long(share, limits),
    )


def _may_be_too_long(share: Share, limits: Limits) -> bool:
    """Whether a share's status is longer than an instance takes by the strictest way to count."""
    from bot.domain.composing.counting import Rule, count  # with its patterns: only after a refusal

    status = share.status
    return status is not None and count(status.text, status.spoiler_text, Rule.SAFE) > limits.max_characters


def token_works(lane: Lane) -> bool:
    """Whether the instance says whose the account's token is: then a 403 is no word on the account."""
    try:
        lane.account.verify()
    except AccountError:
        return False
    return True


def _media_state(lane: Lane, share: Share) -> MediaState | None:
    """The state of the first attached file that isn't ready; READY where all are, None where that can't be asked."""
    try:
        states = map(lane.account.media_state, share.media_ids)
        return next((state for state in states if state is not MediaState.READY), MediaState.READY)
    except AccountError:
        return None
