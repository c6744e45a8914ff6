"""`howdah sync`: one pass, for cron."""

import signal
import threading

from bot.sandbox.mastodon import SandboxMastodon
from bot.sandbox.mastodon_entities import App
from bot.sandbox.wordpress import SandboxWordPress
from tests.integration.cli.conftest import ACCOUNT, SITE, Howdah
from tests.sandbox.faults import Delay, Status

KEYS = [
    "site",
    "post_id",
    "link",
    "title",
    "account",
    "number",
    "state",
    "share_on_mastodon",
    "attempts",
    "next_attempt_at",
    "created_at",
    "updated_at",
]


class TestSync:
    """A site gets a new post."""

    def test_the_whole_road(self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon) -> None:
        """What was there is remembered; what is new is shared, once; then there is nothing new."""
        first = howdah.process("sync")
        post_id = wordpress.publish(title="Fresh & new", tags=["Harbour"])
        second, third = howdah.process("sync"), howdah.process("sync", "--json")
        [status] = mastodon.statuses

        assert (0, 0, 0) == (first.code, second.code, third.code)
        assert 'was there before the first look (first_run = "skip")' in first.out
        assert [f"shared: {SITE}/{post_id} on {ACCOUNT}: {mastodon.url}/@{ACCOUNT}/{status.id}", "1 shared"] == (
            second.out.splitlines()
        )
        assert "" == third.out
        assert "" == first.err + second.err + third.err

    def test_json_is_a_line_for_each_touched_share(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """As `list --json` prints it."""
        howdah.run("sync")
        wordpress.publish(title="Fresh & new")
        done = howdah.run("sync", "--json")

        assert KEYS == list(done.object)
        assert ("shared", "Fresh & new") == (done.object["state"], done.object["title"])
        assert done.lines == howdah.shares("--limit", "1")

    def test_what_settles_is_waited_for_or_left(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """--no-wait leaves it pending; without it the pass waits."""
        howdah.set(f"sites.{SITE}", {"settle": "1s"})
        howdah.run("sync")
        wordpress.publish(title="Not settled yet")

        assert ["pending"] == [line["state"] for line in howdah.run("sync", "--no-wait", "--json").lines]
        assert ["shared"] == [line["state"] for line in howdah.run("sync", "--json").lines]

    def test_a_site_that_is_down_is_said(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """Exit code 1, one sentence on stderr, nothing else lost."""
        howdah.run("sync")
        wordpress.faults.add(match="GET */wp/v2/posts*", fault=Status(503))
        done = howdah.run("sync", "--json")

        assert (1, "") == (done.code, done.out)
        assert done.err.startswith(f"Error: site {SITE}: ")
        assert 1 == len(done.err.splitlines())

    def test_a_slow_rhythm_is_no_trouble(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """What waits for days because its owner wants it so ends neither the pass nor `status --check` with 1."""
        howdah.set(f"accounts.{ACCOUNT}", {"min_interval": "20h"})
        howdah.run("sync")
        for number in range(3):
            wordpress.publish(title=f"Post {number}")

        assert [0, 0] == [howdah.run("sync").code, howdah.run("status", "--check").code]

    def test_only_one_site(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """--site looks at nothing else; a name that isn't there is asked back."""
        howdah.set("sites.other", {"url": f"{wordpress.url}/other", "accounts": [ACCOUNT], "allow_private": True})
        done = howdah.run("sync", "--site", SITE)
        wrong = howdah.run("sync", "--site", "othr")

        assert 0 == done.code
        assert {SITE} == {line["site"] for line in howdah.shares("--all")}
        assert (2, "Error: There is no site 'othr' in the config. Did you mean 'other'?\n") == (wrong.code, wrong.err)

    def test_quiet_says_nothing_where_all_is_well(self, howdah: Howdah) -> None:
        """Cron mails nothing then."""
        done = howdah.run("--quiet", "sync")

        assert (0, "", "") == (done.code, done.out, done.err)

    def test_logs_are_there_for_who_wants_them(self, howdah: Howdah) -> None:
        """--log-format json logs events on stderr, and stdout stays what it is."""
        done = howdah.run("--log-format", "json", "sync", "--json")

        assert '"event": "looked"' in done.err
        assert "event" not in done.out

    def test_ctrl_c_finishes_the_share_in_hand(
        self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon
    ) -> None:
        """It is recorded; the next one isn't begun; what is left is said."""
        howdah.set(f"accounts.{ACCOUNT}", {"timeout": "60s"})
        howdah.run("sync")
        first, second = wordpress.publish(title="In hand"), wordpress.publish(title="Not begun")
        arrived, answer = threading.Event(), threading.Event()
        mastodon.faults.add(match="POST /api/v1/statuses", fault=Delay(answer))
        mastodon.on_request = lambda request: arrived.set() if request.path == "/api/v1/statuses" else None
        with howdah.start("--verbose", "sync") as running:
            assert arrived.wait(60)
            running.signal(signal.SIGINT)
            running.wait_for("Stopping")
            answer.set()
            done = running.end()

        assert 1 == done.code
        assert "stopped before the pass was done" in done.err
        assert {first: "shared", second: "pending"} == {
            line["post_id"]: line["state"] for line in howdah.shares("--limit", "2")
        }


def test_a_token_that_was_replaced_between_two_passes(
    howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon
) -> None:
    """The pause that the old one caused ends with the next pass, from cron too; without a new one it lasts."""
    howdah.run("sync")
    mastodon.disable(ACCOUNT)
    wordpress.publish(title="Waiting")
    codes = [howdah.run("sync").code, howdah.run("sync").code]
    mastodon.enable(ACCOUNT)
    waits = howdah.run("sync").code
    app = App(id="9", name="Anew", scopes=frozenset({"profile", "read:statuses", "write:statuses", "write:media"}))
    howdah.token_file.write_text(mastodon.issue(app, app.scopes, account=mastodon.accounts[ACCOUNT]))
    done = howdah.run("sync")

    assert ([1, 1], 1, 0) == (codes, waits, done.code)
    assert ["Waiting"] == [status.text.splitlines()[0] for status in mastodon.statuses]
