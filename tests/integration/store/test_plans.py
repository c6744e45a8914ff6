"""How the databases find what they are asked for: no table that grows is gone through from its beginning to its end."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, text, update

from benchmarks.filling import ACCOUNT, SITE, fill
from bot.domain.models import THERE_BEFORE, State
from bot.store import SqlStore, open_store
from bot.store.tables import shares, sites
from tests.contract.stores import ANCHOR, OWNER, add, plan, post
from tests.integration.store.test_cost import OPERATIONS
from tests.makers import HOUR, NOON
from tests.postgres import fresh_database

GROWING = {"attempts", "followed", "posts", "shares", "statuses"}
MANY = 20_000
# What years leave beside the shares that the benchmarks' filling makes.
BESIDE = """
INSERT INTO attempts (share_id, account, at, step, outcome, detail)
SELECT id, account, sent_at, 'publish', 'shared', '' FROM shares;
INSERT INTO followed (share_id, failures) SELECT id, 0 FROM shares;
INSERT INTO statuses (account, link_key, status_id, url, created_at)
SELECT account, url, status_id, url, created_at FROM shares
"""
URLS: dict[str, Callable[[Path], str]] = {
    "sqlite": lambda folder: f"sqlite:///{folder / 'howdah.db'}",
    "postgresql": lambda _folder: fresh_database(),
}
MORE: dict[str, Callable[[SqlStore], object]] = {
    "a status by its address": lambda store: store.find_status("https://social.example/7"),
    "a status that nobody knows": lambda store: store.find_status("https://social.example/@bench/none"),
    "a post by its link": lambda store: store.find_post(None, "https://old.example/7"),
    "links": lambda store: store.ids_by_link(SITE, ["https://old.example/7"]),
    "newest seen": lambda store: store.newest_seen("uk", since=NOON, limit=1000),
    "known statuses": lambda store: store.known_status_ids(ACCOUNT, ["7"]),
    "carriers": lambda store: store.carriers(["https://social.example/7"]),
    "sending": lambda store: store.sending(ACCOUNT),
    "a history": lambda store: store.attempts(store.get([7])[0]),
    "a page of an account's failed ones": lambda store: store.page(account=ACCOUNT, state=State.FAILED, limit=50),
    "what is followed of an account that has many": lambda store: store.to_follow(
        ACCOUNT, sites=[SITE], since=datetime.now(UTC), now=NOON, limit=20
    ),
    "a page of an account's but for what is remembered": lambda store: store.page(
        account="uk", remembered=False, limit=50
    ),
    "all that is remembered": lambda store: store.remembered(),
    "when a post was published": lambda store: store.published_at(SITE, 7),
}
FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"site": SITE},
    {"account": ACCOUNT},
    {"site": SITE, "account": ACCOUNT},
)
# These begin with the newest by an index, and end after as many as are shown.
ENDS_SOON = {("newest shares", "shares"), ("newest but for remembered ones", "shares"), ("add", "shares")}
# Of these indexes only the rows are part that something is wrong with.
OF_FEW = {"followed_failing", "shares_erring", "shares_unfollowed"}
_SCAN = re.compile(rf"^SCAN ([a-z]+)(?!.* USING (?:COVERING )?INDEX (?:{'|'.join(OF_FEW)})\b)")


@pytest.fixture(params=list(URLS))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    """One with thousands of shares that are done, of one site and account, and some that wait, of another."""
    url = URLS[request.param](tmp_path)
    fill(url, MANY)
    opened = open_store(url, has_clock=False)
    with opened.database.writing() as connection:
        for statement in BESIDE.split(";"):
            connection.execute(text(statement))
    opened.add(plan(*(post(number) for number in range(30))), now=NOON)
    opened.remember_latest(ACCOUNT, ANCHOR)
    opened.lease("uk", owner=OWNER, now=NOON, until=NOON + HOUR)
    if request.param == "postgresql":
        with opened.database.writing() as connection:
            connection.exec_driver_sql("ANALYZE")
    yield opened
    opened.close()


def test_nothing_is_gone_through_whole(store: SqlStore) -> None:
    """Whatever the road, the commands and the pages ask, on SQLite and on PostgreSQL by what it knows of its rows."""
    whole: set[tuple[str, str]] = set()
    for operation, ask in MORE.items():
        with asking(store) as asked:
            ask(store)
        whole |= {(operation, table) for each in asked for table in gone_through(store, *each)}
    for number, (operation, (_, act)) in enumerate(OPERATIONS.items()):
        share = add(store, 5000 + number)
        with store.database.writing() as connection:
            connection.execute(update(sites).values(looked_at=None))  # as the plans of these operations expect it
        with asking(store) as asked:
            act(store, share)
        whole |= {(operation, table) for each in asked for table in gone_through(store, *each)}

    assert set() == whole - ENDS_SOON


def test_pages_end_with_what_they_show(store: SqlStore) -> None:
    """Whatever narrows a list, an index leads from the newest on: nothing is sorted that a page doesn't show."""
    for filters, state, remembered in product(FILTERS, (None, State.SHARED), (True, False)):
        with asking(store) as asked:
            store.page(**filters, state=state, remembered=remembered, limit=50)
        steps = plan_of(store, *asked[-1])
        assert "TEMP B-TREE FOR ORDER BY" not in steps
        assert '"Node Type": "Sort"' not in steps


def test_what_a_first_look_remembered_is_not_gone_through(store: SqlStore) -> None:
    """Where most are such, an index leads to the others; how many they are is known without counting them."""
    remembered = {"state": "skipped", "error": THERE_BEFORE}
    with store.database.writing() as connection:
        connection.execute(update(shares).where(shares.c.id > MANY // 10, shares.c.site == SITE).values(**remembered))
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE")
    for filters in FILTERS:
        with asking(store) as asked:
            store.page(**filters, remembered=False, limit=50)
        with asking(store) as counted:
            number = store.remembered(**filters)
        assert MANY - MANY // 10 == number
        assert "shares_to_list" in plan_of(store, *asked[-1])
        assert set() == {table for each in counted for table in gone_through(store, *each)}


@contextmanager
def asking(store: SqlStore) -> Iterator[list[tuple[str, Any]]]:
    """The statements of the block with their parameters, but for those that only insert."""
    asked: list[tuple[str, Any]] = []

    def keep(_connection: Connection, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        if not statement.startswith("INSERT"):
            asked.append((statement, parameters))

    event.listen(store.database.engine, "before_cursor_execute", keep)
    yield asked
    event.remove(store.database.engine, "before_cursor_execute", keep)


def gone_through(store: SqlStore, statement: str, parameters: Any) -> set[str]:
    """The growing tables of which this statement's plan reads each row, or each entry of an index."""
    told = plan_of(store, statement, parameters)
    if store.database.engine.dialect.name == "sqlite":
        return GROWING & {found[1] for step in told.splitlines() if (found := _SCAN.match(step))}
    return GROWING & set(whole_relations(json.loads(told)["Plan"]))


def plan_of(store: SqlStore, statement: str, parameters: Any) -> str:
    """How the database will find it: steps on lines, or PostgreSQL's tree as JSON."""
    with store.database.reading() as connection:
        if connection.dialect.name == "sqlite":
            steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            return "\n".join(str(step[-1]) for step in steps)
        [told] = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).one()
    [found] = json.loads(told) if isinstance(told, str) else told
    return json.dumps(found)


def whole_relations(node: dict[str, Any]) -> Iterator[str]:
    """The tables that a plan of PostgreSQL reads without an index, or by one without a condition."""
    by_condition = "Index Cond" in node or node["Node Type"] in ("Bitmap Heap Scan", "ModifyTable")
    if "Relation Name" in node and not by_condition and node.get("Index Name") not in OF_FEW:
        yield node["Relation Name"]
    for below in node.get("Plans", ()):
        yield from whole_relations(below)
