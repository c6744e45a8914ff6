"""What an answer to a publish leads to."""

from bot.domain.answers import Answer, Reply
from bot.domain.models import RateLimit, Share
from bot.domain.transitions import publishing
from bot.domain.transitions.change import Change
from bot.domain.transitions.publishing import Findings
from tests.makers import HOUR, NOON, SECOND, basis, sent


def publish(reply: Reply, before: Share | None = None, *, pauses: int = 0, attempts: int = 8, **found) -> Change:
    """What becomes of a share in flight when the server says this, a second after it was sent; found: Findings."""
    return publishing.after_publish(
        before or sent(),
        Answer(reply=reply, rate=RateLimit(remaining=9, reset_at=NOON + HOUR)),
        Findings(**found),
        basis=basis(NOON + SECOND, pauses=pauses, attempts=attempts),
    )
