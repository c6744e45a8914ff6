"""`howdah demo`: what a newcomer sees."""

import re
import signal

from tests.integration.cli.conftest import Howdah, on_terminal


class TestDemo:
    """No config is there, and none is needed."""

    def test_once_shows_the_whole_road_and_ends(self, howdah: Howdah) -> None:
        """Old posts are remembered, new ones shared, one adopted, one skipped, one found again; exit code 0."""
        howdah.config.unlink()
        done = on_terminal(howdah.command("demo", "--once"))
        plain = re.sub(r"\x1b[^m\\]*[m\\]", "", done.out)

        assert 0 == done.code
        assert "\x1b[32mshared" in done.out
        assert plain.startswith("This is howdah's demo: ")
        assert re.search(r"from a second terminal:\n  \S.* list --config /\S+/config\.toml\n", plain)
        assert plain.index("| The orchard opens its gates") < plain.index("was there before the first look")
        for said in (
            "was there before the first look",
            "protected by a password",
            "the answer got lost on its way",
            "found on the account itself, so it isn't sent twice",
            "WordPress says that it was shared before",
            "howdah check",
            "howdah run",
        ):
            assert said in plain
        assert [] == [line for line in plain.splitlines() if len(line) > 80 and "list --config" not in line]

    def test_ctrl_c_ends_it(self, howdah: Howdah) -> None:
        """At any time, with exit code 0."""
        with howdah.start("--verbose", "demo") as running:
            running.wait_for("running: 1 site(s)")
            running.signal(signal.SIGINT)
            done = running.end()

        assert 0 == done.code
        assert done.out.endswith("Stopped; the temporary folder is gone.\n")
