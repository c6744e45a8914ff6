"""What a log line looks like, and what isn't in it."""

import json
import logging
import re
from typing import Any

import pytest

from bot.cli import logs
from bot.cli.redaction import remember

TOKEN = "Vb3-kUx91_pQz77aaLm0"
WHEN = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


def crash() -> None:
    """Fail with a token in the message."""
    raise ValueError(f"bad header Bearer {TOKEN}")


class TestText:
    """Logs for people."""

    def test_a_line_has_time_level_and_sentence(self, capsys: pytest.CaptureFixture[str]) -> None:
        """In UTC, with milliseconds."""
        logs.set_up(level=logging.INFO, form=None)
        logging.getLogger("howdah").warning("look failed: %s", "uk", extra={"event": "look_failed"})

        assert re.fullmatch(WHEN + r" WARNING look failed: uk\n", capsys.readouterr().err)

    def test_no_token_in_message_arguments_or_traceback(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Wherever it stands."""
        logs.set_up(level=logging.INFO, form="text")
        remember(TOKEN)
        logging.getLogger("howdah").info("%s and %s", f"a {TOKEN}", {"header": TOKEN})
        try:
            crash()
        except ValueError:
            logging.getLogger("howdah").exception("crashed")
        said = capsys.readouterr().err

        assert TOKEN not in said
        assert "Traceback" in said


class TestJson:
    """Logs for machines."""

    def test_a_line_has_the_events_fields(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Time, level, event and message first, then what else the event says."""
        logs.set_up(level=logging.INFO, form="json")
        logging.getLogger("howdah").info("shared: %s", "uk/7", extra={"event": "shared", "site": "uk", "post_id": 7})
        line = json.loads(capsys.readouterr().err)

        assert ["time", "level", "event", "message", "site", "post_id"] == list(line)
        assert ("info", "shared", "shared: uk/7", "uk", 7) == tuple(line.values())[1:]
        assert re.fullmatch(WHEN, line["time"])

    def test_no_token_in_fields_or_traceback(self, capsys: pytest.CaptureFixture[str]) -> None:
        """It stays one line of JSON."""
        logs.set_up(level=logging.INFO, form="json")
        remember(TOKEN)
        try:
            crash()
        except ValueError:
            logging.getLogger("howdah").exception("crashed", extra={"error": f"with {TOKEN}"})
        said = capsys.readouterr().err
        line = json.loads(said)

        assert TOKEN not in said
        assert "log" == line["event"]
        assert "ValueError" in line["traceback"]


class TestLibraries:
    """Mastodon.py, httpx and their kin log too."""

    @pytest.mark.parametrize("name", ["httpx", "urllib3.connectionpool", "mastodon"])
    def test_only_warn(self, name: str, capsys: pytest.CaptureFixture[str]) -> None:
        """Even where howdah itself logs all: their debugging shows requests."""
        logs.set_up(level=logging.DEBUG, form=None)
        remember(TOKEN)
        logging.getLogger(name).info("GET https://social.example/?access_token=%s", TOKEN)
        logging.getLogger(name).warning("retrying /?access_token=%s", TOKEN)
        said = capsys.readouterr().err

        assert 1 == len(said.splitlines())
        assert TOKEN not in said

    def test_a_late_tick_is_no_warning(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The scheduler would warn each time; what it fails at is said."""
        logs.set_up(level=logging.DEBUG, form=None)
        for level in (logging.WARNING, logging.ERROR):
            logging.getLogger("apscheduler.scheduler").log(level, "level %s", level)

        [said] = capsys.readouterr().err.splitlines()
        assert said.endswith("level 40")


class TestLevel:
    """From which level on a command logs."""

    @pytest.mark.parametrize(
        ("command", "options", "level"),
        [
            ("run", {}, logging.INFO),
            ("run", {"verbose": True}, logging.DEBUG),
            ("run", {"quiet": True}, logging.ERROR),
            ("sync", {"asked": True}, logging.INFO),
            ("sync", {"verbose": True}, logging.DEBUG),
        ],
    )
    def test_depends_on_what_was_asked(self, command: str, options: dict[str, Any], level: int) -> None:
        """`run` logs by itself, the others on demand."""
        assert level == logs.level(command, **{"verbose": False, "quiet": False, "asked": False, **options})

    @pytest.mark.parametrize("options", [{}, {"quiet": True}])
    def test_other_commands_say_things_themselves(self, options: dict[str, Any]) -> None:
        """Not even an error is logged: it is said in the command's own words."""
        silent = logs.level("share", **{"verbose": False, "quiet": False, "asked": False, **options})

        assert silent > logging.CRITICAL


def test_of_one_site(capsys: pytest.CaptureFixture[str]) -> None:
    """What happens with it and its accounts, and what is nobody's; of a share its site decides."""
    logs.set_up(level=logging.INFO, form=None)
    logs.only(["uk"], ["herald"])
    records: list[dict[str, str]] = [
        {"site": "uk"}, {"site": "de"}, {"account": "herald"}, {"account": "bote"},
        {"site": "uk", "account": "herald"}, {"site": "de", "account": "herald"}, {},
    ]  # fmt: skip
    for number, names in enumerate(records):
        logging.getLogger("howdah").info("line %s", number, extra=names)

    assert ["0", "2", "4", "6"] == [line.split()[-1] for line in capsys.readouterr().err.splitlines()]
