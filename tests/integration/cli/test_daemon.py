"""`howdah run`: the daemon as a process, and its signals."""

import json
import signal
import threading

from bot.sandbox.faults import Delay
from bot.sandbox.mastodon import SandboxMastodon
from bot.sandbox.wordpress import SandboxWordPress
from tests.integration.cli.conftest import ACCOUNT, SITE, TOKEN, Howdah


class TestRun:
    """It watches and shares until it is told to stop."""

    def test_shares_what_is_new_and_stops_when_told(
        self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon
    ) -> None:
        """A line at the start, one for each outcome, one at the end; exit code 0."""
        with howdah.start("run") as daemon:
            daemon.wait_for("first look")
            wordpress.publish(title="Fresh")
            daemon.wait_for("shared: ")
            daemon.signal(signal.SIGTERM)
            done = daemon.end()

        assert (0, "") == (done.code, done.out)
        assert 1 == len(mastodon.statuses)
        assert "INFO    running: 1 sites, 1 accounts" in daemon.heard[0]
        assert daemon.heard[-1].endswith("INFO    stopped\n")

    def test_logs_json(self, howdah: Howdah) -> None:
        """Each line an object with time, level, event and message; --verbose shows no token either."""
        with howdah.start("--verbose", "--log-format", "json", "run") as daemon:
            daemon.wait_for("first look")
            daemon.signal(signal.SIGINT)
            done = daemon.end()
        lines = [json.loads(line) for line in done.err.splitlines()]

        assert 0 == done.code
        assert {"running", "looked", "stopped"} <= {line["event"] for line in lines}
        assert all(["time", "level", "event", "message"] == list(line)[:4] for line in lines)

    def test_sigterm_finishes_the_share_in_hand(
        self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon
    ) -> None:
        """The instance takes its time: the answer is waited for and recorded."""
        arrived, answer = threading.Event(), threading.Event()
        mastodon.faults.add(match="POST /api/v1/statuses", fault=Delay(answer))
        with howdah.start("run") as daemon:
            daemon.wait_for("first look")
            mastodon.on_request = lambda request: arrived.set() if request.path == "/api/v1/statuses" else None
            post_id = wordpress.publish(title="In hand")
            assert arrived.wait(60)
            daemon.signal(signal.SIGTERM)
            answer.set()
            done = daemon.end()

        assert 0 == done.code
        assert [(post_id, "shared")] == [(line["post_id"], line["state"]) for line in howdah.shares("--limit", "1")]

    def test_warnings_of_the_config_are_logged(self, howdah: Howdah) -> None:
        """A literal token works, but is better kept elsewhere; it is not shown."""
        howdah.set(f"accounts.{ACCOUNT}", {"token": TOKEN, "token_file": ""})
        config = howdah.config.read_text().replace('token_file = ""\n', "")
        howdah.config.write_text(config)
        with howdah.start("run") as daemon:
            daemon.wait_for("first look")
            daemon.signal(signal.SIGTERM)
            done = daemon.end()

        assert 0 == done.code
        assert any("WARNING" in line and "token" in line for line in daemon.heard)
        assert "Warning: " in howdah.run("list").err

    def test_a_wrong_config_is_said_and_nothing_runs(self, howdah: Howdah) -> None:
        """Exit code 2, as with every command."""
        howdah.set(f"sites.{SITE}", {"poll_every": "often"})
        done = howdah.process("run")

        assert (2, "") == (done.code, done.out)
        assert "poll_every" in done.err


class TestReload:
    """SIGHUP reads the config anew."""

    def test_a_good_config_is_taken_over(
        self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon
    ) -> None:
        """From then on it is what counts."""
        with howdah.start("run") as daemon:
            daemon.wait_for("first look")
            howdah.set(f"accounts.{ACCOUNT}", {"template": "New: {title} {link}"})
            daemon.signal(signal.SIGHUP)
            daemon.wait_for("config read anew")
            wordpress.publish(title="Fresh")
            daemon.wait_for("shared: ")
            daemon.signal(signal.SIGTERM)
            assert 0 == daemon.end().code

        assert mastodon.statuses[0].text.startswith("New: Fresh ")

    def test_a_wrong_config_is_not(
        self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon
    ) -> None:
        """It is logged with what is wrong, and the old one goes on."""
        with howdah.start("run") as daemon:
            daemon.wait_for("first look")
            howdah.set(f"accounts.{ACCOUNT}", {"templte": "New: {title} {link}"})
            daemon.signal(signal.SIGHUP)
            daemon.wait_for("config not taken over")
            daemon.wait_for("template")
            wordpress.publish(title="Fresh")
            daemon.wait_for("shared: ")
            daemon.signal(signal.SIGTERM)
            assert 0 == daemon.end().code

        assert mastodon.statuses[0].text.startswith("Fresh\n")
