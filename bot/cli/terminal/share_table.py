"""Shares as people read them: a table on a terminal, a line each for programs."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from bot.cli.terminal.output import clean, console, on_terminal, say, say_rows
from bot.report.wording import age, counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from rich.text import Text

    from bot.domain.models import Share

STYLES = {
    "pending": "cyan",
    "sending": "cyan",
    "shared": "green",
    "failed": "red",
    "held": "yellow",
    "unknown": "yellow",
    "skipped": "dim",
}
_OWN_DATE = re.compile(r"\Adated \S+ \S+ UTC, ")
# More shares than this that ended alike are said in one line.
_FEW = 3
_LONGEST_TITLE = 60


def say_shares(shares: Iterable[Share], *, now: datetime) -> None:
    """Print shares: on a terminal as a table, else as lines of POST, ACCOUNT, STATE, TIME, URL or reason, TITLE."""
    if on_terminal():
        _table(list(shares), now=now)
        return
    say_rows(
        (
            share.post_name,
            share.account,
            str(share.state),
            f"{share.created_at:%Y-%m-%dT%H:%M:%SZ}",
            " ".join(filter(None, (share.url, share.error))),
            share.title,
        )
        for share in shares
    )


def say_outcomes(
    shares: Sequence[Share], *, followed: Sequence[Share], unseen: Sequence[str] = (), resting: Sequence[str] = ()
) -> None:
    """Print a line for each share that a pass touched, and how many there are of each state at the end.

    followed: those whose statuses were edited or deleted with their posts; they aren't counted, nothing new came of it.
    unseen: the sites that couldn't be looked at, of which nothing can be said. resting: those that a person lets rest.
    """
    alike = Counter(map(_alike, (share for share in shares if share.state in ("skipped", "held"))))
    many = {key: number for key, number in alike.items() if number > _FEW}
    for (site, state, reason), number in many.items():
        say(f"{state}: {counted(number, 'post')} of {site}: {reason}")
    for share in shares:
        if _alike(share) not in many:
            say(outcome(share))
    for share in followed:
        say(f"followed its post: {outcome(share)}")
    say(_summary(shares, unseen, resting))


def _alike(share: Share) -> tuple[str, str, str]:
    """What shares that are told in one line have in common: site, state, and the reason without the post's own date."""
    return share.site, share.state, _OWN_DATE.sub("", share.error)


def outcome(share: Share) -> str:
    """What became of a share, in a line."""
    if is_adopted(share):
        return f"adopted: {share.name}: {share.url or 'address unknown'} (it was there already; nothing was posted)"
    detail = " ".join(filter(None, (share.url, share.error)))
    said = ": ".join(filter(None, (str(share.state), share.name, detail)))
    due = share.next_attempt_at
    if due is None:
        return said
    is_soon = due.date() == share.updated_at.date()
    return f"{said} (due {due:{'%H:%M:%S' if is_soon else '%Y-%m-%d %H:%M'}} UTC)"


def is_adopted(share: Share) -> bool:
    """Whether a share is on the account by somebody else's doing: howdah took its url over, and sent nothing."""
    return share.state == "shared" and not share.attempts


def _summary(shares: Iterable[Share], unseen: Sequence[str], resting: Sequence[str]) -> str:
    counts = Counter("adopted" if is_adopted(share) else str(share.state) for share in shares)
    said = [f"{number} {state}" for state, number in sorted(counts.items())]
    if unseen:
        said.append(f"{listed(unseen)} could not be looked at")
    if resting:
        said.append(f"{listed(resting)} {'rests' if len(resting) == 1 else 'rest'}, as a person wants it")
    return ", ".join(said) or "nothing new"


def _table(shares: Sequence[Share], *, now: datetime) -> None:
    from rich.table import Table

    if not shares:
        say("No shares.")
        return
    table = Table("POST", "ACCOUNT", "STATE", "AGE", "TITLE, URL OR REASON", box=None, pad_edge=False)
    table.columns[0].no_wrap = table.columns[2].no_wrap = table.columns[3].no_wrap = True
    table.columns[4].overflow = "fold"
    for share in shares:
        table.add_row(
            share.post_name,
            share.account,
            _styled(share.state, STYLES[share.state]),
            age(now - share.created_at),
            _what(share),
        )
    console().print(table)


def _cut(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1].rstrip()}…"


def _styled(text: str, style: str) -> Text:
    from rich.text import Text

    return Text(text, style=style)


def _what(share: Share) -> Text:
    from rich.text import Text

    detail = clean(share.url or share.error)
    style = f"link {share.url}" if share.url else "dim"
    refused = clean(share.error) if share.url else ""
    lines = ((_cut(clean(share.title)), ""), (detail, style), (refused, "yellow"))
    return Text("\n").join([Text(line, style=look) for line, look in lines if line])
