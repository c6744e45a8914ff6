"""What the operations of the road cost: one transaction each, and few statements, however many rows there are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, event

from bot.domain.models import Attempt, Followed, RateLimit, Share, State
from bot.domain.transitions.change import Change, Ended
from bot.store import SqlStore, open_store
from tests.contract.stores import ANCHOR, OWNER, add, ask, begin, changed, move, pause, plan, post
from tests.makers import HOUR, NOON
from tests.unit.crosspost.stage import PNG, Stage


@contextmanager
def counting(store: SqlStore) -> Iterator[list[str]]:
    """The statements of the block, its BEGINs among them."""
    statements: list[str] = []

    def count(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    def begin_counting(_connection: Connection) -> None:
        statements.append("BEGIN")

    listeners: dict[str, Callable[..., None]] = {"before_cursor_execute": count, "begin": begin_counting}
    for name, listener in listeners.items():
        event.listen(store.database.engine, name, listener)
    yield statements
    for name, listener in listeners.items():
        event.remove(store.database.engine, name, listener)


def all_that_follows(share: Share) -> Change:
    """A change that does to its account all that a change can do."""
    rate = RateLimit(remaining=7, reset_at=NOON + HOUR)
    return replace(pause(share), recovered=True, statuses_rate=rate, latest=ANCHOR)


UPLOADED = Attempt(at=NOON, step="upload", outcome="uploaded")
OPERATIONS: dict[str, tuple[int, Callable[[SqlStore, Share], object]]] = {
    "site": (1, lambda store, _: store.site("uk")),
    "account": (1, lambda store, _: store.account("uk")),
    "sites": (1, lambda store, _: store.sites(["uk", "us"])),
    "accounts": (1, lambda store, _: store.accounts(["uk", "us"])),
    "due_sites": (1, lambda store, _: store.due_sites([f"s{number}" for number in range(1000)], now=NOON)),
    "due_accounts": (1, lambda store, _: store.due_accounts(["uk"], sites=["uk"], now=NOON)),
    "next_due_at": (1, lambda store, _: store.next_due_at(sites=["uk"], accounts=["uk"])),
    "pending_at": (1, lambda store, _: store.pending_at("uk", sites=["uk"], now=NOON)),
    "due": (1, lambda store, _: store.due("uk", sites=["uk"], now=NOON, limit=20)),
    "longest_untried": (1, lambda store, _: store.longest_untried("uk", sites=["uk"], now=NOON)),
    "unknown_due": (1, lambda store, _: store.unknown_due("uk", now=NOON)),
    "found_since": (1, lambda store, _: store.found_since("uk", since=NOON)),
    "sent_at": (1, lambda store, _: store.sent_at("uk", since=NOON)),
    "to_follow": (1, lambda store, _: store.to_follow("uk", sites=["uk"], since=NOON, now=NOON, limit=100)),
    "accounts_to_follow": (1, lambda store, _: store.accounts_to_follow(["uk", "de"], since=NOON, now=NOON)),
    "note_write_back, as it was": (1, lambda store, _: store.note_write_back([], now=NOON)),
    "sites_to_write": (1, lambda store, _: store.sites_to_write(["uk", "de"], now=NOON)),
    "failing_to_follow": (1, lambda store, _: store.failing_to_follow(["uk"], sites=["uk"], since=NOON, least=3)),
    "end_wait": (2, lambda store, _: store.end_wait("uk", now=NOON)),
    "put_aside": (3, lambda store, _: store.put_aside("uk", now=NOON)),
    "keep_following": (1, lambda store, share: store.keep_following([Followed(share_id=share.id)])),
    "gone": (1, lambda store, _: store.gone("uk", "uk", since=NOON)),
    "acted_at": (1, lambda store, _: store.acted_at("uk", ["publish", "edit"], since=NOON)),
    "all_acted_at": (1, lambda store, _: store.all_acted_at(["uk", "us"], ["publish", "edit"], since=NOON)),
    "newest shares": (1, lambda store, _: store.shares(limit=20)),
    "newest but for remembered ones": (1, lambda store, _: store.page(remembered=False, limit=20)),
    "newest of a site": (1, lambda store, _: store.shares(site="uk", limit=20)),
    "newest on an account": (1, lambda store, _: store.shares(account="uk", limit=20)),
    "held ones of a site": (1, lambda store, _: store.shares(site="uk", state=State.HELD, limit=20)),
    "a post's": (1, lambda store, _: store.shares(site="uk", post_id=1)),
    "oldest_pending": (1, lambda store, _: store.oldest_pending()),
    "longest_due": (1, lambda store, _: store.longest_due(["uk", "us"], sites=["uk"], before=NOON)),
    "unfollowed": (1, lambda store, _: store.unfollowed(limit=20)),
    "erring": (1, lambda store, _: store.erring(["uk", "us"], sites=["uk"], limit=20)),
    "counts": (1, lambda store, _: store.counts()),
    "same_post": (1, lambda store, share: store.same_post(share, "https://news.example/1/")),
    "seen": (1, lambda store, _: store.seen("uk", range(400))),
    "lease": (1, lambda store, _: store.lease("uk", owner=OWNER, now=NOON, until=NOON + HOUR)),
    "extend": (1, lambda store, _: store.extend("uk", owner=OWNER, now=NOON, until=NOON + HOUR)),
    "owners": (1, lambda store, _: store.owners()),
    "has_found_statuses": (1, lambda store, _: store.has_found_statuses("uk")),
    "statuses_with": (1, lambda store, _: store.statuses_with("uk", "https://news.example/7/")),
    "put_off": (1, lambda store, _: store.put_off("uk", until=NOON + HOUR)),
    "take_up": (1, lambda store, _: store.take_up(["uk", "us"], now=NOON)),
    "begin": (2, lambda store, share: store.begin(share, owner=OWNER, lease_until=NOON + HOUR, now=NOON)),
    "apply": (2, lambda store, share: move(store, share, step="read")),
    "apply with all that follows": (4, lambda store, share: store.apply(share, all_that_follows(share), now=NOON)),
    "record_upload": (1, lambda store, share: store.record_upload(share, attempt=UPLOADED, rate=None)),
    "add_by_hand": (5, lambda store, share: ask(store, share.post_id, number=2)),
    "add with nothing new": (2, lambda store, _: store.add(plan(looked_at=NOON), now=NOON)),
    "add": (
        6,
        lambda store, _: store.add(plan(*(post(number) for number in range(1000, 2000)), looked_at=NOON), now=NOON),
    ),
}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_statements(store: SqlStore, operation: str) -> None:
    """One transaction, and so many statements, with many shares waiting."""
    store.add(plan(*(post(number) for number in range(300))), now=NOON)
    store.lease("uk", owner=OWNER, now=NOON, until=NOON + HOUR)
    allowed, act = OPERATIONS[operation]
    first = store.get([1])[0]

    with counting(store) as statements:
        act(store, first)

    begins = [statement for statement in statements if statement.startswith("BEGIN")]
    assert 1 == len(begins)
    assert allowed == len(statements) - len(begins)


def test_an_outcome_with_the_next_beginning(store: SqlStore) -> None:
    """What came of one status and the beginning of the next: one transaction, the account's row written once."""
    sent, following = add(store, 1), add(store, 2)
    sent = begin(store, sent)
    rate = RateLimit(remaining=7, reset_at=NOON + HOUR)
    ended = Ended(share=sent, change=replace(changed(sent, state=State.SHARED), statuses_rate=rate, latest=ANCHOR))

    with counting(store) as statements:
        store.begin(following, owner=OWNER, lease_until=NOON + HOUR, now=NOON, ended=ended)

    assert ["BEGIN", "UPDATE", "UPDATE", "INSERT", "UPDATE"] == [statement.split()[0] for statement in statements]


def test_many_ids(store: SqlStore) -> None:
    """Ten thousand ids are asked for in one transaction and a handful of statements."""
    with counting(store) as statements:
        store.seen("uk", range(10_000))

    assert 21 == len(statements)


@pytest.mark.parametrize(
    ("operation", "index"),
    [
        ("due", "shares_to_do (account=? AND state=? AND next_attempt_at<?)"),
        ("longest_untried", "shares_to_do (account=? AND state=? AND next_attempt_at<?)"),
        ("put_off", "shares_to_do (account=? AND state=? AND next_attempt_at<?)"),
        ("take_up", "shares_to_do (account=? AND state=? AND next_attempt_at>?)"),
        ("due_accounts", "share_counts_by_state (state=? AND account=?)"),
        ("due_accounts", "shares_to_do (account=? AND state=? AND next_attempt_at<?)"),
        ("pending_at", "shares_to_do (account=? AND state=? AND next_attempt_at>?)"),
        ("unknown_due", "shares_to_do (account=? AND state=? AND next_attempt_at<?)"),
        ("found_since", "shares_by_site (site=? AND created_at>?)"),
        ("sent_at", "attempts_by_step"),
        ("next_due_at", "shares_to_do (account=? AND state=?"),
        ("to_follow", "COVERING INDEX shares_to_do (account=? AND state=? AND next_attempt_at=? AND rowid>?)"),
        ("to_follow", "shares USING INTEGER PRIMARY KEY (rowid=?)"),
        ("accounts_to_follow", "COVERING INDEX shares_to_do (account=? AND state=? AND next_attempt_at=? AND rowid>?)"),
        ("sites_to_write", "shares_to_write (site=? AND write_due_at>? AND write_due_at<?)"),
        ("failing_to_follow", "followed_failing"),
        ("end_wait", "followed_failing"),
        ("end_wait", "shares USING INTEGER PRIMARY KEY (rowid=?)"),
        ("put_aside", "attempts_by_step (account=? AND step=? AND at>?)"),
        ("put_aside", "attempts_of_share (share_id=? AND rowid<?)"),
        ("counts", "share_counts"),
        ("gone", "INTEGER PRIMARY KEY (rowid=?)"),
        ("oldest_pending", "shares_by_state"),
        ("longest_due", "shares_to_do (account=? AND state=? AND next_attempt_at<?)"),
        ("unfollowed", "shares_unfollowed (state=?)"),
        ("erring", "shares_erring (state=?)"),
        ("erring", "attempts_of_share (share_id=?)"),
        ("all_acted_at", "attempts_by_step (account=? AND step=? AND at>?)"),
        ("newest shares", "shares_newest"),
        ("newest but for remembered ones", "shares_to_list"),
        ("newest of a site", "shares_by_site (site=?)"),
        ("newest on an account", "shares_by_account (account=?)"),
        ("held ones of a site", "shares_by_state (state=?)"),
        ("same_post", "posts_by_link (link_key=?)"),
        ("same_post", "sqlite_autoindex_shares_1 (site=? AND post_id=?)"),
        ("a post's", "sqlite_autoindex_shares_1 (site=? AND post_id=?)"),
    ],
)
def test_indexes(store: SqlStore, operation: str, index: str) -> None:
    """What is asked every second doesn't read a whole table of shares that are done."""
    begin(store, add(store, 1))
    queries: list[tuple[str, Any]] = []

    def keep(_connection: Connection, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        queries.append((statement, parameters))

    event.listen(store.database.engine, "before_cursor_execute", keep)
    OPERATIONS[operation][1](store, store.get([1])[0])
    event.remove(store.database.engine, "before_cursor_execute", keep)
    statement, parameters = queries[-1]
    with store.database.reading() as connection:
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()

    assert index in " ".join(str(step[-1]) for step in steps)


def test_the_connection_that_was_used_last_is_used_next(store: SqlStore) -> None:
    """However many there are: of all of them it alone knows what it has just written, the others read it again."""
    with store.database.reading(), store.database.reading(), store.database.reading():
        pass  # three are kept from here on
    used = set()
    for _ in range(4):
        with store.database.reading() as connection:
            used.add(id(connection.connection.driver_connection))

    assert 1 == len(used)


@pytest.mark.parametrize(
    ("with_images", "each"), [(False, [1, 4, 1, 0]), (True, [4, 7, 2, 1])], ids=["texts", "with images"]
)
def test_a_drain(file: Path, with_images: bool, each: list[int]) -> None:
    """A status more is a transaction, four statements and a request more: all else is asked once.

    An upload takes its time, so that what came of the last status is recorded before it; and it is recorded itself.
    """
    few, many = (drained(file.with_name(f"{number}.db"), number, with_images=with_images) for number in (5, 15))

    assert [10 * count for count in each] == [more - less for more, less in zip(many, few, strict=True)]


def drained(file: Path, number: int, *, with_images: bool) -> tuple[int, int, int, int]:
    """What a drain of so many posts takes: transactions, statements, requests to the instance, and to the site."""
    stage, store = Stage(), open_store(f"sqlite:///{file}")
    stage.context = replace(stage.context, store=store)
    stage.first_look()
    stage.publish("Before")
    stage.collect()
    stage.attend()
    for place in range(number):
        stage.publish(image=(PNG + bytes([place]), "An image") if with_images else None)
    stage.collect()
    stage.site.calls.clear()
    stage.account.calls.clear()
    with counting(store) as statements:
        assert number == len(stage.attend())
    store.close()
    begins = statements.count("BEGIN")
    return begins, len(statements) - begins, len(stage.account.calls), len(stage.site.calls)
