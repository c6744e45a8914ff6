"""What the use cases work with: ports and policies, put together by the wiring."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from datetime import datetime, timedelta

from msgspec import Struct, field

from bot.crosspost.quiet import QuietSites
from bot.domain.models import Post, Profile, SiteInfo
from bot.domain.notices import KeptNotice
from bot.domain.policy import AccountPolicy, SitePolicy
from bot.ports import Account, Clock, ImageFitter, Site, Store

# What a lease lasts beyond the two calls (one read, one publish) that may follow its last extension.
_LEASE_MARGIN = timedelta(seconds=5)


def _never() -> bool:
    return False


class Watched(Struct, frozen=True, kw_only=True):
    """A site and what its owner decided about it. host: whom it is asked of; several sites may have one."""

    site: Site
    policy: SitePolicy
    host: str = ""


class Posting(Struct, frozen=True, kw_only=True):
    """An account and what its owner decided about it.

    instance: its address, part of every idempotency key. token_changed: whether its token was replaced since this
    process used it last. token_error: why there is none now, '' where there is one; token_mark: a digest of it, ''
    where there is none. met_before: the accounts of its instance that the config names before it, and that the same
    post may go to.
    """

    account: Account
    policy: AccountPolicy
    instance: str
    token_changed: Callable[[], bool] = _never
    token_error: Callable[[], str] = str
    token_mark: Callable[[], str] = str
    met_before: tuple[str, ...] = ()


def _nobody(_kept: KeptNotice) -> None:
    """It stays in the store until somebody works on it."""


class Inbox:
    """Hands notices on, as they arrive while howdah runs, to whoever works on them. The store keeps them."""

    def __init__(self) -> None:
        self._take: Callable[[KeptNotice], None] = _nobody

    def connect(self, take: Callable[[KeptNotice], None]) -> None:
        """Hand notices to this from now on; it must not take long, nor raise."""
        self._take = take

    def put(self, kept: KeptNotice) -> None:
        """Hand a notice on."""
        self._take(kept)


class Remembered(Struct, frozen=True, kw_only=True):
    """What this process has learnt, by the names of sites and accounts: it saves requests, and nothing is lost with it.

    Each for as long as the process runs. Several threads may use it. What is called elapsed here is when it was, as
    Clock.elapsed counts.
    """

    site_info: dict[str, tuple[SiteInfo, timedelta]] = field(default_factory=dict)
    """Site → what it said of itself, elapsed."""

    namespaces: dict[str, tuple[frozenset[str], timedelta]] = field(default_factory=dict)
    """Site → the REST namespaces that it announced, elapsed."""

    just_read: dict[tuple[str, int], tuple[Post, datetime]] = field(default_factory=dict)
    """(Site, post) → the post as it was announced and read, when: it isn't read twice."""

    put_off: dict[tuple[str, str], tuple[int, timedelta]] = field(default_factory=dict)
    """(Site, notice) → how often its site could not be asked, until when (elapsed) it is left alone."""

    profiles: dict[str, Profile] = field(default_factory=dict)
    """Account → whose its token is."""

    caught_up: dict[str, str] = field(default_factory=dict)
    """Account → the store's origin at the time when this process has caught up with it."""

    read_at: dict[str, tuple[timedelta, datetime | None]] = field(default_factory=dict)
    """Account → when (elapsed) its own statuses were read last for what others sent there, and since when."""

    tokenless: dict[str, str] = field(default_factory=dict)
    """Account → why this process can't read its token; it leaves the account alone."""

    def forget_account(self, name: str) -> None:
        """Ask anew who an account is and what it has."""
        for known in (self.profiles, self.caught_up, self.read_at):
            known.pop(name, None)


class Context(Struct, frozen=True, kw_only=True):
    """Everything that a use case may need.

    owner: this process's name on leases, unique among all that share the store. jitter: draws the jitter, in [0, 1).
    remembered: what this process has learnt. inbox: what arrives. executor: who makes the next status while one is on
    its way; None where nobody does. quiet: where nothing is new, for a process that goes on looking; None for one that
    ends.
    """

    store: Store
    clock: Clock
    sites: Mapping[str, Watched]
    accounts: Mapping[str, Posting]
    fitter: ImageFitter
    owner: str
    jitter: Callable[[], float]
    remembered: Remembered = field(default_factory=Remembered)
    quiet: QuietSites | None = None
    inbox: Inbox = field(default_factory=Inbox)
    executor: Executor | None = None


def lease_length(policy: AccountPolicy) -> timedelta:
    """How long a lane's lease lasts: longer than any publish that begins under it can take."""
    return 2 * policy.timeout + _LEASE_MARGIN
