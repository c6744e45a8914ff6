"""What is counted as it happens, for /metrics: attempts, what reconciling found, delays, notices of sites."""

from collections.abc import Callable
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics

from bot.crosspost.events import Event
from bot.crosspost.events.shares import ImageUploaded, ShareChanged
from bot.crosspost.events.sites import NoticeTaken
from bot.domain.models import State
from bot.errors import StoreError

_MINUTE = 60
_BOUNDS = (5, 15, 30, 60, 90, 120, 180, 5 * _MINUTE, 15 * _MINUTE, 60 * _MINUTE, 360 * _MINUTE, 1440 * _MINUTE)


def _unknown(_site: str, _post_id: int) -> datetime | None:
    return None


class Counters:
    """Counts events. published_at: when a post was published, by its site's name and its id."""

    def __init__(self) -> None:
        self.published_at: Callable[[str, int], datetime | None] = _unknown
        disable_created_metrics()  # type: ignore[no-untyped-call] # nobody asks when a counter began
        self.registry = CollectorRegistry()
        self._attempts = Counter(
            "howdah_attempts",
            "What came of each attempt at something with a share.",
            ["account", "step", "outcome"],
            registry=self.registry,
        )
        self._reconciled = Counter(
            "howdah_reconciled",
            "What looking for a status whose publish went unanswered came to.",
            ["account", "outcome"],
            registry=self.registry,
        )
        self._notices = Counter(
            "howdah_notices",
            "What sites announced, and what was sent in their name.",
            ["site", "outcome"],
            registry=self.registry,
        )
        self._delay = Histogram(
            "howdah_publication_delay_seconds",
            "From a post's publication to its status; of shares that nobody asked for by hand.",
            ["account"],
            buckets=_BOUNDS,
            registry=self.registry,
        )

    def count(self, event: Event) -> None:
        """Count an event; most are none of ours."""
        if isinstance(event, NoticeTaken):
            self._notices.labels(event.site, event.outcome).inc()
        elif isinstance(event, ShareChanged):
            self._count_change(event)
        elif isinstance(event, ImageUploaded):
            self._attempts.labels(event.account, "upload", event.outcome).inc()

    def _count_change(self, event: ShareChanged) -> None:
        share, attempt = event.change.share, event.change.attempt
        self._attempts.labels(share.account, attempt.step, attempt.outcome).inc()
        if attempt.step == "reconcile":
            self._reconciled.labels(share.account, attempt.outcome).inc()
        delay = self._took(event)
        if delay is not None:
            self._delay.labels(share.account).observe(delay.total_seconds())

    def _took(self, event: ShareChanged) -> timedelta | None:
        """How long a status took that has just appeared; None for everything else."""
        share = event.change.share
        is_new = share.state is State.SHARED and event.before.state is not State.SHARED
        if not is_new or share.asked or share.sent_at is None:
            return None
        try:
            published = self.published_at(share.site, share.post_id)
        except StoreError:
            return None  # a count less is no harm
        return max(share.sent_at - published, timedelta(0)) if published is not None else None
