"""`howdah run`: the daemon as a process, and its signals."""

import json
import signal
import threading
from datetime import timedelta

from bot.sandbox.mastodon import SandboxMastodon
from bot.sandbox.wordpress import SandboxWordPress
from tests.integration.cli.conftest import ACCOUNT, SITE, TOKEN, Howdah
from tests.sandbox.faults import Delay, Hang


class TestRun:
    """It watches and shares until it is told to stop."""

    def test_shares_what_is_new_and_stops_when_told(
        self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon
    ) -> None:
        """A line at the start, one for each outcome, one at the end; exit code 0."""
        with howdah.daemon() as daemon:
            daemon.wait_for("first look")
            wordpress.publish(title="Fresh")
            daemon.wait_for("shared: ")
            daemon.signal(signal.SIGTERM)
            done = daemon.end()

        assert (0, "") == (done.code, done.out)
        assert 1 == len(mastodon.statuses)
        assert "INFO    running: 1 site(s), 1 account(s)" in daemon.heard[0]
        assert daemon.heard[-1].endswith("INFO    stopped\n")

    def test_logs_json(self, howdah: Howdah) -> None:
        """Each line an object with time, level, event and message; --verbose shows no token either."""
        with howdah.daemon("--verbose", "--log-format", "json") as daemon:
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
        with howdah.daemon() as daemon:
            daemon.wait_for("first look")
            mastodon.on_request = lambda request: arrived.set() if request.path == "/api/v1/statuses" else None
            post_id = wordpress.publish(title="In hand")
            assert arrived.wait(60)
            daemon.signal(signal.SIGTERM)
            answer.set()
            done = daemon.end()

        assert 0 == done.code
        assert [(post_id, "shared")] == [(line["post_id"], line["state"]) for line in howdah.shares("--limit", "1")]

    def test_a_second_signal_changes_nothing(
        self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon
    ) -> None:
        """The share in hand is finished all the same."""
        arrived, answer = threading.Event(), threading.Event()
        mastodon.faults.add(match="POST /api/v1/statuses", fault=Delay(answer))
        with howdah.daemon() as daemon:
            daemon.wait_for("first look")
            mastodon.on_request = lambda request: arrived.set() if request.path == "/api/v1/statuses" else None
            wordpress.publish(title="In hand")
            assert arrived.wait(60)
            daemon.signal(signal.SIGTERM)
            daemon.signal(signal.SIGINT)
            answer.set()
            done = daemon.end()

        assert 0 == done.code
        assert ["shared"] == [line["state"] for line in howdah.shares("--limit", "1")]

    def test_warnings_of_the_config_are_logged(self, howdah: Howdah) -> None:
        """A literal token works, but is better kept elsewhere; it is not shown."""
        howdah.set(f"accounts.{ACCOUNT}", {"token": TOKEN, "token_file": ""})
        config = howdah.config.read_text().replace('token_file = ""\n', "")
        howdah.config.write_text(config)
        with howdah.daemon() as daemon:
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


class TestSlowSite:
    """A site that takes its time holds up no stop."""

    def test_a_site_that_hangs(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """It is left hanging: a look that had been waited for would have failed, and been logged."""
        arrived = threading.Event()
        howdah.set(f"accounts.{ACCOUNT}", {"timeout": "1s"})
        with howdah.daemon() as daemon:
            daemon.wait_for("first look")
            wordpress.faults.add(match="GET *", fault=Hang())
            wordpress.on_request = lambda _request: arrived.set()
            assert arrived.wait(60)
            daemon.signal(signal.SIGTERM)
            done = daemon.end()

        assert 0 == done.code
        assert "Traceback" not in done.err
        assert "look failed" not in done.err
        assert done.err.endswith("INFO    stopped\n")

    def test_a_share_that_is_being_read_from_it(
        self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon
    ) -> None:
        """It is not begun: it waits for the next start."""
        arrived = threading.Event()
        howdah.set(f"accounts.{ACCOUNT}", {"timeout": "1s"})
        with howdah.daemon() as daemon:
            daemon.wait_for("first look")
            wordpress.faults.add(match="GET */wp/v2/posts/*", fault=Hang())
            wordpress.on_request = lambda request: arrived.set() if "/wp/v2/posts/" in request.path else None
            wordpress.publish(title="Not begun")
            assert arrived.wait(60)
            daemon.signal(signal.SIGTERM)
            done = daemon.end()

        assert 0 == done.code
        assert "Traceback" not in done.err
        assert ["pending"] == [line["state"] for line in howdah.shares("--limit", "1")]
        assert [] == mastodon.statuses

    def test_a_long_listing(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """Each page comes late: the walk is given up between two of them, and nothing of it is recorded."""
        pages = threading.Semaphore(0)
        for number in range(350):
            wordpress.publish(title=f"Post {number}", date=wordpress.now() - timedelta(minutes=number))
        wordpress.faults.add(match="GET */wp/v2/posts", fault=Delay(1.0))
        wordpress.on_request = lambda request: pages.release() if request.path.endswith("/wp/v2/posts") else None
        with howdah.daemon() as daemon:
            assert pages.acquire(timeout=60)
            assert pages.acquire(timeout=60)
            daemon.signal(signal.SIGTERM)
            done = daemon.end()

        assert 0 == done.code
        assert "Traceback" not in done.err
        assert "first look" not in done.err
        assert done.err.endswith("INFO    stopped\n")

    def test_a_share_in_hand_meanwhile(
        self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon
    ) -> None:
        """It is published, finished and recorded, while the look at the site is given up."""
        sending, looking, answer = threading.Event(), threading.Event(), threading.Event()
        mastodon.faults.add(match="POST /api/v1/statuses", fault=Delay(answer))
        with howdah.daemon() as daemon:
            daemon.wait_for("first look")
            mastodon.on_request = lambda request: sending.set() if request.path == "/api/v1/statuses" else None
            post_id = wordpress.publish(title="In hand")
            assert sending.wait(60)
            wordpress.faults.add(match="GET *", fault=Hang())
            wordpress.on_request = lambda _request: looking.set()
            assert looking.wait(60)
            daemon.signal(signal.SIGTERM)
            answer.set()
            done = daemon.end()

        assert 0 == done.code
        assert "Traceback" not in done.err
        assert [(post_id, "shared")] == [(line["post_id"], line["state"]) for line in howdah.shares("--limit", "1")]
        assert 1 == len(mastodon.statuses)


class TestReload:
    """SIGHUP reads the config anew."""

    def test_a_good_config_is_taken_over_and_a_wrong_one_is_not(
        self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon
    ) -> None:
        """From then on the good one is what counts; of the wrong one it is logged what is wrong."""
        with howdah.daemon() as daemon:
            daemon.wait_for("first look")
            howdah.set(f"accounts.{ACCOUNT}", {"template": "New: {title} {link}"})
            daemon.signal(signal.SIGHUP)
            daemon.wait_for("config read anew")
            wordpress.publish(title="Fresh")
            daemon.wait_for("shared: ")
            howdah.set(f"accounts.{ACCOUNT}", {"templte": "Newer: {title} {link}"})
            daemon.signal(signal.SIGHUP)
            daemon.wait_for("config not taken over")
            daemon.wait_for("did you mean")
            wordpress.publish(title="Fresher")
            daemon.wait_for("shared: ", times=2)
            daemon.signal(signal.SIGTERM)
            assert 0 == daemon.end().code

        assert ["New: Fresh ", "New: Fresher "] == [status.text.partition("http")[0] for status in mastodon.statuses]
