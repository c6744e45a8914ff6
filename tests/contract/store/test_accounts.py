"""Accounts: what is due there, what is remembered of them, and their rests."""

from msgspec.structs import replace

from bot.domain.models import (
    FOREVER,
    LONGEST_PUT_OFF,
    AccountState,
    Anchor,
    Attempt,
    FoundStatus,
    Limits,
    Listing,
    RateLimit,
    State,
)
from bot.ports import Store
from tests.contract.stores import ANCHOR, OWNER, add, ask, begin, move, pause
from tests.makers import DAY, HOUR, MINUTE, NOON, SECOND, own_status

EVER = NOON - 1000 * DAY
RATE = RateLimit(remaining=7, reset_at=NOON + HOUR)


class TestAccounts:
    """What is remembered of an account."""

    def test_unknown(self, store: Store) -> None:
        """Of an account never heard of nothing is remembered."""
        assert AccountState(name="uk") == store.account("uk")

    def test_limits(self, store: Store) -> None:
        """Limits come back whole, with when they were read; the newest count."""
        limits = Limits(max_characters=5000, supported_mime_types=("image/png", "image/jpeg"), software="gotosocial")
        store.remember_limits("uk", Limits(), now=NOON)
        store.remember_limits("uk", limits, now=NOON + HOUR)

        assert (limits, NOON + HOUR) == (store.account("uk").limits, store.account("uk").limits_at)

    def test_latest(self, store: Store) -> None:
        """The newest own status is replaced by a newer one; limits stay."""
        store.remember_limits("uk", Limits(), now=NOON)
        store.remember_latest("uk", Anchor(id="1", created_at=NOON - DAY))
        store.remember_latest("uk", ANCHOR)

        assert (ANCHOR, Limits()) == (store.account("uk").latest, store.account("uk").limits)

    def test_pause_and_resume(self, store: Store) -> None:
        """Pauses in a row are counted; a person ends them all."""
        share = add(store, 7)
        store.apply(share, pause(share, length=MINUTE), now=NOON)
        store.apply(share, pause(share, length=HOUR), now=NOON)

        paused = AccountState(name="uk", paused_until=NOON + HOUR, pause_reason="it asked for it", pauses=2)
        assert paused == store.account("uk")

        store.resume("uk")

        assert AccountState(name="uk") == store.account("uk")

    def test_resume_unknown(self, store: Store) -> None:
        """An account that was never paused, or never heard of, can be resumed: nothing happens."""
        store.resume("uk")

        assert AccountState(name="uk") == store.account("uk")

    def test_token_mark(self, store: Store) -> None:
        """By which token it is used is remembered, and nothing else changes."""
        store.remember_limits("uk", Limits(), now=NOON)
        store.remember_token("uk", "5eed", owner="this", now=NOON + HOUR)

        expected = AccountState(
            name="uk", limits=Limits(), limits_at=NOON, token_mark="5eed", token_owner="this", token_at=NOON + HOUR
        )
        assert expected == store.account("uk")

    def test_origin(self, store: Store) -> None:
        """Where the store stood when the account was read, and from when on it knows of everything there."""
        store.note_addresses(sites={}, accounts={"uk": "https://social.example"}, now=NOON)
        before = store.account("uk")
        store.note_addresses(sites={}, accounts={"uk": "https://social.example"}, now=NOON + HOUR)
        same = store.account("uk")
        store.remember_origin("uk", "there", now=NOON + HOUR)

        assert AccountState(name="uk", origin=store.origin(), unproven_before=NOON) == before == same
        assert AccountState(name="uk", origin="there", unproven_before=NOON + HOUR) == store.account("uk")


class TestUploads:
    """Files that were uploaded, for the rate windows."""

    def test_recorded(self, store: Store) -> None:
        """An upload stands in the history and counts from its instant; what is left is remembered."""
        share, other = add(store, 7), add(store, 8, account="de")
        uploaded = Attempt(at=NOON + SECOND, step="upload", outcome="uploaded", detail="m1")
        store.record_upload(share, attempt=uploaded, rate=RATE)
        store.record_upload(share, attempt=replace(uploaded, at=NOON), rate=RATE)
        store.record_upload(other, attempt=uploaded, rate=None)

        assert (uploaded, replace(uploaded, at=NOON)) == store.attempts(share)
        assert (NOON, NOON + SECOND) == store.uploaded_at("uk", since=EVER)
        assert (NOON + SECOND,) == store.uploaded_at("uk", since=NOON)
        assert () == store.sent_at("uk", since=EVER)
        assert (RATE, None) == (store.account("uk").media_rate, store.account("uk").statuses_rate)
        assert store.account("de").media_rate is None

    def test_an_image_that_was_left_out(self, store: Store) -> None:
        """It has its line in the history, and is no upload."""
        share, line = add(store, 7), Attempt(at=NOON, step="image", outcome="left out", detail="it is HTML")
        store.record_upload(share, attempt=line, rate=None)

        assert (line,) == store.attempts(share)
        assert () == store.uploaded_at("uk", since=EVER)

    def test_silent_answer(self, store: Store) -> None:
        """An answer without a rate leaves what was said before."""
        share = add(store, 7)
        uploaded = Attempt(at=NOON, step="upload", outcome="uploaded")
        store.record_upload(share, attempt=uploaded, rate=RATE)
        store.record_upload(share, attempt=uploaded, rate=None)

        assert RATE == store.account("uk").media_rate


class TestFoundStatuses:
    """What was read of an account."""

    def test_by_link(self, store: Store) -> None:
        """They are found by any of their links, however it is written, newest first; the newest is the account's."""
        old = own_status("101", "https://news.example/7/?utm_source=x", "https://other.example/", created_at=NOON)
        new = own_status("102", "http://www.news.example/7", created_at=NOON + MINUTE)
        assert not store.has_found_statuses("uk")
        store.remember_statuses("uk", Listing(statuses=(new, old), complete=True))

        found = [FoundStatus(id=one.id, url=one.url, created_at=one.created_at) for one in (new, old)]
        assert tuple(found) == store.statuses_with("uk", "https://news.example/7/")
        assert tuple(found[1:]) == store.statuses_with("uk", "https://other.example")
        assert () == store.statuses_with("uk", "https://news.example/8/")
        assert () == store.statuses_with("de", "https://news.example/7/")
        assert (True, False) == (store.has_found_statuses("uk"), store.has_found_statuses("de"))
        assert Anchor(id="102", created_at=NOON + MINUTE) == store.account("uk").latest

    def test_of_shares(self, store: Store) -> None:
        """A status that belongs to a share isn't found, whether it did already or does now."""
        both = Listing(statuses=(own_status("102"), own_status("101")), complete=True)
        move(store, add(store, 7), state=State.SHARED, status_id="101")
        store.remember_statuses("uk", both)
        assert ["102"] == [status.id for status in store.statuses_with("uk", "https://news.example/7/")]

        move(store, ask(store, 7, number=2), state=State.SHARED, status_id="102")

        assert () == store.statuses_with("uk", "https://news.example/7/")

    def test_read_again(self, store: Store) -> None:
        """What was read before is there once; an empty listing changes nothing."""
        listing = Listing(statuses=(own_status("101"),), complete=True)
        for again in (listing, listing, Listing(statuses=(), complete=True)):
            store.remember_statuses("uk", again)

        assert 1 == len(store.statuses_with("uk", "https://news.example/7/"))
        assert Anchor(id="101", created_at=NOON) == store.account("uk").latest

    def test_replies(self, store: Store) -> None:
        """A reply with a post's link is no share of it, but the account's newest status all the same."""
        reply = own_status("103", in_reply_to_id="9")
        store.remember_statuses("uk", Listing(statuses=(reply,), complete=True))

        assert () == store.statuses_with("uk", "https://news.example/7/")
        assert Anchor(id="103", created_at=NOON) == store.account("uk").latest


class TestDueAccounts:
    """Which accounts have something to do."""

    def test_pending(self, store: Store) -> None:
        """Those with a due pending share of these sites, sorted by name, each once."""
        for number, account in enumerate(["uk", "de", "uk", "fr"]):
            add(store, number, account=account)
        add(store, 10, account="late", next_attempt_at=NOON + SECOND)
        add(store, 11, account="elsewhere", site="us")
        add(store, 12, account="done", state=State.SHARED, next_attempt_at=None)

        names = ["uk", "late", "elsewhere", "done", "de", "idle"]
        assert ("de", "uk") == store.due_accounts(names, sites=["uk"], now=NOON)
        assert () == store.due_accounts([], sites=["uk"], now=NOON)
        assert ("uk",) == store.due_accounts(["uk"], sites=["us", "uk"], now=NOON)

    def test_leased_or_paused(self, store: Store) -> None:
        """An account is left alone while a lease runs, whoever's, or while it is paused."""
        share = add(store, 7)
        store.lease("uk", owner=OWNER, now=NOON, until=NOON + MINUTE)

        assert () == store.due_accounts(["uk"], sites=["uk"], now=NOON)
        assert ("uk",) == store.due_accounts(["uk"], sites=["uk"], now=NOON + MINUTE)

        store.release("uk", owner=OWNER)
        store.apply(share, pause(share, length=MINUTE), now=NOON)

        assert () == store.due_accounts(["uk"], sites=["uk"], now=NOON)
        assert ("uk",) == store.due_accounts(["uk"], sites=["uk"], now=NOON + MINUTE)

    def test_paused_by_a_clock_that_was_ahead(self, store: Store) -> None:
        """No account is left alone for longer than any can be: what is paused for years isn't paused."""
        share = add(store, 7)
        store.apply(share, pause(share, length=LONGEST_PUT_OFF), now=NOON)
        assert (True, ()) == (
            store.account("uk").is_paused(now=NOON),
            store.due_accounts(["uk"], sites=["uk"], now=NOON),
        )

        store.pause("uk", until=NOON + 3650 * DAY, reason="its certificate has expired")
        assert (False, ("uk",)) == (
            store.account("uk").is_paused(now=NOON),
            store.due_accounts(["uk"], sites=["uk"], now=NOON),
        )

    def test_sender_gone(self, store: Store) -> None:
        """A share left `sending` wakes its account once its sender's lease has run out, whatever its site."""
        begin(store, add(store, 7), now=NOON)

        assert () == store.due_accounts(["uk"], sites=[], now=NOON + 2 * MINUTE - SECOND)
        assert ("uk",) == store.due_accounts(["uk"], sites=[], now=NOON + 2 * MINUTE)

    def test_unknown(self, store: Store) -> None:
        """An unknown share wakes its account when its time comes; pending ones behind it don't.

        It does so whatever its site: it bars the account's lane until it is known.
        """
        sent = begin(store, add(store, 7))
        move(store, sent, state=State.UNKNOWN, next_attempt_at=NOON + HOUR)
        add(store, 8)
        store.release("uk", owner=OWNER)

        assert () == store.due_accounts(["uk"], sites=["uk"], now=NOON + MINUTE)
        assert ("uk",) == store.due_accounts(["uk"], sites=[], now=NOON + HOUR)


class TestPendingAt:
    """When what waits comes due."""

    def test_each_soonest_first(self, store: Store) -> None:
        """Each pending share of the account and of these sites, now where it is due already; no other."""
        add(store, 1, next_attempt_at=NOON + HOUR)
        add(store, 2, next_attempt_at=NOON - DAY)
        add(store, 3, account="de")
        add(store, 4, site="us")
        add(store, 5, state=State.HELD, next_attempt_at=None)

        assert (NOON, NOON + HOUR) == store.pending_at("uk", sites=["uk", "fr"], now=NOON)
        assert () == store.pending_at("fr", sites=["uk"], now=NOON)


class TestNextDue:
    """When something comes due."""

    def test_nothing(self, store: Store) -> None:
        """Where nothing waits there is no next time."""
        add(store, 7, state=State.HELD, next_attempt_at=None)

        assert store.next_due_at(sites=["uk"], accounts=["uk"]) is None

    def test_earliest(self, store: Store) -> None:
        """The earliest of these sites' and accounts' shares; it may be past."""
        add(store, 1, next_attempt_at=NOON + HOUR)
        add(store, 2, account="de", next_attempt_at=NOON - HOUR)
        add(store, 3, site="us", next_attempt_at=NOON - DAY)
        add(store, 4, account="fr", next_attempt_at=NOON - DAY)

        assert NOON + HOUR == store.next_due_at(sites=["uk"], accounts=["uk"])
        assert NOON - HOUR == store.next_due_at(sites=["uk"], accounts=["uk", "de"])

    def test_pauses_count(self, store: Store) -> None:
        """A paused account's shares come due no sooner than its pause ends; another account's may come first."""
        share = add(store, 1)
        store.apply(share, pause(share, length=HOUR), now=NOON)

        assert NOON + HOUR == store.next_due_at(sites=["uk"], accounts=["uk"])

        add(store, 2, next_attempt_at=NOON + DAY)
        add(store, 3, account="de", next_attempt_at=NOON + MINUTE)

        assert NOON + MINUTE == store.next_due_at(sites=["uk"], accounts=["uk", "de"])

    def test_a_pause_that_is_over(self, store: Store) -> None:
        """A pause that ends before the share comes due delays nothing."""
        share = add(store, 1, next_attempt_at=NOON + DAY)
        store.apply(share, pause(share, length=HOUR), now=NOON)

        assert NOON + DAY == store.next_due_at(sites=["uk"], accounts=["uk"])

    def test_unknown(self, store: Store) -> None:
        """An unknown share counts by the time it is looked for; pending ones wait for it."""
        sent = begin(store, add(store, 1))
        add(store, 2)
        move(store, sent, state=State.UNKNOWN, next_attempt_at=NOON + HOUR)

        assert NOON + HOUR == store.next_due_at(sites=["uk"], accounts=["uk"])


class TestRests:
    """What a person lets rest."""

    def test_a_site(self, store: Store) -> None:
        """It isn't due for a look, and its pending shares aren't due, until then; an unknown one is."""
        add(store, 1)
        add(store, 2, site="us", account="de")
        store.rest_site("uk", until=NOON + HOUR)

        assert NOON + HOUR == store.site("uk").rests_until
        assert () == store.due("uk", sites=["uk"], now=NOON, limit=9)
        assert ("de",) == store.due_accounts(["uk", "de"], sites=["uk", "us"], now=NOON)
        assert NOON + HOUR == store.next_due_at(sites=["uk", "us"], accounts=["uk"])
        assert "uk" not in store.due_sites(["uk", "us"], now=NOON + HOUR - SECOND)
        assert "uk" in store.due_sites(["uk", "us"], now=NOON + HOUR)
        assert ("de", "uk") == store.due_accounts(["uk", "de"], sites=["uk", "us"], now=NOON + HOUR)

    def test_an_unknown_share_of_a_site_that_rests(self, store: Store) -> None:
        """It is looked for all the same: it bars the account's lane."""
        sent = begin(store, add(store, 7))
        move(store, sent, state=State.UNKNOWN, next_attempt_at=NOON)
        store.release("uk", owner=OWNER)
        store.rest_site("uk", until=FOREVER)

        assert ("uk",) == store.due_accounts(["uk"], sites=["uk"], now=NOON)
        assert NOON == store.next_due_at(sites=["uk"], accounts=["uk"])

    def test_an_account(self, store: Store) -> None:
        """It has nothing to do until then, whatever ends its pauses."""
        add(store, 1)
        store.rest_account("uk", until=NOON + HOUR)
        store.resume("uk")

        assert NOON + HOUR == store.account("uk").rests_until
        assert () == store.due_accounts(["uk"], sites=["uk"], now=NOON)
        assert NOON + HOUR == store.next_due_at(sites=["uk"], accounts=["uk"])
        assert ("uk",) == store.due_accounts(["uk"], sites=["uk"], now=NOON + HOUR)

    def test_is_known_of_a_share(self, store: Store) -> None:
        """By its site or its account."""
        store.rest_site("uk", until=NOON + HOUR)
        store.rest_account("de", until=FOREVER)

        at = {pair: store.at_rest(*pair, now=NOON) for pair in (("uk", "uk"), ("us", "de"), ("us", "uk"))}
        assert {("uk", "uk"): True, ("us", "de"): True, ("us", "uk"): False} == at
        assert not store.at_rest("uk", "uk", now=NOON + HOUR)

    def test_ends(self, store: Store) -> None:
        """None ends it; another time takes the place of the one before."""
        add(store, 1)
        store.rest_site("uk", until=FOREVER)
        store.rest_account("uk", until=FOREVER)
        store.rest_site("uk", until=None)
        store.rest_account("uk", until=None)

        assert ("uk",) == store.due_accounts(["uk"], sites=["uk"], now=NOON)
        assert (None, None) == (store.site("uk").rests_until, store.account("uk").rests_until)

    def test_another_address(self, store: Store) -> None:
        """Whatever is forgotten with an old address, a person's wish isn't."""
        store.note_addresses(sites={"uk": "https://a.example"}, accounts={"uk": "https://b.example"}, now=NOON)
        store.rest_site("uk", until=FOREVER)
        store.rest_account("uk", until=FOREVER)
        store.note_addresses(sites={"uk": "https://c.example"}, accounts={"uk": "https://d.example"}, now=NOON)

        assert (FOREVER, FOREVER) == (store.site("uk").rests_until, store.account("uk").rests_until)
