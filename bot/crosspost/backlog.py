"""The backlog: what waits on an account, and how long that will take."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.transitions.budget import SPENDING, STATUSES, UPLOADS, reach
from bot.domain.transitions.forecast import Forecast, forecast

if TYPE_CHECKING:
    from bot.domain.models import AccountState
    from bot.domain.policy import AccountPolicy
    from bot.ports import Store


def backlog(
    store: Store,
    policy: AccountPolicy,
    *,
    sites: Collection[str],
    now: datetime,
    more: int = 0,
    account: AccountState | None = None,
    spent: Sequence[datetime] | None = None,
) -> Forecast | None:
    """How many posts of these sites wait on an account, and when the last of them goes out; None where none waits.

    more: so many are counted in that are to be queued now. account, spent: what is remembered of it, and what it spent
    of its limit lately, where that was just read.
    """
    due = [*store.pending_at(policy.name, sites=sites, now=now), *([now] * more)]
    if not due:
        return None
    return forecast(
        policy,
        due,
        account=account or store.account(policy.name),
        sent=store.sent_at(policy.name, since=now - reach(policy)),
        spent=store.acted_at(policy.name, SPENDING, since=now - STATUSES.period) if spent is None else spent,
        uploaded=store.uploaded_at(policy.name, since=now - UPLOADS.period),
        now=now,
    )
