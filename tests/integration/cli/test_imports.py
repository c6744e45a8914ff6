"""What each command loads: a library that it doesn't use costs it time and memory all the same."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

COMPOSING, DELIVERING, FOLLOWING = "bot.domain.composing.compose", "bot.crosspost.deliver", "bot.crosspost.follow"
HEAVY = frozenset(
    {
        COMPOSING, DELIVERING, FOLLOWING, "PIL", "alembic", "apprise", "apscheduler", "argon2",
        "bs4", "dateutil", "feedparser", "httpx", "jinja2", "mako", "mastodon", "multiprocessing",
        "prometheus_client", "psycopg", "pydantic", "pygments", "regex", "requests", "rich", "sqlalchemy", "starlette",
        "uvicorn",
    }
)  # fmt: skip
# Runs commands one after the other, and says which modules have been loaded by then.
RUN = """
import json, sys
from bot.__main__ import main
for command in json.loads(sys.argv[1]):
    sys.argv = ["howdah", "--config", "config.toml", *command]
    try:
        main()
    except SystemExit:
        pass
print(json.dumps(sorted({*sys.modules, *(name.partition(".")[0] for name in sys.modules)})), file=sys.stderr)
"""
CONFIG = """
state.url = "sqlite:///howdah.db"
[sites.uk]
url = "http://127.0.0.1:9"
accounts = ["uk"]
allow_private = true
[accounts.uk]
instance = "http://127.0.0.1:9"
token_file = "uk.token"
allow_private = true
"""


def loaded(folder: Path, *commands: list[str]) -> frozenset[str]:
    """The libraries, and parts of howdah, that these commands load; there is a store, and nothing answers."""
    (folder / "config.toml").write_text(CONFIG)
    (folder / "uk.token").write_text("token")
    (folder / "uk.token").chmod(0o600)
    command = [sys.executable, "-c", RUN, json.dumps(commands)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return HEAVY & set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        ([["--help"], ["share", "--help"]], set()),
        ([["config", "show"], ["config", "schema"]], {"pydantic"}),
        ([["status"], ["list", "--json"], ["status", "--json"]], {"pydantic", "sqlalchemy"}),
        ([["sync", "--no-wait"]], {"pydantic", "sqlalchemy", "httpx"}),
    ],
    ids=["help", "config", "status and list", "sync"],
)
def test_what_is_loaded(commands: list[list[str]], expected: set[str], tmp_path: Path) -> None:
    """What it uses and no more: Alembic where a schema is to be made, Mastodon.py where an instance is asked."""
    if expected > {"pydantic"}:
        loaded(tmp_path, ["status"])  # makes the store

    assert loaded(tmp_path, *commands) == expected


PAGE_AND_ALERTS = frozenset({"apprise", "argon2", "jinja2", "prometheus_client", "starlette", "uvicorn"})


def test_a_daemon_without_page_and_alerts_loads_nothing_of_them(howdah, wordpress, monkeypatch):
    """Where [web] and [alerts] aren't in its config they cost nothing, though they are installed."""
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    howdah.run("sync")
    wordpress.publish(title="News")
    with howdah.daemon() as daemon:
        daemon.wait_for("shared: ")
        daemon.signal(signal.SIGTERM)
        said = daemon.end().err
    imported = {line.rpartition("|")[2].strip() for line in said.splitlines() if line.startswith("import time:")}

    assert "apscheduler" in imported
    assert set() == {name for name in imported if name.partition(".")[0] in PAGE_AND_ALERTS or "bot.web" in name}
