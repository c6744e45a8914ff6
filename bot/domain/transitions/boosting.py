"""What becomes of a share whose status was to be boosted: the share stays as it is, its history tells."""

from dataclasses import replace
from datetime import datetime

from bot.domain.answers import Answer, Published, Throttled, Unanswered
from bot.domain.models import Share
from bot.domain.transitions.change import Change, Pause, changed, rests_because

BOOSTED = "boosted"
UNANSWERED = "unanswered"


def after_boost(share: Share, answer: Answer, *, now: datetime) -> Change:
    """What is recorded of a boost; Change.attempt.outcome says whether it was done.

    Only being asked to slow down says something of the account: statuses and boosts are counted together.
    """
    pause = None
    match answer.reply:
        case Published(url=url):
            outcome, detail = BOOSTED, url
        case Unanswered(message=message):
            outcome, detail = UNANSWERED, message
        case Throttled(message=message, until=until) as no:
            outcome, detail = "refused", message
            pause = Pause(until=until, reason=rests_because(no)) if until else None
        case no:
            outcome, detail = "refused", no.message
    change = changed(share, step="boost", outcome=outcome, detail=detail, now=now)
    return replace(change, pause=pause, statuses_rate=answer.rate)
