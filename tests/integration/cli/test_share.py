"""`howdah share`: a person shares a post, now."""

import signal
import threading
from datetime import timedelta

import pytest

from bot.sandbox.faults import LoseAnswer
from bot.sandbox.mastodon import SandboxMastodon
from bot.sandbox.wordpress import SandboxWordPress
from tests.integration.cli.conftest import ACCOUNT, SITE, TOKEN, Howdah
from tests.sandbox.faults import Delay, Status

Servers = tuple[SandboxWordPress, SandboxMastodon]


def old_post(wordpress: SandboxWordPress) -> int:
    """A post that no look would share: it is a month old."""
    return wordpress.publish(title="By hand", date=wordpress.now() - timedelta(days=30))


@pytest.fixture
def post_id(wordpress: SandboxWordPress) -> int:
    """Such a post."""
    return old_post(wordpress)


@pytest.fixture
def servers(wordpress: SandboxWordPress, mastodon: SandboxMastodon) -> Servers:
    """Both."""
    return wordpress, mastodon


class TestOnce:
    """A post that isn't shared yet."""

    def test_its_url_is_printed(self, howdah: Howdah, servers: Servers) -> None:
        """Nothing else is on stdout, nothing on stderr."""
        wordpress, mastodon = servers
        post_id = old_post(wordpress)
        done = howdah.run("share", wordpress.link(post_id))
        [status] = mastodon.statuses

        assert (0, f"{mastodon.url}/@{ACCOUNT}/{status.id}\n", []) == (done.code, done.out, done.said)
        assert wordpress.link(post_id) in status.text

    def test_by_its_url_on_a_site_that_moved_its_root(self, howdah: Howdah, servers: Servers) -> None:
        """What is remembered leads nowhere: the root is found anew, for a url as for an id; a preview of it too."""
        wordpress, mastodon = servers
        post_id = old_post(wordpress)
        howdah.run("share", str(post_id))
        moved = wordpress.publish(title="Later", date=wordpress.now() - timedelta(days=30))
        for command in (["share", wordpress.link(moved)], ["preview", "--latest", "1"]):
            wordpress.faults.add(match="GET /wp-json/wp/*", fault=Status(404, "<title>Not found</title>"), times=1)
            assert 0 == howdah.run(*command).code

        assert 2 == len(mastodon.statuses)

    def test_json_is_the_line_of_the_list(self, post_id: int, howdah: Howdah) -> None:
        """One object."""
        done = howdah.run("share", str(post_id), "--json")

        assert ("shared", 1, post_id) == (done.object["state"], done.object["attempts"], done.object["post_id"])
        assert done.lines == howdah.shares()

    def test_words_of_ones_own(self, post_id: int, howdah: Howdah, mastodon: SandboxMastodon) -> None:
        """--text takes the template's place; the link is added."""
        howdah.run("share", str(post_id), "--text", "Do read this.")

        assert mastodon.statuses[0].text.startswith("Do read this.\n\nhttp://")

    def test_a_dry_run_sends_and_stores_nothing(self, post_id: int, howdah: Howdah, mastodon: SandboxMastodon) -> None:
        """It shows the status as it would be, and needs no token."""
        howdah.token_file.unlink()
        done = howdah.run("share", str(post_id), "--dry-run", "--text", "Do read this.")

        assert 0 == done.code
        assert "  | Do read this." in done.out
        assert ([], []) == (mastodon.statuses, howdah.shares())


class TestAlreadyShared:
    """A post that is shared."""

    def test_is_refused_with_its_url(self, post_id: int, howdah: Howdah, mastodon: SandboxMastodon) -> None:
        """Exit code 1, nothing on stdout."""
        url = howdah.run("share", str(post_id)).out.strip()
        done = howdah.run("share", str(post_id))

        assert (1, "") == (done.code, done.out)
        assert f"is shared already: {url}" in done.err
        assert "--again" in done.err
        assert 1 == len(mastodon.statuses)

    def test_again_is_a_new_status(self, post_id: int, howdah: Howdah, mastodon: SandboxMastodon) -> None:
        """With the next number; both stay on record."""
        howdah.run("share", str(post_id))
        done = howdah.run("share", str(post_id), "--again", "--json")

        assert (0, 2) == (done.code, done.object["number"])
        assert 2 == len(mastodon.statuses)
        assert [2, 1] == [line["number"] for line in howdah.shares()]


class TestSeveral:
    """Several posts in one command."""

    def test_wait_their_turn(self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon) -> None:
        """The first goes now, the next ones later, and that is no failure; --now sends them all at once."""
        ids = [str(wordpress.publish(title=f"Post {number}")) for number in range(3)]
        done = howdah.run("share", *ids, "--every", "2h")
        titles = [status.text.splitlines()[0] for status in mastodon.statuses]
        now = howdah.run("share", *ids[1:], "--now")

        assert (0, ["Post 0"]) == (done.code, titles)
        assert [mastodon.url in done.out, 2] == [True, done.out.count(": queued, to go from ")]
        assert (0, 3) == (now.code, len(mastodon.statuses))


class TestRefused:
    """What can't be shared."""

    @pytest.mark.parametrize("form", ["{url}/no/such/post/", "4711"])
    def test_an_unknown_post(self, form: str, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """Exit code 1 and a sentence that names it."""
        done = howdah.run("share", form.format(url=wordpress.url), "--json")

        assert (1, "") == (done.code, done.out)
        assert form.format(url=wordpress.url) in done.err

    def test_a_wrong_account(self, post_id: int, howdah: Howdah) -> None:
        """Exit code 2, and a like name."""
        done = howdah.run("share", str(post_id), "--account", "herold")

        assert (2, "Error: There is no account 'herold' in the config. Did you mean 'herald'?\n") == (
            done.code,
            done.err,
        )

    def test_the_rest_is_shared_all_the_same(self, post_id: int, howdah: Howdah, mastodon: SandboxMastodon) -> None:
        """One of several is no post, one isn't there: exit code 1, both are said."""
        done = howdah.run("share", "nonsense", "4711", str(post_id))

        assert 1 == done.code
        assert 2 == len(done.said)
        assert 1 == len(mastodon.statuses) == len(done.out.splitlines())

    def test_a_refusal_of_the_instance(self, post_id: int, howdah: Howdah, mastodon: SandboxMastodon) -> None:
        """The share failed; the instance's reason is said, and no token that it repeats."""
        error = {"error": f"Validation failed for Bearer {TOKEN}: no {TOKEN} today"}
        mastodon.faults.add(match="POST /api/v1/statuses", fault=Status(422, error))
        done = howdah.process("--verbose", "share", str(post_id))

        assert (1, "") == (done.code, done.out)
        assert f"{SITE}/{post_id} on {ACCOUNT} failed: " in done.err
        assert "Validation failed" in howdah.process("show", str(post_id)).out


class TestOtherAccounts:
    """A site has several accounts."""

    def test_without_account_it_is_shared_on_all(self, post_id: int, howdah: Howdah, mastodon: SandboxMastodon) -> None:
        """And where one has it already, on the others."""
        mastodon.add_account("second", token="second-" + TOKEN)
        (howdah.folder / "second.token").touch(mode=0o600)
        (howdah.folder / "second.token").write_text("second-" + TOKEN)
        howdah.set("accounts.second", {"instance": mastodon.url, "token_file": "second.token", "allow_private": True})
        howdah.set(f"sites.{SITE}", {"accounts": [ACCOUNT, "second"]})
        one = howdah.run("share", str(post_id), "--account", "second", "--json")
        both = howdah.run("share", str(post_id), "--json")

        assert (0, "second") == (one.code, one.object["account"])
        assert (1, [ACCOUNT]) == (both.code, [line["account"] for line in both.lines])
        assert "on second is shared already" in both.err


class TestWaiting:
    """It doesn't go at once."""

    def test_a_token_that_is_refused(self, post_id: int, howdah: Howdah, mastodon: SandboxMastodon) -> None:
        """What happened and when it is tried again is said; exit code 1. Once it is mended, the same command works."""
        mastodon.disable(ACCOUNT)
        done = howdah.run("share", str(post_id))
        mastodon.enable(ACCOUNT)
        mended = howdah.run("share", str(post_id))

        assert (1, "") == (done.code, done.out)
        assert "isn't shared yet: the instance refuses the account (403)" in done.err
        assert "tries it from 20" in done.err
        assert (0, 1) == (mended.code, len(mastodon.statuses))

    def test_a_lost_answer_is_found_again(self, post_id: int, howdah: Howdah, mastodon: SandboxMastodon) -> None:
        """Meanwhile it says what it waits for; the status isn't sent twice."""
        mastodon.faults.add(match="POST /api/v1/statuses", fault=LoseAnswer(), times=1)
        done = howdah.run("share", str(post_id))
        [status] = mastodon.statuses

        assert (0, f"{mastodon.url}/@{ACCOUNT}/{status.id}\n") == (done.code, done.out)
        assert "the instance gave no answer; looking whether the status is there" in done.err

    def test_ctrl_c_leaves_it_queued(self, post_id: int, howdah: Howdah, mastodon: SandboxMastodon) -> None:
        """A share of which nobody knows yet is looked for later; that is said."""
        howdah.set(f"accounts.{ACCOUNT}", {"answer_deadline": "2m"})
        mastodon.faults.add(match="POST /api/v1/statuses", fault=LoseAnswer(), times=1)
        with howdah.start("share", str(post_id)) as running:
            running.wait_for("looking whether the status is there")
            running.signal(signal.SIGINT)
            done = running.end()

        assert (1, "") == (done.code, done.out)
        assert "nobody knows yet whether it was sent" in done.err
        assert ["unknown"] == [line["state"] for line in howdah.shares()]


class TestBesideTheDaemon:
    """A daemon runs on the same store."""

    def test_the_daemon_has_the_account_in_hand(
        self, post_id: int, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon
    ) -> None:
        """The command waits until it is delivered, by whichever of them; each post stands there once."""
        arrived, answer = threading.Event(), threading.Event()
        howdah.set(f"accounts.{ACCOUNT}", {"timeout": "60s"})
        mastodon.faults.add(match="POST /api/v1/statuses", fault=Delay(answer), times=1)
        with howdah.daemon() as daemon:
            daemon.wait_for("first look")
            mastodon.on_request = lambda request: arrived.set() if request.path == "/api/v1/statuses" else None
            new = wordpress.publish(title="By the daemon")
            assert arrived.wait(60)
            with howdah.start("share", str(post_id)) as running:
                running.wait_for("waiting for its turn")
                answer.set()
                done = running.end()
            daemon.signal(signal.SIGTERM)
            assert 0 == daemon.end().code

        assert (0, 1) == (done.code, len(done.out.splitlines()))
        assert 2 == len(mastodon.statuses)
        assert {new: "shared", post_id: "shared"} == {
            line["post_id"]: line["state"] for line in howdah.shares() if line["state"] != "skipped"
        }
