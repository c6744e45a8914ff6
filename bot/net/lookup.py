"""Looking up a name, bounded in time: the system's resolver knows no timeout but its own, which may be minutes."""

import socket
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread

Resolve = Callable[[str, int], list[str]]


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, by the system's resolver, each once. Raises OSError, or UnicodeError for an odd name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def look_up(host: str, port: int, *, seconds: float | None, resolve: Resolve = resolve) -> list[str]:
    """What a resolver says within so many seconds (None: however long it takes); TimeoutError after that.

    Raises what the resolver raises. One that is too late is left to itself: its thread ends when the system gives up,
    and holds up nobody's exit.
    """
    answers: SimpleQueue[list[str] | OSError | UnicodeError] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(host, port))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    Thread(target=ask, name="lookup", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty as error:
        raise TimeoutError(f"the name {host} could not be resolved in time") from error
    if isinstance(answer, Exception):
        raise answer
    return answer
