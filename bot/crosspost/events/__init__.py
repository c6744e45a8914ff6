"""What happens, as values: each is logged as a sentence with fields, and handed to whoever listens.

The name and the fields of an event are interface: they are what `--log-format json` prints. The events themselves are
in process.py, sites.py and shares.py.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import ClassVar

from msgspec import Struct

log = logging.getLogger("howdah")


class Event(Struct, frozen=True, kw_only=True):
    """Something that happened.

    NAME is what the log calls it, LEVEL is logging's. SENTENCE is for people, a format of the event itself as {0}.
    LOGGED names the fields that the log prints beside the sentence, where those are not all. With TRACEBACK the error
    in hand is logged with its traceback.
    """

    NAME: ClassVar[str]
    LEVEL: ClassVar[int] = logging.INFO
    SENTENCE: ClassVar[str]
    LOGGED: ClassVar[tuple[str, ...] | None] = None
    TRACEBACK: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """What the log calls it."""
        return self.NAME

    @property
    def level(self) -> int:
        """How grave it is, as logging counts."""
        return self.LEVEL

    def sentence(self) -> str:
        """What happened, for people."""
        return self.SENTENCE.format(self)

    def fields(self) -> dict[str, object]:
        """What happened, for machines; instants in ISO 8601."""
        names = self.LOGGED if self.LOGGED is not None else self.__struct_fields__
        values = {name: getattr(self, name) for name in names}
        return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


Listener = Callable[[Event], None]
_listeners: list[Listener] = []


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Hand every event of this process to a listener meanwhile, in the thread that it happens in.

    It is called whatever the log shows. What it raises is logged and goes no further.
    """
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def tell(event: Event) -> None:
    """Log an event and hand it to the listeners."""
    extra = {"event": event.name, **event.fields()}
    log.log(event.level, "%s", event.sentence(), extra=extra, exc_info=event.TRACEBACK or None, stacklevel=2)
    for listener in tuple(_listeners):
        try:
            listener(event)
        except Exception:  # the work goes on, whatever becomes of a count or a notice
            log.exception("a listener failed at %s", event.name, extra={"event": "listener_failed"})
