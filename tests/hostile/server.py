"""A loopback server that says whatever a test wants it to say."""

from collections.abc import Callable

from bot.sandbox.messages import Answer, Request
from bot.sandbox.server import SandboxServer

Say = Callable[[Request], Answer]


def saying(answer: Answer) -> Say:
    """A script of one answer."""
    return lambda _: answer


class ScriptedServer(SandboxServer):
    """Answers every request with what `say` makes of it."""

    def __init__(self) -> None:
        super().__init__()
        self.say: Say = lambda _: Answer(status=404)

    def answer(self, request: Request) -> Answer:
        """What the script says."""
        return self.say(request)

    def begin(self, say: Say) -> None:
        """A new script; what was asked before is forgotten."""
        with self.lock:
            self.say = say
            self.requests.clear()
