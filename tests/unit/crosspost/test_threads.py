"""Threads: how many there are, and who gets one."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.crosspost.threads import SHARED_THREADS, account_threads, by_turns, has_place
from tests.unit.crosspost.stage import Stage


def test_each_instance_has_a_thread_of_its_own():
    """However many there are, beside those that all share; no account needs two."""
    posting = Stage().context.accounts["uk"]
    for instances, accounts, threads in ((1, 1, 1), (200, 200, 200), (2, 1000, SHARED_THREADS + 2), (999, 999, 999)):
        names = {str(n): replace(posting, instance=f"https://{n % instances}.example") for n in range(accounts)}
        assert threads == account_threads(replace(Stage().context, accounts=names))


def test_a_server_always_has_its_first():
    """Whatever others hold."""
    assert has_place(0, beyond=400, shared=400)
    assert not has_place(1, beyond=400, shared=400)


def test_silent_servers_leave_as_much_as_each_holds():
    """With as many accounts as they like: of k servers each comes to hold the (k + 1)th part."""
    for silent in (1, 2, 3, 7):
        held = _held(f"silent{turn % silent}.example" for turn in range(5000))
        share = SHARED_THREADS // (silent + 1)
        left = SHARED_THREADS - (held.total() - silent)
        assert all(abs(one - share) <= 2 for one in held.values())
        assert abs(left - share) <= silent + 1


@given(st.lists(st.integers(0, 60), min_size=1, max_size=200))
def test_up_to_two_hundred_accounts_each_have_one(instances):
    """Whichever instances they are on, and in whatever order they come."""
    assert len(instances) == _held(map(str, instances)).total()


@given(st.lists(st.integers(0, 9), max_size=300), st.integers(0, 30))
def test_there_are_never_more_than_threads(servers, shared):
    """One for each server and those that are shared, so that no server's first one waits."""
    held = _held(map(str, servers), shared=shared)

    assert set(map(str, servers)) == set(held)
    assert held.total() <= len(held) + shared


def test_accounts_of_many_instances_have_turns():
    """However many one instance has, none of another waits for them all."""
    instances = {"a1": "a", "a2": "a", "a3": "a", "b1": "b", "b2": "b", "c1": "c"}

    assert ("a1", "b1", "c1", "a2", "b2", "a3") == by_turns(instances, instances.__getitem__)


def _held(asked, *, shared: int = SHARED_THREADS) -> Counter[str]:
    """What each server holds in the end, where none of them answers."""
    held: Counter[str] = Counter()
    for server in asked:
        if has_place(held[server], beyond=held.total() - len(held), shared=shared):
            held[server] += 1
    return held
