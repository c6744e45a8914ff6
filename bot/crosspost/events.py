"""One log event for each outcome: a sentence for people, and fields for machines."""

import logging

from bot.domain.models import Share, State
from bot.domain.transitions.change import Change

log = logging.getLogger("howdah")

_LEVELS = {
    State.FAILED: logging.ERROR,
    State.HELD: logging.ERROR,
    State.UNKNOWN: logging.WARNING,
    State.PENDING: logging.WARNING,
}


def report(before: Share, change: Change) -> None:
    """Log what became of a share."""
    share = change.share
    where = f"{share.site}/{share.post_id} on {share.account}"
    log.log(
        _LEVELS.get(share.state, logging.INFO),
        "%s: %s: %s",
        change.attempt.outcome,
        where,
        change.attempt.detail or share.state,
        extra={
            "event": change.attempt.outcome,
            "step": change.attempt.step,
            "site": share.site,
            "post_id": share.post_id,
            "account": share.account,
            "number": share.number,
            "state": str(share.state),
            "was": str(before.state),
            "url": share.url,
            "error": share.error,
            "attempts": share.attempts,
        },
    )
    if change.pause is not None:
        log.error(
            "paused: %s until %s: %s",
            share.account,
            f"{change.pause.until:%Y-%m-%d %H:%M:%SZ}",
            change.pause.reason,
            extra={"event": "paused", "account": share.account, "until": change.pause.until.isoformat()},
        )
