"""The rate limits of the sandbox's Mastodon: fixed windows aligned to the epoch, and the headers that tell of them."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.sandbox.messages import Answer, json_answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most so many in a period; a limit of None is none at all."""

    name: str
    limit: int | None
    period: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What is left of a limit in the present window."""

    limit: int
    remaining: int
    reset_at: datetime

    def headers(self) -> list[tuple[str, str]]:
        """The headers, the reset to the microsecond as Mastodon writes it."""
        return [
            ("X-RateLimit-Limit", str(self.limit)),
            ("X-RateLimit-Remaining", str(self.remaining)),
            ("X-RateLimit-Reset", f"{self.reset_at:%Y-%m-%dT%H:%M:%S.%f}Z"),
        ]


class Windows:
    """Counts events in windows."""

    def __init__(self) -> None:
        self._counts: dict[tuple[Hashable, ...], int] = {}

    def left(self, limit: Limit, key: Hashable, now: datetime) -> Left | None:
        """What is left for a key; None where there is no limit."""
        if limit.limit is None:
            return None
        window = int(now.timestamp() // limit.period.total_seconds())
        used = self._counts.get((limit.name, key, window), 0)
        reset_at = datetime.fromtimestamp((window + 1) * limit.period.total_seconds(), UTC)
        return Left(limit=limit.limit, remaining=max(0, limit.limit - used), reset_at=reset_at)

    def count(self, limit: Limit, key: Hashable, now: datetime) -> None:
        """Count one event."""
        window = int(now.timestamp() // limit.period.total_seconds())
        self._counts[limit.name, key, window] = self._counts.get((limit.name, key, window), 0) + 1


def too_many(left: Left) -> Answer:
    """The 429: nothing was done. There is no Retry-After."""
    return json_answer({"error": "Too many requests"}, status=429, headers=left.headers())
