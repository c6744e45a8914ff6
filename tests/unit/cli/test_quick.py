"""`howdah --help` has to be quick, so it must not import what takes long."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import COMMANDS

HEAVY = {"alembic", "apscheduler", "bs4", "httpx", "mastodon", "regex", "rich", "sqlalchemy", "tenacity"}
OURS = {"bot.config", "bot.crosspost", "bot.daemon", "bot.domain", "bot.mastodon", "bot.store", "bot.wiring"}

WEB = {"argon2", "jinja2", "prometheus_client", "starlette", "uvicorn"}
# What publishes, follows, takes notices and writes to sites, and what reads HTML for it.
AT_WORK = {f"bot.crosspost.{name}" for name in ("deliver", "follow", "notices", "write_back")} | {
    "bs4",
    "mastodon",
    "regex",
}

SCRIPT = """
import json, sys
from bot.cli import main
try:
    main()
except SystemExit as end:
    print(json.dumps({"code": end.code, "modules": sorted(sys.modules)}), file=sys.stderr)
"""

DAEMON = """
import json, sys, threading
from pathlib import Path
from bot.cli.commands.run_web import Serving
from bot.config import load
from bot.daemon import Daemon
from bot.wiring import no_tokens, open_context

config = load(Path(sys.argv[1]))
with open_context(config, stop=threading.Event(), token_of=no_tokens) as context, Serving(tuple).of(config, context):
    print(json.dumps(sorted(sys.modules)))
"""


def loaded_by(*arguments: str) -> set[str]:
    """The modules that a fresh process has imported at the command's end."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
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


def test_without_web_and_without_work_nothing_of_it_is_imported(tmp_path: Path) -> None:
    """What runs beside the daemon costs nothing where the config has no [web], nor what publishes before it does."""
    (tmp_path / "config.toml").write_text(
        '[sites.uk]\nurl = "http://127.0.0.1:9"\naccounts = ["uk"]\nallow_private = true\n'
        '[accounts.uk]\ninstance = "http://127.0.0.1:9"\ntoken = "t0kent0ken"\nallow_private = true\n',
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-c", DAEMON, str(tmp_path / "config.toml")],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    loaded = set(json.loads(done.stdout))

    assert {"bot.daemon", "sqlalchemy"} <= loaded
    assert set() == {name for name in loaded if name.partition(".")[0] in WEB or name.startswith("bot.web")}
    assert set() == AT_WORK & loaded
