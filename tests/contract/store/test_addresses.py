"""The addresses that the config gives to its names."""

from bot.domain.models import AccountState, Anchor, Limits, SiteState
from bot.ports import Store
from tests.contract.stores import add
from tests.makers import NOON


class TestNoteAddresses:
    """The config's addresses."""

    def test_another_address_of_a_site(self, store: Store) -> None:
        """Its root is looked for anew; what was seen there stays."""
        add(store, 7)
        store.remember_root("uk", "https://old.example/wp-json/")
        store.note_addresses(sites={"uk": "https://old.example"}, accounts={}, now=NOON)
        store.note_addresses(sites={"uk": "https://old.example"}, accounts={}, now=NOON)

        assert store.site("uk").root == "https://old.example/wp-json/"
        assert (SiteState(name="us"), store.site("uk")) == store.sites(["us", "uk"])
        assert () == store.sites([])

        store.note_addresses(sites={"uk": "https://new.example"}, accounts={}, now=NOON)

        assert store.site("uk").root == ""
        assert frozenset({7}) == store.seen("uk", [7])

    def test_another_instance_of_an_account(self, store: Store) -> None:
        """What was learnt of the old one isn't true of the new one."""
        store.note_addresses(sites={}, accounts={"uk": "https://old.example"}, now=NOON)
        store.remember_limits("uk", Limits(max_characters=9), now=NOON)
        store.remember_latest("uk", Anchor(id="9", created_at=NOON))
        store.note_addresses(sites={}, accounts={"uk": "https://old.example", "de": "https://de.example"}, now=NOON)

        assert store.account("uk").limits is not None

        store.note_addresses(sites={}, accounts={"uk": "https://new.example"}, now=NOON)

        state = store.account("uk")
        assert AccountState(name="uk", origin=state.origin, unproven_before=NOON) == state
