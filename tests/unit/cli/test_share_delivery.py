"""Delivering what a person asked for, and waiting for it."""

import threading
from collections.abc import Collection
from datetime import datetime, timedelta

from bot.cli.commands.share_delivery import deliver
from bot.cli.terminal.spinner import Spinner
from bot.domain.models import Share, State
from tests.fakes.store import FakeStore
from tests.unit.crosspost.stage import Stage


class SlowStore(FakeStore):
    """On a machine so slow that the first two readings take two seconds each; before them no account is attended to."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage, self._readings = stage, 0

    def get(self, share_ids: Collection[int]) -> tuple[Share, ...]:
        """The shares as they are."""
        self._readings += 1
        if self._readings <= 2:
            self._stage.clock.forward(timedelta(seconds=2))
        return super().get(share_ids)

    def due_accounts(self, names: Collection[str], *, sites: Collection[str], now: datetime) -> tuple[str, ...]:
        """The accounts that have something due."""
        return super().due_accounts(names, sites=sites, now=now) if self._readings > 2 else ()


def test_a_slow_machine() -> None:
    """However long it takes to look at a share that is due: it is waited for, not put off."""
    stage = Stage()
    stage.store = SlowStore(stage)
    context = stage.context_of("this")
    stage.context = context
    stage.first_look()
    stage.publish()
    (share,) = stage.collect()

    (standing,) = deliver(context, [share], stop=threading.Event(), spinner=Spinner("", quiet=True))

    assert State.SHARED == standing.share.state
