"""What a test has an instance answer."""

from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

ReplyType = TypeVar("ReplyType")


class Script(Generic[ReplyType]):
    """What the next requests of one kind are answered with, each once, in order."""

    def __init__(self) -> None:
        self._replies: deque[tuple[ReplyType, bool]] = deque()

    def add(self, reply: ReplyType, *, done: bool) -> None:
        """Answer one more with this; done: what is asked for is done all the same."""
        self._replies.append((reply, done))

    def clear(self) -> None:
        """Answer none of them."""
        self._replies.clear()

    def play(self, do: Callable[[], ReplyType]) -> ReplyType:
        """The next reply; what doing it comes to where there is none."""
        if not self._replies:
            return do()
        reply, done = self._replies.popleft()
        if done:
            do()
        return reply
