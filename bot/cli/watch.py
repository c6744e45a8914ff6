"""The watch beside the daemon: it notes what needs a person, has people told, and sends the heartbeat.

It works in a thread of its own, since telling may take a while; nothing of the daemon waits for it. Without [alerts]
nothing of receivers and heartbeat is imported.
"""

from __future__ import annotations

import threading
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.cli import redaction
from bot.crosspost.events import listening
from bot.crosspost.events import tell as tell_event
from bot.errors import HowdahError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from datetime import datetime

    from bot.alerts import Heartbeat, Receivers
    from bot.config import Config
    from bot.crosspost.context import Context
    from bot.crosspost.events import Event
    from bot.ports import Store
    from bot.ports.notifier import Notifier
    from bot.report.health import Health

EVERY = timedelta(seconds=3)
BEAT_EVERY = timedelta(minutes=1)
# The ticks without which nothing is shared: while one of them doesn't work, no heart beats.
NEEDED = frozenset({"collect", "deliver"})


def receivers_of(config: Config) -> Receivers | None:
    """Those who are told; None where nobody is. ConfigError for an address that is none, with its place."""
    table = config.settings.alerts
    if table is None:
        return None
    addresses = config.alert_addresses()
    if not addresses:
        return None
    from bot.alerts import Receivers

    for _, address in addresses:
        redaction.remember(address.reveal())
    return Receivers([(key, address.reveal()) for key, address in addresses], allow_private=table.allow_private)


def heartbeat_of(config: Config) -> Heartbeat | None:
    """The heartbeat; None where the config has none."""
    table = config.settings.alerts
    if table is None or not table.heartbeat.reveal():
        return None
    from bot.alerts import Heartbeat

    return Heartbeat(redaction.remember(table.heartbeat.reveal()), allow_private=table.allow_private)


class WatchedConfig:
    """One reading of the config: what is watched, and who is told. since: when it was read, where a daemon watches."""

    def __init__(
        self,
        config: Config,
        context: Context,
        *,
        receivers: Notifier | None,
        heartbeat: Heartbeat | None,
        since: datetime | None = None,
    ) -> None:
        self.context = context
        self.heartbeat = heartbeat
        self._config = config
        self._receivers = receivers
        self._since = since

    def close(self) -> None:
        """Close the heartbeat's connections."""
        if self.heartbeat is not None:
            self.heartbeat.close()

    def look(self, *, rejected: str) -> tuple[str, ...] | None:
        """Note what needs a person now, and tell what is due; who could not be told, None where nothing was due."""
        from bot.report.health import health_of

        now, store = self.context.clock.now(), self.context.store
        health = health_of(self._config, store, now=now, working_since=self._since)
        return _note(self._config, store, health, self._receivers, rejected=rejected)


class Watch:
    """Through every reading of the config. idle: the daemon's ticks that don't work."""

    def __init__(self, idle: Callable[[], Collection[str]], *, every: timedelta = EVERY) -> None:
        self._idle = idle
        self._every = every
        self._rejected = ""
        self._trouble: dict[str, tuple[str, ...]] = {}
        self._beaten: timedelta | None = None

    def hear(self, event: Event) -> None:
        """Remember what became of the config when it was to be read anew."""
        from bot.crosspost.events.process import Reloaded, ReloadFailed

        if isinstance(event, ReloadFailed):
            self._rejected = "; ".join(event.error.splitlines())
        elif isinstance(event, Reloaded):
            self._rejected = ""

    @contextmanager
    def over(self, config: Config, context: Context) -> Iterator[None]:
        """Watch this context, by its config. ConfigError where a receiver's address is none."""
        ended = threading.Event()
        with ExitStack() as stack:
            watched = WatchedConfig(
                config,
                context,
                receivers=receivers_of(config),
                heartbeat=heartbeat_of(config),
                since=context.clock.now(),
            )
            stack.callback(watched.close)
            stack.enter_context(listening(self.hear))
            # The heart has a thread of its own: receivers that don't answer must not look like a daemon that is gone.
            acts: dict[str, Callable[[], tuple[str, ...] | None]]
            acts = {"notice": lambda: watched.look(rejected=self._rejected)}
            if watched.heartbeat is not None:
                acts["heartbeat"] = lambda: self._beat(watched)
            threads = [
                threading.Thread(target=self._run, args=(what, act, ended), name=what, daemon=True)
                for what, act in acts.items()
            ]
            for thread in threads:
                thread.start()
            try:
                yield
            finally:
                ended.set()
                for thread in threads:
                    thread.join(self._every.total_seconds() / len(threads))

    def _run(self, what: str, act: Callable[[], tuple[str, ...] | None], ended: threading.Event) -> None:
        """Act every few seconds; whatever goes wrong is logged, and the next time may do better."""
        while not ended.wait(self._every.total_seconds()):
            try:
                self._say(what, act(), ended)
                self._say(f"{what}: trouble", (), ended)
            except HowdahError as error:  # a store that can't be asked now
                self._say(f"{what}: trouble", (str(error),), ended)
            except Exception as error:  # noqa: BLE001 - a mistake here must not end the watch without a word
                self._say(f"{what}: trouble", (f"unexpected: {error!r}",), ended)

    def _beat(self, watched: WatchedConfig) -> tuple[str, ...] | None:
        """Beat once a minute, as long as the ticks really work; what went wrong, None where none was due."""
        now = watched.context.clock.elapsed()
        due = self._beaten is None or now - self._beaten >= BEAT_EVERY
        if watched.heartbeat is None or not due or NEEDED & set(self._idle()):
            return None
        self._beaten = now
        failed = watched.heartbeat.success()
        return (failed,) if failed else ()

    def _say(self, what: str, trouble: tuple[str, ...] | None, ended: threading.Event) -> None:
        """Log what went wrong with it, once until it goes otherwise. None: it wasn't tried."""
        from bot.crosspost.events.process import NoticeFailed

        if trouble is None or ended.is_set():
            return
        for one in sorted(set(trouble) - set(self._trouble.get(what, ()))):
            tell_event(NoticeFailed(error=one))
        self._trouble[what] = trouble


def look_once(config: Config, store: Store, health: Health, receivers: Notifier | None) -> tuple[str, ...]:
    """For a pass from cron: note what needs a person, and have told what is due; who could not be told."""
    return _note(config, store, health, receivers, rejected="") or ()


@contextmanager
def beating(config: Config) -> Iterator[None]:
    """Say to the heartbeat that a pass begins, and how it ended, with the reason where it ended badly."""
    heartbeat = heartbeat_of(config)
    if heartbeat is None:
        yield
        return
    try:
        _tell_failure(heartbeat.start())
        try:
            yield
        except BaseException as error:
            _tell_failure(heartbeat.fail(redaction.hide(_words(error))))
            raise
        _tell_failure(heartbeat.success())
    finally:
        heartbeat.close()


def _note(
    config: Config, store: Store, health: Health, receivers: Notifier | None, *, rejected: str
) -> tuple[str, ...] | None:
    """Note what needs a person by now, and have told what is due; who could not be told, None where nothing was due."""
    from bot.report.alerts import causes_of, tell

    present = causes_of(health, store, rejected=rejected)
    if {one.key for one in present} != {one.key for one in health.causes if one.gone_at is None}:
        store.note_causes(present, now=health.now)  # only then: each write goes down to the disk
    table = config.settings.alerts
    if table is None or receivers is None:
        return None
    return tell(store, receivers, kinds=table.on, remind_every=table.remind_every, now=health.now)


def _words(error: BaseException) -> str:
    lines = getattr(error, "lines", None)
    return "\n".join(lines) if lines else str(error) or type(error).__name__


def _tell_failure(failed: str) -> None:
    if failed:
        from bot.crosspost.events.process import NoticeFailed

        tell_event(NoticeFailed(error=failed))
