"""Leases: whose turn it is."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from bot.domain.models import AccountState
from bot.ports import Store
from tests.contract.stores import ANCHOR
from tests.makers import DAY, HOUR, MINUTE, NOON, SECOND


class TestLease:
    """One process attends to an account at a time."""

    def test_exclusive(self, store: Store) -> None:
        """While a lease runs nobody else gets the lane; its owner extends it."""
        assert store.lease("uk", owner="a", now=NOON, until=NOON + MINUTE)
        assert not store.lease("uk", owner="b", now=NOON, until=NOON + HOUR)
        assert store.lease("de", owner="b", now=NOON, until=NOON + HOUR)
        assert store.lease("uk", owner="a", now=NOON + SECOND, until=NOON + HOUR)
        assert not store.lease("uk", owner="b", now=NOON + MINUTE, until=NOON + HOUR)

    def test_extend(self, store: Store) -> None:
        """Its owner extends a lease, also one that ran out; not once somebody else had it, though it be free again."""
        assert not store.extend("uk", owner="a", now=NOON, until=NOON + MINUTE)
        store.lease("uk", owner="a", now=NOON, until=NOON + MINUTE)
        assert store.extend("uk", owner="a", now=NOON + HOUR, until=NOON + 2 * HOUR)
        assert not store.lease("uk", owner="b", now=NOON + HOUR, until=NOON + DAY)

        assert store.lease("uk", owner="b", now=NOON + 2 * HOUR, until=NOON + DAY)
        assert not store.extend("uk", owner="a", now=NOON + 2 * HOUR, until=NOON + DAY)
        store.release("uk", owner="b")
        assert not store.extend("uk", owner="a", now=NOON + 2 * HOUR, until=NOON + DAY)
        assert store.lease("uk", owner="a", now=NOON + 2 * HOUR, until=NOON + DAY)

    def test_runs_out(self, store: Store) -> None:
        """A lease that ran out is anybody's, from its very last instant."""
        store.lease("uk", owner="a", now=NOON, until=NOON + MINUTE)

        assert store.lease("uk", owner="b", now=NOON + MINUTE, until=NOON + HOUR)
        assert not store.lease("uk", owner="a", now=NOON + MINUTE, until=NOON + HOUR)

    def test_release(self, store: Store) -> None:
        """A lane that was given back is free; nobody gives back another's."""
        store.release("uk", owner="a")
        store.lease("uk", owner="a", now=NOON, until=NOON + HOUR)
        store.release("uk", owner="b")

        assert not store.lease("uk", owner="b", now=NOON, until=NOON + HOUR)

        store.release("uk", owner="a")

        assert store.lease("uk", owner="b", now=NOON, until=NOON + HOUR)

    def test_keeps_the_rest(self, store: Store) -> None:
        """Leasing changes nothing that is remembered of the account."""
        store.remember_latest("uk", ANCHOR)
        store.lease("uk", owner="a", now=NOON, until=NOON + HOUR)
        store.release("uk", owner="a")

        assert AccountState(name="uk", latest=ANCHOR) == store.account("uk")

    def test_one_of_several_threads(self, store: Store) -> None:
        """Of several that ask at once exactly one gets it."""
        together = Barrier(4)

        def ask(owner: str) -> bool:
            together.wait()
            return store.lease("uk", owner=owner, now=NOON, until=NOON + HOUR)

        with ThreadPoolExecutor(4) as threads:
            assert 1 == sum(threads.map(ask, "abcd"))


class TestLeases:
    """Who attends to which account, for whoever starts anew."""

    def test_owners(self, store: Store) -> None:
        """Whoever holds a lease that wasn't given back, on an account or a site, whether it still runs or not."""
        assert frozenset() == store.owners()

        store.lease("uk", owner="a", now=NOON, until=NOON + MINUTE)
        store.lease("de", owner="b", now=NOON, until=NOON + MINUTE)
        store.lease("uk", owner="c", now=NOON + HOUR, until=NOON + 2 * HOUR)
        store.lease_site("uk", owner="d", now=NOON, until=NOON + MINUTE)
        store.lease_site("de", owner="e", now=NOON, until=NOON + MINUTE)
        store.release_site("de", owner="e")
        store.remember_latest("us", ANCHOR)
        store.remember_token("us", "5eed", owner="f", now=NOON)

        assert frozenset("bcdf") == store.owners()

    def test_refused(self, store: Store) -> None:
        """Whoever didn't get a lease has none."""
        store.lease("uk", owner="a", now=NOON, until=NOON + MINUTE)
        store.lease("uk", owner="b", now=NOON, until=NOON + MINUTE)

        assert frozenset("a") == store.owners()

    def test_give_back(self, store: Store) -> None:
        """All that one owner held is free, and nothing of another's."""
        store.lease("uk", owner="a", now=NOON, until=NOON + HOUR)
        store.lease_site("uk", owner="a", now=NOON, until=NOON + HOUR)
        store.lease("de", owner="b", now=NOON, until=NOON + HOUR)
        store.remember_token("uk", "5eed", owner="a", now=NOON)

        store.give_back("a")

        assert frozenset("b") == store.owners()
        assert store.lease("uk", owner="b", now=NOON, until=NOON + HOUR)
        assert store.lease_site("uk", owner="b", now=NOON, until=NOON + HOUR)

    def test_tokens_of_a_process_that_ends(self, store: Store) -> None:
        """It has them no more, and others have theirs; which they are is known still."""
        for account, owner in (("uk", "a"), ("de", "b")):
            store.remember_token(account, "5eed", owner=owner, now=NOON)

        store.forget_tokens("a")

        known = [(state.token_owner, state.token_mark) for state in store.accounts(("uk", "de"))]
        assert [("", "5eed"), ("b", "5eed")] == known

    def test_by_a_wrong_clock(self, store: Store) -> None:
        """A lease that claims to run for longer than any can is nobody's."""
        store.lease("uk", owner="a", now=NOON + DAY, until=NOON + DAY + MINUTE)

        assert store.lease("uk", owner="b", now=NOON, until=NOON + MINUTE)

    def test_of_a_site(self, store: Store) -> None:
        """While one looks at a site nobody else does; accounts of the same name have nothing to do with it."""
        assert store.lease_site("uk", owner="a", now=NOON, until=NOON + MINUTE)
        assert store.lease("uk", owner="b", now=NOON, until=NOON + MINUTE)
        assert not store.lease_site("uk", owner="b", now=NOON, until=NOON + MINUTE)
        assert store.lease_site("uk", owner="a", now=NOON, until=NOON + HOUR)
        store.release_site("uk", owner="b")
        assert not store.lease_site("uk", owner="b", now=NOON + MINUTE, until=NOON + HOUR)
        store.release_site("uk", owner="a")
        assert store.lease_site("uk", owner="b", now=NOON + MINUTE, until=NOON + HOUR)
        assert not store.lease_site("uk", owner="a", now=NOON + HOUR - SECOND, until=NOON + 2 * HOUR)
        assert store.lease_site("uk", owner="a", now=NOON + HOUR, until=NOON + 2 * HOUR)

    def test_leased_sites_are_not_due(self, store: Store) -> None:
        """A site is left alone while a lease runs, whoever's; of one never heard of nobody has a lease."""
        store.lease_site("uk", owner="a", now=NOON, until=NOON + MINUTE)

        assert ("de",) == store.due_sites(["uk", "de"], now=NOON)
        assert ("de", "uk") == store.due_sites(["uk", "de"], now=NOON + MINUTE)
