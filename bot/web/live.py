"""What the pages show: the daemon's context by the config as it stands, replaced when the config is read anew."""

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Network
from typing import Generic, TypeVar

from msgspec import Struct

from bot.crosspost.context import Context, Posting, Watched
from bot.domain.models import Day
from bot.domain.policy import AccountPolicy, SitePolicy
from bot.errors import StoreError
from bot.ports import Clock
from bot.report.health import Health, health_of
from bot.web.site_reader import Reader

_Value = TypeVar("_Value")
CHART_DAYS = 30
_CHARTED = timedelta(days=CHART_DAYS - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """What the config says of the web part.

    read_password: the password file's text, read now; it raises ConfigError where there is none to be had. hook_key:
    what a site signs its notices with, likewise; None where it sends none.
    """

    host: str
    port: int
    read_password: Callable[[], str] = field(repr=False)
    hook_key: Callable[[str], bytes | None] = field(default=lambda _site: None, repr=False)
    metrics_public: bool = False
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()


class _Known(Struct, frozen=True):
    """A context as what health is asked about."""

    context: Context

    @property
    def sites(self) -> Mapping[str, Watched]:
        """The sites by name."""
        return self.context.sites

    @property
    def accounts(self) -> Mapping[str, Posting]:
        """The accounts by name."""
        return self.context.accounts

    def site_policy(self, name: str) -> SitePolicy:
        """What a site's owner decided."""
        return self.context.sites[name].policy

    def account_policy(self, name: str) -> AccountPolicy:
        """What an account's owner decided."""
        return self.context.accounts[name].policy


class Cached(Generic[_Value]):
    """A value that takes a while to find out: found out once in the time that it is kept, by one thread at a time."""

    def __init__(self, find: Callable[[], _Value], *, clock: Clock, kept_for: timedelta) -> None:
        self._find = find
        self._clock = clock
        self._kept_for = kept_for
        self._lock = threading.Lock()
        self._found: tuple[timedelta, _Value] | None = None

    def get(self) -> _Value:
        """The value, no older than it may be."""
        with self._lock:
            now = self._clock.elapsed()
            if self._found is None or now - self._found[0] >= self._kept_for:
                self._found = (now, self._find())
            return self._found[1]

    def forget(self) -> None:
        """Find it out anew the next time."""
        with self._lock:
            self._found = None


class Live:
    """What the pages work with. One for each reading of the config.

    idle: the daemon's ticks that don't work. find_post: the site and the id of the post that a person means by a
    text; its site is asked where it has to be. It raises as the commands do.
    """

    def __init__(
        self,
        *,
        context: Context,
        settings: WebSettings,
        idle: Callable[[], Collection[str]],
        find_post: Callable[[str], tuple[str, int]],
    ) -> None:
        self.context = context
        self.settings = settings
        self.idle = idle
        self.find_post = find_post
        known, clock, since = _Known(context), context.clock, context.clock.now()
        self._health = Cached(
            lambda: health_of(known, context.store, now=clock.now(), working_since=since),
            clock=clock,
            kept_for=timedelta(seconds=1),
        )
        self.reader = Reader(context)
        self._days = Cached(
            lambda: context.store.days(since=_midnight(context) - _CHARTED), clock=clock, kept_for=timedelta(minutes=1)
        )
        self._unwritable = Cached(lambda: _unwritable(context), clock=clock, kept_for=timedelta(seconds=5))

    def health(self) -> Health:
        """How it stands with all, at most a second old: many readers cost the store no more than one."""
        return self._health.get()

    def days(self) -> tuple[Day, ...]:
        """What the chart shows, at most a minute old."""
        return self._days.get()

    def unwritable(self) -> str:
        """Why nothing can be written to the store, in words for everyone; '' where it can, or could seconds ago."""
        return self._unwritable.get()

    def changed(self) -> None:
        """Something was changed from here: whoever looks next sees it."""
        self._health.forget()


def _midnight(context: Context) -> datetime:
    return context.clock.now().replace(hour=0, minute=0, second=0, microsecond=0)


def _unwritable(context: Context) -> str:
    try:
        context.store.try_writing()
    except StoreError:
        return "the state store can't be written to (`howdah check` says why)"
    return ""
