"""Logs go to stderr: a line for each event, as text for people or as JSON for machines, without any token.

`run` logs what it does. The other commands say themselves what came of what was asked, and log only on demand.
"""

import json
import logging
from collections.abc import Collection
from datetime import UTC, datetime

from bot.cli.redaction import hidden, hide

_OFF = logging.CRITICAL + 1
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def level(command: str | None, *, verbose: bool, quiet: bool, asked: bool) -> int:
    """From which level on a command logs. asked: somebody chose a log format, and so wants logs."""
    if verbose:
        return logging.DEBUG
    if quiet:
        return logging.ERROR if command == "run" else _OFF
    return logging.INFO if command == "run" or asked else _OFF


def set_up(*, level: int, form: str | None) -> None:
    """Log howdah's own events from this level on; libraries only warn, and only where howdah logs at all.

    form: "json"; anything else is text.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[handler], force=True)
    logging.getLogger("howdah").setLevel(level)
    # A tick that isn't back when the next is due would be a warning each time; its progress tells whether it is stuck.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def only(sites: Collection[str], accounts: Collection[str]) -> None:
    """From now on, log what happens with these sites and accounts alone, and what names neither a site nor an account.

    What names both goes by its site.
    """

    def is_wanted(record: logging.LogRecord) -> bool:
        site, account = getattr(record, "site", ""), getattr(record, "account", "")
        return site in sites if site else not account or account in accounts

    for handler in logging.getLogger().handlers:
        handler.filters[:] = [is_wanted]


class TextLines(logging.Formatter):
    """Time, level and sentence."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """One line, and a traceback after it where there is one."""
        return hide(super().format(record))

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802 - theirs
        """The instant in UTC."""
        return _time(record)


class JsonLines(logging.Formatter):
    """One JSON object: time, level, event, message, then the event's own fields."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        fields = {name: value for name, value in vars(record).items() if name not in _USUAL}
        line = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "event": fields.pop("event", "log"),
            "message": record.getMessage(),
            **fields,
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(hidden(line), ensure_ascii=False, default=lambda value: hide(str(value)))


def _time(record: logging.LogRecord) -> str:
    at = datetime.fromtimestamp(record.created, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
