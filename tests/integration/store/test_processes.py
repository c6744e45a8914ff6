"""Several processes on one store, and processes that are killed."""

import signal
from subprocess import Popen

from bot.domain.models import Share, State
from bot.store import SqlStore, open_store
from tests.contract.stores import add
from tests.integration.store.conftest import start

ADD = """
import sys
from bot.store import open_store
from tests.contract.stores import add
store = open_store(sys.argv[1])
for number in range(int(sys.argv[3])):
    share = add(store, number, site=sys.argv[2])
    print(share.id, flush=True)
store.close()
"""
# More than there is time for before the process is killed.
ENDLESSLY = "1000000"

LIVE = """
import sys
from bot.domain.models import State
from bot.store import open_store
from tests.contract.stores import add, begin, move
store = open_store(sys.argv[1])
for number in range(1_000_000):
    begun = begin(store, add(store, number))
    print(begun.id, "sending", flush=True)
    shared = move(store, begun, step="publish", state=State.SHARED, url=f"https://social.example/{number}")
    print(begun.id, "shared", flush=True)
"""

LOOK = """
import sys
from bot.errors import LeaseLostError
from bot.store import open_store
from tests.contract.stores import plan, post
from tests.makers import NOON, SECOND
store = open_store(sys.argv[1])
added = 0
for number in range(30):
    looked_at = store.site("uk").looked_at
    look = plan(post(number), expected_looked_at=looked_at, looked_at=(looked_at or NOON) + SECOND)
    try:
        added += len(store.add(look, now=NOON))
    except LeaseLostError:
        pass
print(added)
store.close()
"""

ASK = """
import sys
from bot.errors import LeaseLostError
from bot.store import open_store
from tests.contract.stores import ask
store = open_store(sys.argv[1])
for number in range(1, 31):
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        ask(store, 7, number=number)
        print("added", flush=True)
    except LeaseLostError:
        print("lost", flush=True)
store.close()
"""


def line(process: Popen[str]) -> str:
    """The next line that a process says."""
    assert process.stdout is not None
    return process.stdout.readline().rstrip("\n")


def go(process: Popen[str]) -> None:
    """Let a process that waits go on."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def acknowledged(process: Popen[str], lines: int) -> list[str]:
    """What a process said before it was killed: at least so many lines."""
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(lines)]
    process.send_signal(signal.SIGKILL)
    said += process.stdout.readlines()
    return [line.rstrip("\n") for line in said if line.endswith("\n")]


def sound(store: SqlStore) -> str:
    """SQLite's own judgement of the file. PostgreSQL has none to ask for."""
    if store.database.engine.dialect.name == "postgresql":
        return "ok"
    with store.database.reading() as connection:
        assert [] == connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        return str(connection.exec_driver_sql("PRAGMA integrity_check").scalar())


class TestSideBySide:
    """Processes that work on one store at the same time."""

    def test_writers_and_a_reader(self, url: str, store: SqlStore) -> None:
        """Two write, a third reads and writes, and none is in another's way."""
        with start(ADD, url, "one", "20") as one, start(ADD, url, "two", "20") as two:
            seen: list[int] = []
            numbers: list[int] = []
            for number in range(20):
                numbers.append(int(line(one)))
                add(store, number, site="three")
                seen.append(len(store.shares()))
            numbers += [int(said) for said in two.communicate()[0].split()]

        assert sorted(seen) == seen
        assert 40 == len(set(numbers) & {share.id for share in store.shares()})
        assert 20 == len(store.shares(site="three"))
        assert "ok" == sound(store)

    def test_one_cursor(self, url: str, store: SqlStore) -> None:
        """Processes that look at one site add each post once between them."""
        with start(LOOK, url) as one, start(LOOK, url) as two:
            added = [int(process.communicate()[0]) for process in (one, two)]

        posts = [share.post_id for share in store.shares()]
        assert sum(added) == len(posts) == len(set(posts))

    def test_one_by_hand(self, url: str, store: SqlStore) -> None:
        """Of two processes that ask for the same share at once one adds it, and the other is told."""
        with start(ASK, url) as one, start(ASK, url) as two:
            for _ in range(30):
                assert ["ready"] * 2 == [line(one), line(two)]
                for process in (one, two):
                    go(process)
                assert ["added", "lost"] == sorted([line(one), line(two)])

        assert list(range(30, 0, -1)) == [share.number for share in store.shares()]


class TestKilled:
    """kill -9 at any moment leaves what was acknowledged, and no half of anything."""

    def test_adding(self, url: str, store: SqlStore) -> None:
        """Every share that was acknowledged is there, with its post."""
        for lines in (1, 6, 15):
            with start(ADD, url, f"site{lines}", ENDLESSLY) as process:
                said = acknowledged(process, lines)
            kept = store.shares(site=f"site{lines}")

            assert {int(line) for line in said} <= {share.id for share in kept}
            assert len(kept) - len(said) in {0, 1}
        assert "ok" == sound(store)

    def test_sending(self, url: str) -> None:
        """What was sending when its process died still is: with its key and text, for the next to find out about."""
        with start(LIVE, url) as process:
            said = dict(line.split() for line in acknowledged(process, 21))
        store = open_store(url)
        shares = {share.id: share for share in store.shares()}

        for number, state in said.items():
            assert self.agrees(shares[int(number)], State(state))
        assert len(store.sending("uk")) <= 1
        assert "ok" == sound(store)

        store.close()

    @staticmethod
    def agrees(share: Share, said: State) -> bool:
        """Whether a share is as it was acknowledged, or one step on."""
        frozen = share.attempts == 1 and bool(share.idempotency_key) and share.status is not None
        return frozen and (share.state is said or share.state is State.SHARED)
