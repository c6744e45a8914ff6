"""What is remembered of sites and accounts, and what is counted and told."""

from datetime import UTC, date, datetime, timedelta

from msgspec import Struct

from bot.domain.models.statuses import Anchor, Limits, RateLimit

# Until a person ends it.
FOREVER = datetime(9999, 12, 31, tzinfo=UTC)

# So many failures in a row, of whatever kind, don't mend themselves: a person is told.
TOLD_AFTER = 3

# No look is ever put off for so long (poll_every ends at 30 days): who reads a later time reads that of a clock that
# was ahead, and goes by none.
FARTHEST = timedelta(days=31)
# Nor is what only the instance or the site makes wait for so long: a pause, an edit, a field that is to be written.
# Who asks for more than a day is asked again after one.
LONGEST_PUT_OFF = timedelta(days=2)


class _Restable(Struct, frozen=True, kw_only=True):
    """What a person may let rest: until then nothing happens there, and nothing but a person ends that sooner."""

    rests_until: datetime | None = None

    def is_at_rest(self, *, now: datetime) -> bool:
        """Whether a person lets it rest now."""
        return self.rests_until is not None and self.rests_until > now

    @property
    def rest_end(self) -> datetime | None:
        """When a rest ends by itself; None where it doesn't."""
        return None if self.rests_until == FOREVER else self.rests_until


class SiteState(_Restable, frozen=True, kw_only=True):
    """What is remembered of a site.

    looked_at: the start of the last complete look, None before the first. activated_at: the start of the first look,
    complete or not. While a site rests it isn't looked at, and none of its posts is shared. write_failures: how often
    in a row it could not be told what became of its posts; write_error: why.
    """

    name: str
    root: str = ""
    looked_at: datetime | None = None
    activated_at: datetime | None = None
    next_look_at: datetime | None = None
    failures: int = 0
    error: str = ""
    write_failures: int = 0
    write_error: str = ""


class AccountState(_Restable, frozen=True, kw_only=True):
    """What is remembered of an account.

    paused_until with its reason: nothing is sent before then, as while it rests. pauses: how many in a row.
    statuses_rate and media_rate: what the last answer of each kind said. latest: the newest own status that is known.
    listed: the visibilities of statuses that the account's listing has ever shown. token_mark: of the token used last,
    a digest; token_owner: the process that had it last, and token_at: when, to a few minutes. origin: the store's, when
    the account's own statuses were read last, and whether they were listed to the end then (read_under).
    unproven_before: of what was shared earlier the store may not know.
    """

    name: str
    paused_until: datetime | None = None
    pause_reason: str = ""
    pauses: int = 0
    limits: Limits | None = None
    limits_at: datetime | None = None
    statuses_rate: RateLimit | None = None
    media_rate: RateLimit | None = None
    latest: Anchor | None = None
    listed: frozenset[str] = frozenset()
    token_mark: str = ""
    token_owner: str = ""
    token_at: datetime | None = None
    origin: str = ""
    unproven_before: datetime | None = None

    def is_paused(self, *, now: datetime) -> bool:
        """Whether the account's own trouble lets it rest now."""
        return self.paused_until is not None and now < self.paused_until <= now + LONGEST_PUT_OFF


class ReadBack(Struct, frozen=True, kw_only=True):
    """How far an account's own statuses were read back: from the newest one then, down to a page's key (before)."""

    newest: str
    before: str


DELAYS = (
    timedelta(minutes=2),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
)
"""The steps by which delays are counted."""


class Day(Struct, frozen=True, kw_only=True):
    """What became of the shares that were queued on a day (UTC).

    delays: how many came by themselves within each of DELAYS after their post was published, and how many later; each
    is counted once.
    """

    date: date
    shared: int
    failed: int
    delays: tuple[int, ...]


class Cause(Struct, frozen=True, kw_only=True):
    """Something that needs a person, as long as it does and its end isn't told.

    key: what it is, the same while it lasts. kind: "account", "failed", "held", "site", "queue", "disk" or "config".
    text: what, where, and the command that helps. since: when it was seen first. told_at: when somebody was told last.
    gone_at: since when it is over.
    """

    key: str
    kind: str
    text: str
    since: datetime
    told_at: datetime | None = None
    gone_at: datetime | None = None
