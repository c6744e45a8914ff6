"""A daemon that runs over a stage: its clock, its fakes, and what its context is opened with."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

from bot.crosspost.context import Context
from bot.daemon import Daemon
from bot.errors import ConfigError
from tests.unit.crosspost.stage import Stage

SOON = 20.0
PATIENCE = timedelta(seconds=SOON)
TICK = 0.01
NEVER = 100_000.0  # seconds until the second tick


class Running:
    """A daemon over a stage, whose context can be opened anew."""

    def __init__(self, stage: Stage, *, tick_seconds: float = TICK) -> None:
        self.stage = stage
        self.stop = threading.Event()
        self.opened = 0
        self.closed = 0
        self.wrong: list[ConfigError] = []
        self.daemon = Daemon(self.open_context, stop=self.stop, tick_seconds=tick_seconds)

    def open_context(self) -> AbstractContextManager[Context]:
        """The stage's context; or the next error that was put up."""
        return self._open()

    @contextmanager
    def _open(self) -> Iterator[Context]:
        if self.wrong:
            raise self.wrong.pop()
        self.opened += 1
        yield self.stage.context
        self.closed += 1

    def at_look(self, number: int, act) -> None:
        """Do something when the site is looked at for the n-th time from now."""
        listing, looks = self.stage.site.list_new, [0]

        def look(*args, **kwargs):
            looks[0] += 1
            if looks[0] == number:
                act()
            self.stage.clock.forward(self.stage.site_policy.poll_every)
            return listing(*args, **kwargs)

        self.stage.site.list_new = look  # type: ignore[method-assign] # a fake of ours, changed for this test

    @contextmanager
    def hanging_look(self, act) -> Iterator[threading.Event]:
        """The next look does something and then hangs until the end of the block; the event says that it has ended."""
        go, ended = threading.Event(), threading.Event()
        listing = self.stage.site.list_new

        def look(*args, **kwargs):
            act()
            go.wait(2 * SOON)
            ended.set()
            return listing(*args, **kwargs)

        self.stage.site.list_new = look  # type: ignore[method-assign] # a fake of ours, changed for this test
        try:
            yield ended
        finally:
            go.set()
            assert ended.wait(SOON)
