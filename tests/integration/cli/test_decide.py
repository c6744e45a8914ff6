"""`howdah retry` and `howdah skip`: a person decides."""

import pytest

from bot.sandbox.mastodon import SandboxMastodon
from bot.sandbox.wordpress import SandboxWordPress
from tests.integration.cli.conftest import ACCOUNT, SITE, Howdah
from tests.sandbox.faults import Status


@pytest.fixture
def failed(howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon) -> int:
    """A post whose share the instance refused for good."""
    rule = mastodon.faults.add(match="POST /api/v1/statuses", fault=Status(422, {"error": "not today"}))
    post_id = wordpress.publish(title="Refused")
    howdah.run("share", str(post_id))
    mastodon.faults.remove(rule)
    return post_id


class TestRetry:
    """Something stands still."""

    @pytest.mark.parametrize("form", ["{id}", "--failed"])
    def test_a_failed_share_is_queued_and_sent_by_the_next_pass(
        self, form: str, failed: int, howdah: Howdah, mastodon: SandboxMastodon
    ) -> None:
        """By its post, or all that failed."""
        done = howdah.run("retry", form.format(id=failed))
        howdah.run("sync")

        assert (0, f"{SITE}/{failed} on {ACCOUNT}: queued\n") == (done.code, done.out)
        assert 1 == len(mastodon.statuses)

    def test_a_crowd_is_let_through(
        self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon
    ) -> None:
        """--held, oldest first; without a terminal, and without --yes, nobody agrees and nothing is done."""
        howdah.set(f"sites.{SITE}", {"max_burst": 1})
        howdah.run("sync")
        ids = [wordpress.publish(title=f"Crowd {number}") for number in range(3)]
        howdah.run("sync")
        asked = howdah.run("retry", "--held")
        elsewhere = howdah.run("retry", "--held", "--site", "uk", "--account", "nobody", "--yes")
        states = {line["state"] for line in howdah.shares() if line["post_id"] in ids}
        done = howdah.run("retry", "--held", "--site", SITE, "--account", ACCOUNT, "--yes", "--json")
        howdah.run("sync")

        refusal = f"this would queue 3 shares of 3 posts ({SITE} on {ACCOUNT}), and there is no terminal to ask in"
        assert (1, "") == (asked.code, asked.out)
        assert refusal in asked.err
        assert {"held"} == states
        assert (2, "") == (elsewhere.code, elsewhere.out)
        assert [(post_id, "pending") for post_id in ids] == [(line["post_id"], line["state"]) for line in done.lines]
        assert ["Crowd 0", "Crowd 1", "Crowd 2"] == [status.text.splitlines()[0] for status in mastodon.statuses]

    def test_nothing_to_retry(self, howdah: Howdah) -> None:
        """Is said, and is no mistake."""
        done = howdah.run("retry", "--failed", "--held")

        assert (0, "No share is failed or held.\n") == (done.code, done.out)

    def test_a_shared_one_is_refused(self, failed: int, howdah: Howdah) -> None:
        """Exit code 1; an unknown post too."""
        howdah.run("share", str(failed))
        done = howdah.run("retry", str(failed), "4711")

        assert (1, "") == (done.code, done.out)
        assert "is shared: there is nothing to retry" in done.err
        assert f"{SITE}/4711: howdah has no share of this post" in done.err


class TestSkip:
    """Something is not to be."""

    def test_a_stuck_share_is_dropped(self, failed: int, howdah: Howdah) -> None:
        """Its reason says who did it."""
        done = howdah.run("skip", str(failed))
        [line] = howdah.shares()

        assert (0, f"{SITE}/{failed} on {ACCOUNT}: skipped\n") == (done.code, done.out)
        assert ("skipped", "skipped by hand") == (line["state"], line["share_on_mastodon"]["error"])

    def test_a_shared_one_is_refused(self, failed: int, howdah: Howdah) -> None:
        """What is on the account stays there."""
        howdah.run("share", str(failed))
        done = howdah.run("skip", str(failed))

        assert (1, "") == (done.code, done.out)
        assert "can't be skipped" in done.err

    def test_all_that_are_held_are_dropped(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """Once a person agrees."""
        howdah.set(f"sites.{SITE}", {"max_burst": 1})
        howdah.run("sync")
        for number in range(3):
            wordpress.publish(title=f"Crowd {number}")
        howdah.run("sync")
        refused = howdah.run("skip", "--held")
        done = howdah.run("skip", "--held", "--yes")

        assert (1, "") == (refused.code, refused.out)
        assert 3 == len(done.out.splitlines())
        assert {"skipped"} == {line["state"] for line in howdah.shares()}
