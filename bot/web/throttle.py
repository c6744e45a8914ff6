"""Wrong passwords are slowed down: each address by itself, and all together."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

FREE_TRIES = 5
LONGEST_WAIT = 900.0  # seconds
FORGOTTEN_AFTER = 3600.0
WRONG_A_MINUTE = 60  # by all addresses together
_MOST_ADDRESSES = 10_000


@dataclass(slots=True)
class _Tries:
    """An address's wrong tries in a row. known: it has given the right password before."""

    wrong: int = 0
    last: float = 0.0
    known: bool = False


class Throttle:
    """Says whether an address may try a password now. May be used by several threads. Times are in seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tries: OrderedDict[str, _Tries] = OrderedDict()
        self._minute = (0.0, 0)  # when it began, and the wrong tries in it

    def begin(self, address: str, *, now: float) -> float:
        """0 where the address may try now, and the try counts as wrong until right() is said; else how long to wait."""
        with self._lock:
            tries = self._of(address, now=now)
            wait = max(_own_wait(tries, now=now), 0.0 if tries.known else self._common_wait(now=now))
            if wait <= 0:
                tries.wrong += 1
                tries.last = now
                began, count = self._minute if now - self._minute[0] < 60 else (now, 0)
                self._minute = (began, count + 1)
            return max(wait, 0.0)

    def right(self, address: str, *, now: float) -> None:
        """The address gave the right password."""
        with self._lock:
            tries = self._of(address, now=now)
            tries.wrong, tries.known = 0, True
            began, count = self._minute
            self._minute = (began, max(count - 1, 0))

    def _of(self, address: str, *, now: float) -> _Tries:
        tries = self._tries.pop(address, None) or _Tries()
        if now - tries.last > FORGOTTEN_AFTER:
            tries.wrong = 0
        self._tries[address] = tries
        if len(self._tries) > _MOST_ADDRESSES:
            self._tries.popitem(last=False)
        return tries

    def _common_wait(self, *, now: float) -> float:
        began, count = self._minute
        return began + 60 - now if count >= WRONG_A_MINUTE and now - began < 60 else 0.0


def _own_wait(tries: _Tries, *, now: float) -> float:
    beyond = tries.wrong - FREE_TRIES
    if beyond < 0:
        return 0.0
    return tries.last + min(2.0 ** min(beyond, 30), LONGEST_WAIT) - now
