"""The verdict finds what is twice and what is lost, and says nothing where all is well."""

import pytest

from tests.soak.verdict import Published, Row, Verdict, judge

LINK = "https://news.example/1/"
WANTED = {("uk/1", "herald"): LINK}
STATUS = Published(account="herald", text=f"Title\n\nWords.\n\n{LINK}\n\n#news", url="https://fedi.example/@herald/7")
AGAIN = Published(account="herald", text=f"Title {LINK}", url="https://fedi.example/@herald/8")


def row(state: str = "shared", *, url: str = STATUS.url, error: str = "", number: int = 1) -> Row:
    """The post's share."""
    return Row(post="uk/1", account="herald", number=number, state=state, url=url, error=error)


class TestFine:
    """One status, and a share that says so."""

    def test_one_status(self) -> None:
        """Nothing is wrong."""
        verdict = judge(WANTED, statuses=[STATUS], rows=[row()])

        assert Verdict() == verdict
        assert verdict.good

    def test_nothing_wanted(self) -> None:
        """Statuses about other things are nobody's business here."""
        assert Verdict() == judge({}, statuses=[STATUS], rows=[row()])

    def test_every_account_has_its_own(self) -> None:
        """A status on another account is no second one on this."""
        other = Published(account="crier", text=STATUS.text, url="https://fedi.example/@crier/9")

        assert judge(WANTED, statuses=[STATUS, other], rows=[row()]).good

    def test_a_longer_link_is_another(self) -> None:
        """The link of post 12 is not taken for that of post 1."""
        other = Published(account="herald", text="https://news.example/1/2/", url="https://fedi.example/@herald/9")

        assert judge(WANTED, statuses=[STATUS, other], rows=[row()]).good

    def test_the_newest_share_counts(self) -> None:
        """An earlier one of the same post and account is over."""
        assert judge(WANTED, statuses=[STATUS], rows=[row(number=2), row("failed", error="no")]).good


class TestBroken:
    """A promise was broken."""

    def test_twice(self) -> None:
        """Two statuses with the link on one account, whatever the store says."""
        verdict = judge(WANTED, statuses=[STATUS, AGAIN], rows=[row()])

        assert not verdict.good
        assert (f"uk/1 on herald: {STATUS.url}, {AGAIN.url} (the share is shared)",) == verdict.twice

    def test_twice_though_the_share_is_held(self) -> None:
        """A reason for a person excuses no double."""
        verdict = judge(WANTED, statuses=[STATUS, AGAIN], rows=[row("held", error="look there")])

        assert (1, ()) == (len(verdict.twice), verdict.held)

    @pytest.mark.parametrize("state", ["pending", "sending", "unknown", "shared"])
    def test_lost(self, state: str) -> None:
        """No status, and a share that gives a person no reason; least of all one that says it is shared."""
        verdict = judge(WANTED, statuses=[], rows=[row(state, url="")])

        assert not verdict.good
        assert (f"uk/1 on herald: no status, and the share is {state}",) == verdict.lost

    def test_lost_and_never_heard_of(self) -> None:
        """No status and no share at all."""
        verdict = judge(WANTED, statuses=[], rows=[])

        assert ("uk/1 on herald: no status, and the share is unknown to the store",) == verdict.lost

    def test_unfinished(self) -> None:
        """The status is there, but its share still doesn't know."""
        verdict = judge(WANTED, statuses=[STATUS], rows=[row("unknown", url="")])

        assert not verdict.good
        assert (f"uk/1 on herald: {STATUS.url} is there, but the share is unknown",) == verdict.unfinished

    def test_astray(self) -> None:
        """The share says another status's url."""
        verdict = judge(WANTED, statuses=[STATUS], rows=[row(url=AGAIN.url)])

        assert not verdict.good
        assert (f"uk/1 on herald: {STATUS.url} is there, but the share says {AGAIN.url}",) == verdict.astray


class TestHeld:
    """A share that stands still with a reason is counted apart."""

    @pytest.mark.parametrize("state", ["failed", "held", "skipped"])
    @pytest.mark.parametrize("statuses", [(), (STATUS,)])
    def test_with_its_reason(self, state: str, statuses: tuple[Published, ...]) -> None:
        """It breaks no promise: a person can read why."""
        verdict = judge(WANTED, statuses=statuses, rows=[row(state, url="", error="refused (422)")])

        assert verdict.good
        assert (f"uk/1 on herald: {state}: refused (422)",) == verdict.held

    def test_without_a_reason_it_is_lost(self) -> None:
        """Nobody could know why."""
        verdict = judge(WANTED, statuses=[], rows=[row("failed", url="")])

        assert ("uk/1 on herald: no status, and the share is failed",) == verdict.lost
