"""The web part through the daemon's life: one server, whatever is read anew behind it."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.crosspost.events import listening
from bot.web.app import build
from bot.web.calls import ProcessState
from bot.web.live import Live
from bot.web.routes import PATHS
from bot.web.server import Server


class Web:
    """Shows what it is given, from the moment on that it is given something.

    When the config is read anew, the new context is opened before the old one is closed: serving() of the new one
    begins within that of the old one, and the server goes on, or moves where it is to listen elsewhere.
    """

    def __init__(self) -> None:
        self._process = ProcessState()
        self._server: Server | None = None
        self._live: Live | None = None

    @contextmanager
    def serving(self, live: Live) -> Iterator["Web"]:
        """Show this until something else is shown. RefusedError where its address can't be listened on."""
        self._show(live)
        self._process.counters.published_at = live.context.store.published_at
        try:
            with listening(self._process.counters.count):
                yield self
        finally:
            if self._live is live:
                self._end()

    @property
    def address(self) -> tuple[str, int]:
        """Where it is listened. Only while something is shown."""
        if self._server is None:
            raise AssertionError("nothing is shown")
        return self._server.address

    def _show(self, live: Live) -> None:
        place = (live.settings.host, live.settings.port)
        if self._server is not None and self._server.place == place:
            self._live = live
            return
        server = Server(build(self._current, paths=PATHS, process=self._process), host=place[0], port=place[1])
        before, self._server, self._live = self._server, server, live
        server.start()
        if before is not None:
            before.stop()

    def _current(self) -> Live:
        if self._live is None:
            raise AssertionError("nothing is shown")
        return self._live

    def _end(self) -> None:
        if self._server is not None:
            self._server.stop()
        self._server = self._live = None
