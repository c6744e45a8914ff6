"""What else a sandbox can do wrong; only tests ask for it.

site.faults.add(match="GET /wp-json/wp/v2/posts", fault=Status(503), times=2)
instance.faults.add(fault=Delay(0.2))
"""

import json
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from bot.sandbox.faults import Exchange, Fault
from bot.sandbox.messages import Answer, html_answer, json_answer

_POLL = 0.02

# --- the work is not done -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Status:
    """Nothing is done; this status is answered. body: bytes, a text (HTML), or anything else as JSON."""

    code: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def apply(self, _exchange: Exchange, /) -> Answer | None:
        """Answer without doing anything."""
        headers = tuple(self.headers.items())
        if isinstance(self.body, bytes):
            return Answer(status=self.code, body=self.body, headers=headers)
        if isinstance(self.body, str):
            return html_answer(self.body, status=self.code, headers=headers)
        body = {"error": f"Fault {self.code}"} if self.body is None else self.body
        return json_answer(body, status=self.code, headers=headers)


@dataclass(frozen=True, slots=True)
class CutBefore:
    """Nothing is done; the connection is cut without an answer."""

    def apply(self, _exchange: Exchange, /) -> Answer | None:
        """Cut."""
        return None


@dataclass(frozen=True, slots=True)
class Redirect:
    """Nothing is done; the client is sent elsewhere."""

    code: int
    location: str

    def apply(self, _exchange: Exchange, /) -> Answer | None:
        """Answer with the location."""
        return Answer(status=self.code, headers=(("Location", self.location),))


@dataclass(frozen=True, slots=True)
class Html:
    """Nothing is done; a page for people stands where JSON belongs, with status 200."""

    text: str = "<!DOCTYPE html><title>Just a moment…</title><p>Checking your browser before you go on.</p>"
    code: int = 200

    def apply(self, _exchange: Exchange, /) -> Answer | None:
        """Answer with the page."""
        return html_answer(self.text, status=self.code)


@dataclass(frozen=True, slots=True)
class Replace:
    """Nothing is done; another JSON value is answered, with status 200 unless told."""

    value: Any
    code: int = 200

    def apply(self, _exchange: Exchange, /) -> Answer | None:
        """Answer with the value."""
        return json_answer(self.value, status=self.code)


@dataclass(frozen=True, slots=True)
class Hang:
    """Nothing is done; the request is held until the event or the server's end, and then cut without an answer."""

    event: threading.Event = field(default_factory=threading.Event)

    def apply(self, exchange: Exchange, /) -> Answer | None:
        """Hold, then cut."""
        _wait(self.event, exchange.stopping)
        return None


# --- the work is done ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WorkThen:
    """The work is done, its answer thrown away; then another fault answers: WorkThen(Status(500))."""

    fault: Fault

    def apply(self, exchange: Exchange, /) -> Answer | None:
        """Work, then the other fault."""
        exchange.work()
        return self.fault.apply(exchange)


@dataclass(frozen=True, slots=True)
class Delay:
    """The right answer, late: after so many seconds or once the event is set. when: "before" or "after" the work."""

    until: float | threading.Event
    when: Literal["before", "after"] = "before"

    def apply(self, exchange: Exchange, /) -> Answer | None:
        """Wait and work, or work and wait. Cut where the server stops meanwhile."""
        answer = exchange.work() if self.when == "after" else None
        _wait(self.until, exchange.stopping)
        if exchange.stopping.is_set():
            return None
        return answer or exchange.work()


@dataclass(frozen=True, slots=True)
class Truncate:
    """Only so many bytes of the body leave, under the full Content-Length; then the connection is cut."""

    size: int

    def apply(self, exchange: Exchange, /) -> Answer | None:
        """Work and send the beginning."""
        return replace(exchange.work(), sent=self.size, close=True)


@dataclass(frozen=True, slots=True)
class Shorten:
    """Only so many bytes of the body are there, and Content-Length says so: what a careless proxy cached."""

    size: int

    def apply(self, exchange: Exchange, /) -> Answer | None:
        """Work and send the beginning as if it were all."""
        answer = exchange.work()
        return replace(answer, body=answer.body[: self.size])


@dataclass(frozen=True, slots=True)
class Garble:
    """Text before and after the body: a PHP notice, a byte-order mark, a cache plugin's comment."""

    prefix: str = ""
    suffix: str = ""

    def apply(self, exchange: Exchange, /) -> Answer | None:
        """Work and wrap the body."""
        answer = exchange.work()
        return replace(answer, body=self.prefix.encode() + answer.body + self.suffix.encode())


@dataclass(frozen=True, slots=True)
class Headers:
    """The right answer with other headers: some set, some dropped (a proxy, a cache, a broken clock)."""

    set: Mapping[str, str] = field(default_factory=dict)
    drop: tuple[str, ...] = ()

    def apply(self, exchange: Exchange, /) -> Answer | None:
        """Work and change the headers."""
        answer = exchange.work()
        gone = {name.lower() for name in (*self.set, *self.drop)}
        kept = tuple(pair for pair in answer.headers if pair[0].lower() not in gone)
        return replace(answer, headers=(*kept, *self.set.items()))


@dataclass(frozen=True, slots=True)
class Change:
    """The right answer with its JSON changed, without these headers: Change(lambda posts: posts[:-1])."""

    function: Callable[[Any], Any]
    drop: tuple[str, ...] = ()

    def apply(self, exchange: Exchange, /) -> Answer | None:
        """Work and change the value."""
        answer = exchange.work()
        changed = replace(answer, body=json_answer(self.function(json.loads(answer.body))).body)
        return Headers(drop=self.drop).apply(replace(exchange, work=lambda: changed))


@dataclass(frozen=True, slots=True)
class CloseAfter:
    """The right answer, but the connection is closed afterwards without having been announced."""

    def apply(self, exchange: Exchange, /) -> Answer | None:
        """Work and close."""
        return replace(exchange.work(), close=True)


@dataclass(frozen=True, slots=True)
class Drip:
    """The right answer, but its body comes byte by byte, with so many seconds before each."""

    pace: float

    def apply(self, exchange: Exchange, /) -> Answer | None:
        """Work and send slowly."""
        return replace(exchange.work(), pace=self.pace)


@dataclass(frozen=True, slots=True)
class Sometimes:
    """Another fault with this probability, drawn from rng; else the right answer."""

    fault: Fault
    probability: float
    rng: random.Random

    def apply(self, exchange: Exchange, /) -> Answer | None:
        """The other fault, or the work."""
        return self.fault.apply(exchange) if self.rng.random() < self.probability else exchange.work()


def _wait(until: float | threading.Event, stopping: threading.Event) -> None:
    """Wait for an event or so many seconds, but no longer than the server lives."""
    if not isinstance(until, threading.Event):
        stopping.wait(until)
        return
    while not stopping.is_set() and not until.wait(_POLL):
        pass
