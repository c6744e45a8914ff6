"""What happened, event by event, kept as it was and made readable only where somebody wants to read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from msgspec import Struct
from msgspec.structs import fields

_LONGEST = 160
_QUIET = ("now", "owner", "until", "lease_until", "sites")


@dataclass(frozen=True, slots=True)
class Event:
    """One call of a port and what came of it; or a note."""

    ms: int
    who: str
    what: str
    arguments: tuple[Any, ...] = ()
    named: Mapping[str, Any] | None = None
    result: Any = None
    is_call: bool = False


class Trace:
    """All events of a run."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def note(self, ms: int, who: str, what: str) -> None:
        """Something happened."""
        self.events.append(Event(ms, who, what))

    def call(
        self, ms: int, who: str, what: str, *, arguments: tuple[Any, ...], named: Mapping[str, Any], result: Any
    ) -> None:
        """A port was called and gave or raised something."""
        self.events.append(Event(ms, who, what, arguments, named, result, is_call=True))

    def lines(self, *, last: int | None = None) -> Iterable[str]:
        """The events as lines, all of them or the last so many."""
        events = self.events if last is None else self.events[-last:]
        return [_line(event) for event in events]


def _line(event: Event) -> str:
    minutes, ms = divmod(event.ms, 60_000)
    time = f"{minutes:5d}:{ms / 1000:06.3f}"
    if not event.is_call:
        return f"{time}  {event.who:<12} {event.what}"
    named = {name: value for name, value in (event.named or {}).items() if name not in _QUIET}
    arguments = [_short(value) for value in event.arguments]
    arguments += [f"{name}={_short(value)}" for name, value in named.items()]
    return f"{time}  {event.who:<12} {event.what}({', '.join(arguments)}) → {_short(event.result)}"


def _short(value: Any) -> str:
    text = _say(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _say(value: Any) -> str:
    """A value in few words: of our own records only what differs from the default."""
    if isinstance(value, BaseException):
        return f"{type(value).__name__}: {value}"
    if isinstance(value, Enum | datetime):
        return f"{value:%H:%M:%S}" if isinstance(value, datetime) else str(value)
    if isinstance(value, Struct):
        return _record(value)
    if isinstance(value, Mapping):
        return _say(tuple(value))
    if isinstance(value, tuple | list | set | frozenset):
        return f"[{', '.join(map(_say, value))}]"
    return "…" if callable(value) else repr(value)


def _record(value: Any) -> str:
    if type(value).__name__ == "Share":
        due = f" due {value.next_attempt_at:%H:%M:%S}" if value.next_attempt_at else ""
        key = f" key {value.idempotency_key[:6]}" if value.idempotency_key else ""
        return f"<{value.site}/{value.post_id}@{value.account}#{value.number} {value.state} {value.attempts}{key}{due}>"
    told = [one for one in fields(value) if one.name != "origin"]  # a file's number: no two runs share it
    names = [one.name for one in told if getattr(value, one.name) not in (one.default, (), None, "", 0)]
    return f"{type(value).__name__}({', '.join(f'{name}={_say(getattr(value, name))}' for name in names)})"
