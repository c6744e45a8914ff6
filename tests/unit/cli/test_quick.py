"""`howdah --help` has to be quick, so it must not import what takes long."""

import json
import subprocess
import sys

import pytest

from bot.cli import COMMANDS

HEAVY = {"alembic", "apscheduler", "bs4", "httpx", "mastodon", "pydantic", "regex", "rich", "sqlalchemy", "tenacity"}
OURS = {"bot.config", "bot.crosspost", "bot.daemon", "bot.domain", "bot.mastodon", "bot.store", "bot.wiring"}

SCRIPT = """
import json, sys
from bot.cli import main
try:
    main()
except SystemExit as end:
    print(json.dumps({"code": end.code, "modules": sorted(sys.modules)}), file=sys.stderr)
"""


def loaded_by(*arguments: str) -> set[str]:
    """The modules that a fresh process has imported at the command's end."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments], capture_output=True, text=True, check=True, timeout=60
    )
    end = json.loads(done.stderr)
    assert 0 == end["code"]
    return set(end["modules"])


class TestWhatIsImported:
    """A fresh process asks for help."""

    @pytest.mark.parametrize("option", ["--help", "--version"])
    def test_no_command_and_nothing_heavy(self, option: str) -> None:
        """The list of commands needs click alone: not even the commands' own modules."""
        loaded = loaded_by(option)

        assert set() == loaded & (HEAVY | OURS | {"logging", "bot.cli.session"})
        assert set() == loaded & {place.where.partition(":")[0] for place in COMMANDS.values()}

    @pytest.mark.parametrize("command", ["run", "share", "status"])
    def test_a_commands_help_is_light_too(self, command: str) -> None:
        """What takes long is imported when a command runs, not when it explains itself."""
        assert set() == loaded_by(command, "--help") & (HEAVY | OURS)
