"""What each command loads: a library that it doesn't use costs it time and memory all the same."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

COMPOSING, DELIVERING, FOLLOWING = "bot.domain.composing.compose", "bot.crosspost.deliver", "bot.crosspost.follow"
# What is for looking and publishing: who only reads what is remembered needs nothing of it.
AT_WORK = frozenset(
    {
        "bot.crosspost.context", "bot.crosspost.events", "bot.domain.answers", "bot.domain.selecting.plan",
        "bot.domain.transitions.change", "bot.ports",
    }
)  # fmt: skip
EVENTS = frozenset({"bot.crosspost.events.sites", "bot.crosspost.events.shares"})
HEAVY = frozenset(
    {
        COMPOSING, DELIVERING, FOLLOWING, "PIL", "alembic", "apprise", "apscheduler", "argon2",
        "bs4", "dateutil", "feedparser", "httpx", "jinja2", "mako", "mastodon", "multiprocessing",
        "prometheus_client", "psycopg", "pygments", "regex", "requests", "rich", "sqlalchemy", "starlette",
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
names = [name for name, module in sys.modules.items() if module is not None]
print(json.dumps(sorted({*names, *(name.partition(".")[0] for name in names)})), file=sys.stderr)
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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One with a config; what it names doesn't answer."""
    (tmp_path / "config.toml").write_text(CONFIG)
    (tmp_path / "uk.token").write_text("token")
    (tmp_path / "uk.token").chmod(0o600)
    return tmp_path


def loaded(folder: Path, *commands: list[str], among: frozenset[str] = HEAVY) -> frozenset[str]:
    """Those of these libraries, and parts of howdah, that these commands load by the folder's config."""
    command = [sys.executable, "-c", RUN, json.dumps(commands)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return among & set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        ([["--help"], ["share", "--help"]], set()),
        ([["config", "show"], ["config", "schema"]], set()),
        ([["status"], ["list", "--json"], ["status", "--json"], ["show", "1"]], {"sqlalchemy"}),
        ([["pause", "uk"], ["resume", "uk"]], {"sqlalchemy"}),
    ],
    ids=["help", "config", "what reads the store", "what a person lets rest"],
)
def test_what_is_loaded(commands: list[list[str]], expected: set[str], folder: Path) -> None:
    """What it uses and no more: Alembic where a schema is to be made."""
    if expected:
        loaded(folder, ["status"])  # makes the store

    assert loaded(folder, *commands) == expected


def test_what_reads_the_store_loads_nothing_of_the_work(folder: Path) -> None:
    """Neither ports nor use cases, nor what servers answer: a value's class takes half a millisecond to be made."""
    loaded(folder, ["status"])  # makes the store

    assert frozenset() == loaded(folder, ["status"], ["list"], among=AT_WORK)


def test_what_an_unchanged_pass_loads(howdah, wordpress):
    """What asks the site and tells of the look: nothing that reads HTML or feeds, composes or publishes."""
    wordpress.publish(title="News")
    howdah.run("sync")

    assert {"sqlalchemy", "httpx", "bot.crosspost.events.sites"} == loaded(
        howdah.folder, ["sync"], among=HEAVY | EVENTS | {"bot.wordpress.feed_reader"}
    )


PAGE_AND_ALERTS = frozenset({"apprise", "argon2", "jinja2", "prometheus_client", "starlette", "uvicorn"})


# What libraries would load although nobody asks for it, and what is for sites without a REST API and for mistakes.
NEVER_ASKED = frozenset({"bot.wordpress.feed_reader", "charset_normalizer.api", "ctypes", "difflib"})


def test_a_daemon_without_page_and_alerts_loads_nothing_of_them(howdah, wordpress, monkeypatch):
    """Where [web] and [alerts] aren't in its config they cost nothing, though they are installed; nor does the rest."""
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    howdah.run("sync")
    wordpress.publish(title="News", excerpt="<em>Words</em> with tags.")
    wordpress.publish(title="More")  # two are read at once
    with howdah.daemon() as daemon:
        daemon.wait_for("shared: ")
        daemon.signal(signal.SIGTERM)
        said = daemon.end().err
    imported = {line.rpartition("|")[2].strip() for line in said.splitlines() if line.startswith("import time:")}

    assert {"apscheduler", "bs4", "requests"} <= imported
    assert set() == NEVER_ASKED & imported
    assert "Warning" not in said
    assert set() == {name for name in imported if name.partition(".")[0] in PAGE_AND_ALERTS or "bot.web" in name}
