"""Faults on demand: what a sandbox does wrong, to which requests, and how often.

    instance.faults.add(match="POST /api/v1/statuses", fault=LoseAnswer(), skip=1, times=1)

A fault stands between the request and the work: it may do the work or not, before or after it goes wrong. Anything
with a matching apply() is one.
"""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.sandbox.messages import Answer, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request that a fault is applied to. work() does what was asked and gives the true answer."""

    request: Request
    work: Callable[[], Answer]
    stopping: threading.Event


class Fault(Protocol):
    """Something that goes wrong."""

    def apply(self, exchange: Exchange, /) -> Answer | None:
        """The answer to send, or None where the connection is cut without one."""
        ...


@dataclass(frozen=True, slots=True)
class LoseAnswer:
    """The work is done; the connection is cut without an answer."""

    def apply(self, exchange: Exchange, /) -> Answer | None:
        """Work, then cut."""
        exchange.work()
        return None


@dataclass(slots=True, kw_only=True)
class Rule:
    """Which requests a fault is applied to. matched counts those that fit, fired those that it was applied to."""

    fault: Fault
    pattern: re.Pattern[str]
    with_query: bool
    times: int | None
    skip: int
    matched: int = 0
    fired: int = 0

    def fires(self, request: Request) -> bool:
        """Whether the fault is applied to this request; counts it."""
        target = f"{request.path}?{request.query}" if self.with_query else request.path
        if self.pattern.fullmatch(f"{request.method} {target}") is None:
            return False
        if self.times is not None and self.fired >= self.times:
            return False
        self.matched += 1
        if self.matched <= self.skip:
            return False
        self.fired += 1
        return True


class Faults:
    """The faults of one sandbox. The first rule that fires decides. May be used by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Rule] = []

    def add(self, *, fault: Fault, match: str = "*", times: int | None = None, skip: int = 0) -> Rule:
        """Apply a fault to requests.

        Args:
            fault: what goes wrong.
            match: "METHOD path", where "*" stands for anything, as in "GET */wp/v2/posts*"; without a method, any.
                The query is looked at only where match has a "?".
            times: at most so many; None for always.
            skip: how many fitting requests are left alone first.
        """
        whole = match if match == "*" or " " in match else f"* {match}"
        rule = Rule(
            fault=fault,
            pattern=re.compile(re.escape(whole).replace(r"\*", ".*"), re.DOTALL),
            with_query="?" in match,
            times=times,
            skip=skip,
        )
        with self._lock:
            self._rules.append(rule)
        return rule

    def remove(self, rule: Rule) -> None:
        """Take one rule away."""
        with self._lock:
            self._rules.remove(rule)

    def clear(self) -> None:
        """From now on all is well."""
        with self._lock:
            self._rules.clear()

    def pick(self, request: Request) -> Fault | None:
        """The fault to apply to this request; None where all is well."""
        with self._lock:
            return next((rule.fault for rule in self._rules if rule.fires(request)), None)
