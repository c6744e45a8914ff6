"""What is told: to WordPress of a post, and to people of what needs them.

WordPress has one field for a post, however many accounts it is shared on. People are told of each cause once, then
reminded of it, and told of its end.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.models import Cause, Share, ShareField, State

# WordPress shows it in a list of posts: what is longer is cut.
_LONGEST_ERROR = 300
_ENDED_WITHOUT = (State.FAILED, State.HELD, State.SKIPPED)


def told(shares: Collection[Share], accounts: Sequence[str]) -> ShareField:
    """The field of a post with these shares: the newest url of the first account that has one.

    accounts: the site's, in the config's order. An error, the first account's newest, only where none has a url; where
    nothing came of any of them yet, the field is empty.
    """
    newest = sorted(shares, key=lambda share: share.number, reverse=True)
    by_account = [share for account in accounts for share in newest if share.account == account]
    url = next((share.url for share in by_account if share.state is State.SHARED and share.url), "")
    error = "" if url else next(_errors(by_account), "")
    return ShareField(url=url, error=error)


def _errors(shares: Collection[Share]) -> Iterator[str]:
    for share in shares:
        if share.state in _ENDED_WITHOUT and share.error:
            line = " ".join(share.error.split())
            yield line if len(line) <= _LONGEST_ERROR else line[: _LONGEST_ERROR - 1].rstrip() + "…"


# What is gone for a shorter time may be back in a moment: nobody is told that it is solved.
QUIET = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """What is to be told now. over: what went away before anybody was told, and is forgotten without a word."""

    new: tuple[Cause, ...] = ()
    reminders: tuple[Cause, ...] = ()
    solved: tuple[Cause, ...] = ()
    over: tuple[Cause, ...] = ()

    def told(self) -> tuple[Cause, ...]:
        """Everything that is told."""
        return (*self.new, *self.reminders, *self.solved)


def due(causes: Collection[Cause], *, kinds: Collection[str], remind_every: timedelta, now: datetime) -> Notices:
    """What is due of these causes, of the kinds that somebody wants to be told of."""
    wanted = [cause for cause in causes if cause.kind in kinds]
    here = [cause for cause in wanted if cause.gone_at is None]
    gone = [cause for cause in causes if cause.gone_at is not None and cause.gone_at <= now - QUIET]
    return Notices(
        new=tuple(cause for cause in here if cause.told_at is None),
        reminders=tuple(cause for cause in here if cause.told_at is not None and cause.told_at <= now - remind_every),
        solved=tuple(cause for cause in gone if cause.told_at is not None and cause.kind in kinds),
        over=tuple(cause for cause in gone if cause.told_at is None or cause.kind not in kinds),
    )
