"""`howdah demo`: what a newcomer sees."""

import signal

from tests.integration.cli.conftest import Howdah


class TestDemo:
    """No config is there, and none is needed."""

    def test_once_shows_the_whole_road_and_ends(self, howdah: Howdah) -> None:
        """Old posts are remembered, new ones shared, one adopted, one skipped, one found again; exit code 0."""
        howdah.config.unlink()
        done = howdah.process("demo", "--once")

        assert (0, "") == (done.code, done.err)
        assert done.out.startswith("This is howdah's demo: ")
        for said in (
            "was there before the first look",
            "protected by a password",
            "the answer got lost on its way",
            "found on the account itself, so it isn't sent twice",
            "WordPress says that it was shared before",
            "howdah check",
            "howdah run",
        ):
            assert said in done.out
        assert [] == [line for line in done.out.splitlines() if len(line) > 80]

    def test_ctrl_c_ends_it(self, howdah: Howdah) -> None:
        """At any time, with exit code 0."""
        with howdah.start("--verbose", "demo") as running:
            running.wait_for("running: 1 sites")
            running.signal(signal.SIGINT)
            done = running.end()

        assert 0 == done.code
        assert done.out.endswith("Stopped; the temporary folder is gone.\n")
