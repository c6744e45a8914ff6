"""For what watches the daemon: alive, and ready to work. They tell everyone, and so say little."""

from starlette.responses import Response

from bot.web.calls import Access, Call, Path
from bot.web.responses import json_answer

# The ticks without which nothing is shared; the others may take longer to begin.
_NEEDED = {"collect", "deliver"}


def healthz(_call: Call) -> Response:
    """The process answers."""
    return json_answer({"alive": True})


def readyz(call: Call) -> Response:
    """Whether the store can be written to and the ticks work; 503 with the reason where they don't."""
    reason = _trouble(call)
    return json_answer({"ready": not reason, "reason": reason}, status=503 if reason else 200)


def _trouble(call: Call) -> str:
    idle = sorted(_NEEDED & set(call.live.idle()))
    if idle:
        return f"the daemon's ticks don't work: {', '.join(idle)} (the log says why)"
    return call.live.unwritable()


PATHS = (
    Path(path="/healthz", answer=healthz, access=Access.ANYONE, blocks=False),
    Path(path="/readyz", answer=readyz, access=Access.ANYONE),
)
