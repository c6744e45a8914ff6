"""Events: logged as a sentence with fields, and handed to whoever listens."""

import logging
from datetime import UTC, datetime

import pytest

from bot.crosspost.events import Event, listening, tell
from bot.crosspost.events.process import JobCrashed, JobFailed, Running, Stopped
from bot.crosspost.events.shares import NotDeleted, Paused, ShareChanged
from bot.crosspost.events.sites import CrowdHeld, Looked
from bot.domain.models import State
from bot.domain.transitions.change import changed
from tests.makers import share

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def logged(record: logging.LogRecord) -> dict[str, object]:
    """What an event's record holds beside what every record holds."""
    usual = {*vars(logging.makeLogRecord({})), "message", "asctime"}
    return {name: value for name, value in vars(record).items() if name not in usual}


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (
            Running(sites=2, accounts=1),
            (
                logging.INFO,
                "running: 2 site(s), 1 account(s)",
                {"event": "running", "sites": 2, "accounts": 1},
            ),
        ),
        (
            JobFailed(kind="site", job="uk", error="the {disk} is full"),
            (
                logging.ERROR,
                "site uk: the {disk} is full",
                {"event": "error", "site": "uk"},
            ),
        ),
        (
            Looked(site="uk", posts=0, first=True),
            (
                logging.INFO,
                "first look: uk: 0 posts remembered",
                {"event": "looked", "site": "uk", "posts": 0, "first": True},
            ),
        ),
        (
            Looked(site="uk", posts=0, first=False),
            (
                logging.DEBUG,
                "looked: uk: 0 new posts",
                {"event": "looked", "site": "uk", "posts": 0, "first": False},
            ),
        ),
        (
            CrowdHeld(site="uk", posts=70, first=False, shares=70, reason="70 new posts at once"),
            (
                logging.ERROR,
                "held: uk: 70 new posts at once",
                {"event": "held", "site": "uk", "posts": 70, "first": False, "shares": 70},
            ),
        ),
        (
            Paused(account="uk", until=NOW, reason="refuses the token"),
            (
                logging.ERROR,
                f"paused: uk until {NOW:%Y-%m-%d %H:%M:%S}Z: refuses the token",
                {"event": "paused", "account": "uk", "until": NOW.isoformat()},
            ),
        ),
        (
            NotDeleted(site="uk", post_id=7, account="uk", reason="too many"),
            (
                logging.ERROR,
                "not deleted: uk/7 on uk: too many",
                {"event": "gone_crowd", "site": "uk", "account": "uk"},
            ),
        ),
    ],
)
def test_an_event_is_logged(
    caplog: pytest.LogCaptureFixture, event: Event, said: tuple[int, str, dict[str, object]]
) -> None:
    """With its level, its sentence and its fields."""
    with caplog.at_level(logging.DEBUG, "howdah"):
        tell(event)

    record = caplog.records[0]
    assert said == (record.levelno, record.getMessage(), logged(record))


def test_a_crash_is_logged_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    """The error in hand goes along."""
    try:
        int("a")
    except ValueError:
        tell(JobCrashed(kind="account", job="uk"))

    assert "account uk: unexpected" in caplog.text
    assert "ValueError: invalid" in caplog.text


def test_listeners_hear_every_event_while_they_listen(caplog: pytest.LogCaptureFixture) -> None:
    """Also those that the log doesn't show, and none afterwards."""
    heard: list[Event] = []
    quiet = Looked(site="uk", posts=0, first=False)
    with caplog.at_level(logging.CRITICAL, "howdah"), listening(heard.append):
        tell(quiet)
    tell(Stopped())

    assert [quiet] == heard


def test_a_listener_that_fails_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """It is logged; the next listener is told all the same."""
    heard: list[Event] = []

    def fails(_event: Event) -> None:
        raise ZeroDivisionError

    with listening(fails), listening(heard.append):
        tell(Stopped())

    assert [Stopped()] == heard
    assert "a listener failed at stopped" in caplog.text


@pytest.mark.parametrize(("error", "level"), [("", logging.INFO), ("its account rests", logging.WARNING)])
def test_to_wait_without_a_trouble_is_the_ordinary_way(
    caplog: pytest.LogCaptureFixture, error: str, level: int
) -> None:
    """For a rate window, or for a plugin that may be at work: each post of some sites waits so."""
    waiting = share(state=State.PENDING, error=error)
    change = changed(waiting, step="read", outcome="wait", detail="a moment", now=NOW)
    with caplog.at_level(logging.DEBUG, "howdah"):
        tell(ShareChanged(before=waiting, change=change))

    assert [level] == [record.levelno for record in caplog.records]
