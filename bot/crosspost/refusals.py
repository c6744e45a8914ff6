"""What is asked of an instance after a no, before it is decided what follows from it."""

from bot.crosspost.lane import Lane
from bot.crosspost.limits import have_changed
from bot.domain.answers import Refused, Reply
from bot.domain.models import MediaState, Share
from bot.domain.transitions import publishing
from bot.domain.transitions.publishing import Findings, Question
from bot.errors import AccountError


def findings(lane: Lane, share: Share, reply: Reply) -> Findings:
    """What has to be known beyond the answer to a publish. Limits that have changed are remembered."""
    asked = publishing.questions(share, reply)
    if Question.LIMITS in asked and have_changed(lane):
        return Findings(limits_changed=True)
    limits = lane.state.limits
    return Findings(
        token_works=Question.TOKEN in asked and token_works(lane),
        media=_media_state(lane, share) if Question.MEDIA in asked else None,
        software=limits.software if limits is not None else "",
        history=lane.context.store.attempts(share) if isinstance(reply, Refused) else (),
    )


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
