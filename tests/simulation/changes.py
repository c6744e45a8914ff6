"""Changes of a status that stands: what the client hears of an edit, a deletion or a boost, and whether it was made."""

import random
from collections.abc import Callable
from typing import TypeVar

from bot.domain.answers import Barred, DeleteReply, NotSent, Reply, Throttled, Unanswered
from tests.simulation.instance import Instance
from tests.simulation.scenario import Ill

ReplyType = TypeVar("ReplyType", bound=Reply | DeleteReply)
_OFTEN = 0.3
_No = Unanswered | NotSent | Barred | Throttled
# What the client hears, and whether the change is made.
_MISHAPS: dict[str, tuple[_No, bool]] = {
    "answer lost": (Unanswered(message="timeout"), True),
    "request lost": (Unanswered(message="timeout"), False),
    "500, done": (Unanswered(message="500"), True),
    "503, not done": (Unanswered(message="503"), False),
    "never sent": (NotSent(message="DNS"), False),
    "401": (Barred(code=401, message="once"), False),
    "429": (Throttled(message="once"), False),
}


def change(instance: Instance, jitter: random.Random, work: Callable[[], ReplyType]) -> ReplyType | _No:
    """Ask an instance for a change, and hear what becomes of it."""
    world = instance.world
    world.sleep(jitter.randint(20, 400))
    told = NotSent(message="connection refused") if instance.outage == "down" else instance.no()
    if told is not None:
        return told
    if world.calm or not instance.settings.has(Ill.PUBLISH) or jitter.random() >= _OFTEN * instance.settings.harshness:
        return work()
    kind = jitter.choice(tuple(_MISHAPS))
    world.strike(f"change: {kind}")
    heard, done = _MISHAPS[kind]
    if done:
        work()
    return heard
