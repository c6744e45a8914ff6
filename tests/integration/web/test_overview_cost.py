"""What the overview asks of the store: few questions, however many shares, sites and accounts there are."""

from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from bot.crosspost.context import Context
from bot.store import open_store
from bot.web.live import Live, WebSettings
from tests.contract.stores import plan, post
from tests.integration.store.test_cost import counting
from tests.makers import NOON
from tests.unit.crosspost.stage import Stage
from tests.unit.web.visitor import Visit, basic, named


def test_at_most_twelve_questions(tmp_path: Path) -> None:
    """For one site and one account; a second reader within a second asks almost nothing."""
    store = open_store(f"sqlite:///{tmp_path / 'howdah.db'}")
    store.add(plan(*(post(number) for number in range(300))), now=NOON)
    visit = visit_to(replace(Stage().context, store=store))
    with counting(store) as first:
        assert 200 == visit.client.get("/", headers=basic()).status_code
    with counting(store) as second:
        assert 200 == visit.client.get("/", headers=basic()).status_code
    store.close()

    assert len([one for one in first if not one.startswith("BEGIN")]) <= 12
    assert len([one for one in second if not one.startswith("BEGIN")]) <= 1


def test_hundreds_of_sites_and_accounts(tmp_path: Path) -> None:
    """No more questions, and a page of no more than 60 kB with its style, though each site failed."""
    store = open_store(f"sqlite:///{tmp_path / 'howdah.db'}")
    context = Stage().context
    [site], [account] = context.sites.values(), context.accounts.values()
    names = [f"uk{number}" for number in range(400)]
    for name in names:
        store.look_failed(name, error=f"site {name}: no answer", next_look_at=NOON)
    visit = visit_to(
        replace(context, store=store, sites=dict.fromkeys(names, site), accounts=dict.fromkeys(names, account))
    )
    with counting(store) as statements:
        page = visit.client.get("/", headers=basic())
    style = visit.client.get("/static/style.css")
    store.close()

    assert len([one for one in statements if not one.startswith("BEGIN")]) <= 12
    assert len(page.content) + len(style.content) <= 60_000
    assert "(400) howdah" in page.text
    assert "380 more" in page.text
    assert ">All 400</a>" in page.text


def visit_to(context: Context) -> Visit:
    """Somebody who visits the pages over this context, a minute after it was opened."""
    stage = Stage()
    visit = Visit(stage)
    visit.live = Live(
        context=context,
        settings=WebSettings(host="", port=0, read_password=lambda: "open sesame"),
        idle=tuple,
        find_post=named,
    )
    stage.clock.forward(timedelta(minutes=1))
    return visit
