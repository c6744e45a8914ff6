"""The JSON that programs are told: the same objects on the command line and in the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.domain.models import AccountState, Attempt, Share, SiteState
    from bot.report.health import Health, Queue

Json = dict[str, Any]

BY_HAND = "paused by hand"


def instant(at: datetime | None) -> str | None:
    """An instant as JSON has it: UTC, "…Z", with milliseconds where there are any; None where there is none."""
    if at is None:
        return None
    spec = "milliseconds" if at.microsecond else "seconds"
    return at.isoformat(timespec=spec).replace("+00:00", "Z")


def known_id(post_id: int) -> int | None:
    """A post's id as its site has it; None where the site gave none, and the id is one of ours."""
    return post_id if post_id > 0 else None


def share_line(share: Share) -> Json:
    """A share as `list --json` prints it. share_on_mastodon has the shape that WordPress shows: a url or an error."""
    return {
        "site": share.site,
        "post_id": known_id(share.post_id),
        "link": share.link,
        "title": share.title,
        "account": share.account,
        "number": share.number,
        "state": str(share.state),
        "share_on_mastodon": {"url": share.url, "error": "" if share.url else share.error},
        "attempts": share.attempts,
        "next_attempt_at": instant(share.next_attempt_at),
        "created_at": instant(share.created_at),
        "updated_at": instant(share.updated_at),
    }


def post_object(site: str, post_id: int, known: Sequence[tuple[Share, tuple[Attempt, ...]]]) -> Json:
    """All that is known of a post, as `show --json` prints it. known: its shares with their histories, oldest first."""
    newest, _ = known[-1]
    return {
        "site": site,
        "post_id": known_id(post_id),
        "link": newest.link,
        "title": newest.title,
        "shares": [
            {
                **share_line(share),
                "text": share.status.text if share.status else None,
                "history": [_attempt(attempt) for attempt in history],
            }
            for share, history in known
        ],
    }


def _attempt(attempt: Attempt) -> Json:
    return {
        "at": instant(attempt.at),
        "step": attempt.step,
        "outcome": attempt.outcome,
        "detail": attempt.detail,
    }


def status_object(health: Health, needs: list[str]) -> Json:
    """Health at a glance, as `status --json` prints it; "ok" is false where a person is needed."""
    return {
        "ok": not needs,
        "sites": [site_object(site, now=health.now) for site in health.sites],
        "accounts": [account_object(account, health) for account in health.accounts],
        "shares": dict(health.counts),
        "oldest_pending": share_line(health.oldest_pending) if health.oldest_pending else None,
        "needs_person": needs,
        "at_work": not health.overdue,
    }


def site_object(site: SiteState, *, now: datetime) -> Json:
    """A site, as `status --json` prints it. paused_until is null where only a person ends the pause."""
    rests = site.is_at_rest(now=now)
    return {
        "site": site.name,
        "root": site.root,
        "looked_at": instant(site.looked_at),
        "next_look_at": instant(site.next_look_at),
        "failures": site.failures,
        "error": site.error,
        "paused_until": instant(site.rest_end) if rests else None,
        "pause_reason": BY_HAND if rests else "",
    }


def account_object(account: AccountState, health: Health) -> Json:
    """An account, as `status --json` prints it. paused_until is null where only a person ends the pause."""
    until, reason = _pause(account, now=health.now)
    budget, queue = health.budgets[account.name], health.queues[account.name]
    return {
        "account": account.name,
        "paused_until": instant(until),
        "pause_reason": reason,
        "statuses_left": budget.left,
        "statuses_reset_at": instant(budget.resets_at),
        "max_characters": account.limits.max_characters if account.limits else None,
        "waiting": queue.waiting,
        "last_at": instant(_last_at(account, queue, now=health.now)),
        "held_up_by": list(queue.forecast.held_up_by) if queue.forecast else [],
        "waits_for": share_line(queue.unknown) if queue.unknown else None,
    }


def _pause(account: AccountState, *, now: datetime) -> tuple[datetime | None, str]:
    """Until when an account rests, and why; a person's wish comes before the account's own trouble."""
    if account.is_at_rest(now=now):
        return account.rest_end, BY_HAND
    return (account.paused_until, account.pause_reason) if account.is_paused(now=now) else (None, "")


def _last_at(account: AccountState, queue: Queue, *, now: datetime) -> datetime | None:
    """When the last of what waits goes out; None where nothing waits, or nobody can tell."""
    endless = account.is_at_rest(now=now) and account.rest_end is None
    return None if queue.forecast is None or queue.unknown or endless else queue.forecast.last_at
