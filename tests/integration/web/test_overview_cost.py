"""What the overview asks of the store: few questions, however many shares there are."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.store import open_store
from bot.web.live import Live, Settings
from tests.contract.stores import plan, post
from tests.integration.store.test_cost import counting
from tests.makers import NOON
from tests.unit.crosspost.stage import Stage
from tests.unit.web.visitor import Visit, basic, named


def test_at_most_twelve_questions(tmp_path: Path) -> None:
    """For one site and one account; a second reader within a second asks almost nothing."""
    store = open_store(f"sqlite:///{tmp_path / 'howdah.db'}")
    store.add(plan(*(post(number) for number in range(300))), now=NOON)
    stage = Stage()
    stage.context = replace(stage.context, store=store)
    visit = Visit(stage)
    visit.live = Live(
        context=stage.context,
        settings=Settings(host="", port=0, read_password=lambda: "open sesame"),
        idle=tuple,
        find_post=named,
    )
    stage.clock.forward(timedelta(minutes=1))
    with counting(store) as first:
        assert 200 == visit.client.get("/", headers=basic()).status_code
    with counting(store) as second:
        assert 200 == visit.client.get("/", headers=basic()).status_code
    store.close()

    assert len([one for one in first if not one.startswith("BEGIN")]) <= 12
    assert len([one for one in second if not one.startswith("BEGIN")]) <= 1
