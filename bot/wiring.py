"""Config → live objects: the one place that names concrete classes. Whatever it opens, it closes."""

from __future__ import annotations

import gc
import random
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.config import Config
    from bot.crosspost.context import Context, Posting, Watched
    from bot.mastodon.sign_in import SignIn
    from bot.ports import Account, Site, Store

    TokenSource = Callable[[str], str | None]


_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
# How long the clock runs by itself before the store's is read again.
_READ_CLOCK_EVERY = timedelta(minutes=1)
# So many accounts have their next status made ahead at once; the others make it in its turn. No more threads than there
# are accounts: the pool begins one more whenever the last isn't back yet, and each keeps memory of its own.
_MAKERS = 8
# Python's own number is for programs that keep less.
_OBJECTS_BETWEEN_COLLECTIONS = 10_000


def steady() -> float:
    """The machine's clock that nobody sets, in seconds. Linux's usual one stands still while the machine sleeps."""
    return time.clock_gettime(_STEADY)


class StoreClock:
    """The time of the store, which everybody who uses it has in common; waiting ends when howdah is to stop.

    It is read once a minute and goes by the machine's own steady clock in between, so that it jumps at most so often.
    """

    def __init__(
        self, stop: threading.Event, *, read: Callable[[], datetime], steady: Callable[[], float] = steady
    ) -> None:
        self._stop = stop
        self._read = read
        self._steady = steady
        self._reading = (self.elapsed(), read())

    def now(self) -> datetime:
        """The present instant, in UTC. Where the store can't be asked, by what it said last."""
        at, instant = self._reading
        here = self.elapsed()
        now = instant + (here - at)
        if here - at > _READ_CLOCK_EVERY:
            with suppress(StoreError):
                now = self._read()
            self._reading = (here, now)
        return now

    def elapsed(self) -> timedelta:
        """How long this machine runs, also while it sleeps."""
        return timedelta(seconds=self._steady())

    def wait(self, duration: timedelta) -> bool:
        """Wait, at most that long; True as soon as howdah has been asked to stop."""
        return self._stop.wait(max(duration.total_seconds(), 0))

    def stopping(self) -> bool:
        """Whether howdah has been asked to stop."""
        return self._stop.is_set()


@contextmanager
def open_store(config: Config) -> Iterator[Store]:
    """The state store alone, for commands that talk to nobody."""
    # SQLAlchemy costs 200 ms: only where a store is opened.
    from bot.store import open_store as open_sql_store

    store = open_sql_store(config.state.url)
    try:
        yield store
    finally:
        store.close()


def no_tokens(_name: str) -> str | None:
    """No token at all: for what instances tell anyone."""
    return None


class StoredRoot:
    """Keeps a site's REST root in the store."""

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self._name = name

    def load(self) -> str:
        """The root that was saved last; '' where there is none."""
        return self._store.site(self._name).root

    def save(self, root: str) -> None:
        """Keep a root; '' forgets it."""
        self._store.remember_root(self._name, root)


@contextmanager
def open_sites(config: Config, store: Store | None) -> Iterator[dict[str, Watched]]:
    """The sites by name, which remember in the store, where there is one, how to reach them. Nothing is asked yet.

    ConfigError where a password can't be had.
    """
    from bot.crosspost.context import Watched
    from bot.wordpress import Http, Login, Ways, WordPressSite  # httpx costs 100 ms: only where it is needed

    passwords = {name: config.password(name) for name in config.sites}
    http = Http()
    try:
        yield {
            name: Watched(
                site=WordPressSite(
                    name,
                    site.url,
                    http=http,
                    allow_private=site.allow_private,
                    memory=StoredRoot(store, name) if store is not None else None,
                    login=Login(user=site.user, password=password.reveal()) if (password := passwords[name]) else None,
                    ways=Ways(
                        post_types=site.post_type,
                        source=site.source,
                        feed_url=site.feed_url,
                        link_host=site.link_host,
                        contact=config.accounts[site.accounts[0]].instance,
                        tell_language=any(filters.languages for filters in (site, *site.only.values())),
                    ),
                ),
                policy=config.site_policy(name),
                host=urlsplit(site.url).netloc.lower(),
            )
            for name, site in config.sites.items()
        }
    finally:
        http.close()


@contextmanager
def open_accounts(
    config: Config, *, token_of: TokenSource, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Iterator[dict[str, Posting]]:
    """The accounts by name; now is the clock that they tell time by. Nothing is asked of them yet; no token is read."""
    from bot.crosspost.context import Posting
    from bot.mastodon import MastodonAccount  # Mastodon.py costs 200 ms: only where it is needed

    used, met = _UsedTokens(config, token_of), config.met_before()
    with ExitStack() as stack:
        accounts = {}
        for name, settings in config.accounts.items():
            policy = config.account_policy(name)
            account = MastodonAccount(
                name,
                settings.instance,
                read_token=partial(used.read, name),
                timeout=policy.timeout,
                allow_private=settings.allow_private,
                now=now,
            )
            stack.callback(account.close)
            accounts[name] = Posting(
                account=account,
                policy=policy,
                instance=settings.instance,
                token_changed=partial(used.changed, name),
                token_error=partial(config.token_error, name),
                token_mark=partial(config.token_mark, name),
                met_before=met.get(name, ()),
            )
        yield accounts


class _UsedTokens:
    """The accounts' tokens, and as which each of them was used last."""

    def __init__(self, config: Config, token_of: TokenSource) -> None:
        self._config = config
        self._token_of = token_of
        self._versions: dict[str, object] = {}
        self._tokens: dict[str, str | None] = {}

    def read(self, name: str) -> str | None:
        """The token as it is now; what it is told by is read, and the token itself where that has changed."""
        version = self._config.token_version(name)  # first, so that no change in between is missed
        if version is None or version != self._versions.get(name):
            self._tokens.pop(name, None)
        self._versions[name] = version
        if name not in self._tokens:
            self._tokens[name] = self._token_of(name)
        return self._tokens[name]

    def changed(self, name: str) -> bool:
        """Whether the token isn't the one that was read last, or its file was written anew; False if never read."""
        return name in self._versions and self._config.token_version(name) != self._versions[name]


@contextmanager
def open_site(name: str, url: str, *, allow_private: bool) -> Iterator[Site]:
    """A site by itself, for before there is a config. Nothing is asked of it yet."""
    from bot.wordpress import Http, WordPressSite

    http = Http()
    try:
        yield WordPressSite(name, url, allow_private=allow_private, http=http)
    finally:
        http.close()


@contextmanager
def open_account(
    name: str, instance: str, *, token: str | None, timeout: timedelta, allow_private: bool
) -> Iterator[Account]:
    """An account by itself, for before there is a config. Nothing is asked of it yet."""
    from bot.mastodon import MastodonAccount

    account = MastodonAccount(name, instance, read_token=lambda: token, timeout=timeout, allow_private=allow_private)
    try:
        yield account
    finally:
        account.close()


@contextmanager
def open_sign_in(instance: str, *, timeout: timedelta, allow_private: bool) -> Iterator[SignIn]:
    """A sign-in at an instance. Nothing is asked of it yet."""
    from bot.mastodon.sign_in import SignIn

    sign_in = SignIn(instance, timeout=timeout, allow_private=allow_private)
    try:
        yield sign_in
    finally:
        sign_in.close()


@contextmanager
def open_context(config: Config, *, stop: threading.Event, token_of: TokenSource) -> Iterator[Context]:
    """Everything, as the config says. Nothing is asked of any site or instance yet.

    Raises StoreError where the store can't be used.
    """
    from concurrent.futures import ThreadPoolExecutor

    from bot.crosspost.context import Context
    from bot.images import PillowFitter  # what composes comes along: only where something is shared
    from bot.store.owners import new_owner

    def now() -> datetime:
        return clock.now()  # of the store, which is opened last

    with (
        open_accounts(config, token_of=token_of, now=now) as accounts,
        open_store(config) as store,
        open_sites(config, store) as sites,
        ThreadPoolExecutor(min(_MAKERS, len(accounts) or 1), thread_name_prefix="ahead") as executor,
    ):
        store.note_addresses(
            sites={name: site.url for name, site in config.sites.items()},
            accounts={name: account.instance for name, account in config.accounts.items()},
            now=store.now(),
        )
        writes = [name for name, site in config.sites.items() if site.write_back]
        store.note_write_back(writes, now=store.now())
        if config.state.url.startswith("sqlite"):
            # One machine. Where several share a store, leases run out.
            _give_back_leases(store)
        clock = StoreClock(stop, read=store.now)
        _begin_collecting()
        yield Context(
            store=store,
            clock=clock,
            sites=sites,
            accounts=accounts,
            fitter=PillowFitter(),
            owner=new_owner(),
            jitter=random.random,
            executor=executor,
        )


def _begin_collecting() -> None:
    """Look for garbage from here on, in what is made from here on."""
    if not gc.isenabled():
        gc.freeze()
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
        gc.enable()


def _give_back_leases(store: Store) -> None:
    """Give back what killed processes of this machine held, so that a restart needn't wait until it runs out."""
    from bot.store.owners import is_gone

    for owner in store.owners():
        if is_gone(owner):
            store.give_back(owner)
