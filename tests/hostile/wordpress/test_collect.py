"""A pass over a hostile site: every good post is recorded, and the cursor moves only where all was read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.crosspost.collect import collect
from bot.crosspost.context import Context, Posting, Watched
from bot.crosspost.deliver import attend
from bot.domain.models import Share, State
from bot.domain.policy import AccountPolicy, FirstRun, SitePolicy
from bot.sandbox.messages import Answer, Request
from bot.store import SqlStore, open_store
from bot.wordpress import Http, ProcessMemory, RestSite
from bot.wordpress.client import Client
from bot.wordpress.parse import rows
from bot.wordpress.payload import UnreadableError, load_list
from tests.fakes.account import FakeAccount
from tests.fakes.clock import FakeClock
from tests.fakes.fitter import FakeFitter
from tests.hostile.mangling import REFUSAL, dumped, mangled_bytes
from tests.hostile.server import ScriptedServer
from tests.hostile.trying import tried
from tests.hostile.wordpress.records import RECORDS, answers, is_record

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
ENDED = {State.SHARED, State.SKIPPED, State.FAILED}


@dataclass(frozen=True)
class World:
    """One hostile site in a store that other hostile sites are in, and an account."""

    context: Context
    name: str
    clock: FakeClock

    @property
    def looked_at(self) -> datetime | None:
        """The cursor."""
        return self.context.store.site(self.name).looked_at

    def seen(self, records: list[Any]) -> frozenset[int]:
        """Which of these posts were recorded."""
        return self.context.store.seen(self.name, [record["id"] for record in records])

    def shares(self) -> tuple[Share, ...]:
        """The site's shares."""
        return self.context.store.shares(site=self.name)


class Worlds:
    """Makes worlds on one real store, a new site for each."""

    def __init__(self, server: ScriptedServer, store: SqlStore, http: Http) -> None:
        self._server = server
        self._store = store
        self._http = http
        self._numbers = count()

    def new(self) -> World:
        """A site and an account that nothing is known of."""
        name, clock = f"site{next(self._numbers)}", FakeClock(NOW)
        policy = SitePolicy(
            name=name, accounts=(name,), settle=timedelta(0), first_run=FirstRun.ALL, max_age=timedelta(days=9_999)
        )
        memory = ProcessMemory(f"{self._server.url}/wp-json/")
        site = RestSite(Client(site=name, home=self._server.url, http=self._http, allow_private=True), memory=memory)
        account = FakeAccount(name, now=clock.now)
        posting = Posting(account=account, policy=AccountPolicy(name=name), instance="https://social.example")
        context = Context(
            store=self._store,
            clock=clock,
            sites={name: Watched(site=site, policy=policy)},
            accounts={name: posting},
            fitter=FakeFitter(),
            owner="this",
            jitter=lambda: 0.0,
        )
        return World(context=context, name=name, clock=clock)


@pytest.fixture(scope="module")
def worlds(server: ScriptedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    """A real store, a real client."""
    folder: Path = tmp_path_factory.mktemp("hostile")
    store, http = open_store(f"sqlite:///{folder / 'howdah.db'}"), Http(wait=lambda _: None)
    yield Worlds(server, store, http)
    http.close()
    store.close()


@settings(max_examples=50)
@given(answer=answers(), total=st.sampled_from([None, "", "0", "1", "5", "99", "-1", "9" * 30, "many"]))
def test_every_good_post_is_recorded(
    server: ScriptedServer, worlds: Worlds, answer: tuple[list[Any], list[dict[str, Any]]], total: str | None
) -> None:
    """Whatever stands beside it in the answer; and the cursor stays where something could not be read."""
    values, good = answer
    headers = (("X-WP-Total", str(len(values)) if total is None else total),)
    server.begin(lambda _: Answer(body=dumped(values), headers=headers))
    world = worlds.new()

    collect(world.context, world.name)

    assert {record["id"] for record in good} == world.seen(good)
    if not all(map(is_record, values)):
        assert world.looked_at is None
        assert world.context.store.site(world.name).error


@settings(max_examples=40)
@given(st.lists(st.sampled_from(RECORDS), min_size=1, max_size=3).map(dumped).flatmap(mangled_bytes), st.data())
def test_the_cursor_never_moves_on_bytes_that_are_no_list(
    server: ScriptedServer, worlds: Worlds, body: bytes, data: st.DataObject
) -> None:
    """Cut short, in another encoding, with something in it: either all of it was read, or nothing is concluded."""
    code = data.draw(st.sampled_from([200, 200, 200, 203, 301, 404, 500, 503]))
    server.begin(lambda _: Answer(status=code, body=body))
    world = worlds.new()

    added = collect(world.context, world.name)

    state = world.context.store.site(world.name)
    if state.looked_at is None:
        assert state.error
        # Bytes inside a key may spoil one record and leave those beside it.
        readable = tried(lambda: rows(load_list(body)), UnreadableError)
        assert isinstance(readable, tuple) or () == added
    else:
        assert code in (200, 203)
        # In UTF-16, which a byte-order mark tells of, there is a NUL beside each letter.
        assert body.replace(b"\0", b"").count(b'"id": ') >= len(added) >= 0
        assert b"]" in body


@settings(max_examples=40)
@given(
    answer=answers(),
    broken=st.sampled_from([b"", b"[]", b"{}", b"<p>", dumped(REFUSAL)]),
    code=st.sampled_from([200, 403, 404]),
)
def test_a_pass_ends_every_share_or_says_why_not(
    *,
    server: ScriptedServer,
    worlds: Worlds,
    answer: tuple[list[Any], list[dict[str, Any]]],
    broken: bytes,
    code: int,
) -> None:
    """Collected, read once more, composed, published: no record ends the pass, and each share has a reason or a url."""
    values, good = answer
    by_id = {value["id"]: value for value in values if is_record(value)}

    def here(value: object) -> bytes:
        return dumped(value).replace(b"http://127.0.0.1:8899", server.url.encode())

    def say(request: Request) -> Answer:
        last = request.path.rpartition("/")[2]
        if last == "posts":
            return Answer(body=here(values), headers=(("X-WP-Total", str(len(values))),))
        if last.isdigit() and int(last) in by_id:
            return Answer(body=here(by_id[int(last)]))
        return Answer(status=code, body=broken)

    server.begin(say)
    world = worlds.new()

    collect(world.context, world.name)
    world.clock.forward(timedelta(seconds=1))
    attend(world.context, world.name)

    for share in world.shares():
        assert share.state in ENDED or share.error or share.next_attempt_at
        assert (share.state is State.SHARED) is bool(share.url)
        assert share.state in {State.SHARED, State.PENDING} or share.error
    whole = {record["id"] for record in good if not record["excerpt"]["protected"]}
    assert whole <= {share.post_id for share in world.shares() if share.state is State.SHARED}
