"""What is printed on stdout."""

import json
from datetime import timedelta

import pytest

from bot.cli.redaction import MARK, remember
from bot.cli.terminal.output import clean, say_json, say_rows
from bot.cli.terminal.share_table import outcome, say_outcomes
from bot.domain.models import State
from bot.report.json_lines import instant, share_line
from bot.report.wording import age, ago
from tests.makers import DAY, HOUR, MINUTE, NOON, SECOND, share


class TestALine:
    """A share as `list --json` prints it: scripts rely on it."""

    def test_of_a_shared_post(self) -> None:
        """Exactly these keys, in this order."""
        row = share(
            state=State.SHARED,
            url="https://social.example/@uk/101",
            error="left over",
            attempts=2,
            next_attempt_at=None,
            updated_at=NOON + timedelta(milliseconds=250),
        )

        assert (
            '{"site": "uk", "post_id": 7, "link": "https://news.example/7/", "title": "Post 7", "account": "uk", '
            '"number": 1, "state": "shared", "share_on_mastodon": {"url": "https://social.example/@uk/101", '
            '"error": ""}, "attempts": 2, "next_attempt_at": null, "created_at": "2026-03-14T11:59:00Z", '
            '"updated_at": "2026-03-14T12:00:00.250Z"}'
        ) == json.dumps(share_line(row))

    def test_of_a_failed_one(self) -> None:
        """The reason stands where WordPress has it."""
        said = share_line(share(state=State.FAILED, error="gave up"))["share_on_mastodon"]

        assert {"url": "", "error": "gave up"} == said

    def test_of_a_pending_one(self) -> None:
        """It says when it is due."""
        assert "2026-03-14T12:00:00Z" == share_line(share())["next_attempt_at"]

    def test_no_instant_is_null(self) -> None:
        """And not a text."""
        assert instant(None) is None


class TestPrinting:
    """What other people's servers say ends up on terminals."""

    def test_control_characters_go(self) -> None:
        """Nothing steers the terminal, or turns its text around; lines, tabs and joined emoji stay."""
        steered = "a\x1b[31mb\n\tc\r\x07 é\u202e\u200f\u061c\x9b\ud800 日 👩\u200d🔬"

        assert "a[31mb\n\tc é 日 👩\u200d🔬" == clean(steered)

    def test_tokens_go(self, capsys: pytest.CaptureFixture[str]) -> None:
        """From JSON too."""
        remember("Qx7-printed-token")
        say_json({"error": "no Qx7-printed-token"})

        assert f'{{"error": "no {MARK}"}}\n' == capsys.readouterr().out

    def test_rows_are_a_line_each(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Tabs and line ends inside a field become spaces."""
        say_rows([("a", "b\nc\td")])

        assert "a\tb c d\n" == capsys.readouterr().out


class TestOutcomes:
    """What `sync` prints."""

    def test_a_line_for_each_share_and_a_sum(self, capsys: pytest.CaptureFixture[str]) -> None:
        """With its url, or its reason and when it is due."""
        say_outcomes(
            [
                share(state=State.SHARED, url="https://social.example/@uk/101", next_attempt_at=None, attempts=1),
                share(id=2, post_id=8, error="the site is down"),
                share(id=3, post_id=9),
                share(id=4, post_id=10, state=State.SHARED, url="https://social.example/@uk/9", next_attempt_at=None),
                share(id=5, post_id=11, state=State.SHARED, url="", next_attempt_at=None),
            ],
            followed=[],
        )

        assert [
            "shared: uk/7 on uk: https://social.example/@uk/101",
            "pending: uk/8 on uk: the site is down (due 12:00:00 UTC)",
            "pending: uk/9 on uk (due 12:00:00 UTC)",
            "adopted: uk/10 on uk: https://social.example/@uk/9 (it was there already; nothing was posted)",
            "adopted: uk/11 on uk: address unknown (it was there already; nothing was posted)",
            "2 adopted, 2 pending, 1 shared",
        ] == capsys.readouterr().out.splitlines()

    def test_one_that_is_due_another_day(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Its day is said, too."""
        say_outcomes([share(next_attempt_at=NOON + DAY)], followed=[])

        assert f"pending: uk/7 on uk (due {NOON + DAY:%Y-%m-%d} 12:00 UTC)" == capsys.readouterr().out.splitlines()[0]

    def test_many_that_were_skipped_alike_are_one_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The first look remembers thousands."""
        there_before = [share(id=number, state=State.SKIPPED, error="was there before") for number in range(50)]
        say_outcomes(there_before, followed=[])

        assert ["skipped: 50 posts of uk: was there before", "50 skipped"] == capsys.readouterr().out.splitlines()

    def test_many_that_were_too_old_are_one_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Each on its own day: after weeks of downtime there are hundreds."""
        reasons = [
            f"dated 2026-03-{day:02} 10:38 UTC, older than max_age when it was first seen" for day in range(1, 9)
        ]
        say_outcomes([share(state=State.SKIPPED, error=reason) for reason in reasons], followed=[])

        expected = "skipped: 8 posts of uk: older than max_age when it was first seen"
        assert [expected, "8 skipped"] == capsys.readouterr().out.splitlines()

    def test_a_crowd_that_is_held_is_one_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        """What is held for a reason of its own has a line of its own."""
        crowd = [share(id=number, state=State.HELD, error="9 new posts at once") for number in range(9)]
        say_outcomes([*crowd, share(state=State.HELD, error="pattern too slow", next_attempt_at=None)], followed=[])

        expected = ["held: 9 posts of uk: 9 new posts at once", "held: uk/7 on uk: pattern too slow", "10 held"]
        assert expected == capsys.readouterr().out.splitlines()

    def test_nothing(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Is said."""
        say_outcomes([], followed=[])

        assert "nothing new\n" == capsys.readouterr().out

    def test_a_site_that_could_not_be_looked_at(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Whether there is anything new, nobody knows."""
        say_outcomes([], followed=[], unseen=["uk"])

        assert "uk could not be looked at\n" == capsys.readouterr().out

    def test_a_site_that_rests(self, capsys: pytest.CaptureFixture[str]) -> None:
        """It wasn't looked at, which is meant so."""
        say_outcomes([], followed=[], resting=["uk"])

        assert "uk rests, as a person wants it\n" == capsys.readouterr().out

    def test_a_status_that_followed_its_post(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Nobody is to think that it was shared twice."""
        edited = share(state=State.SHARED, url="https://social.example/@uk/101", next_attempt_at=None, attempts=1)
        say_outcomes([], followed=[edited])

        assert [
            "followed its post: shared: uk/7 on uk: https://social.example/@uk/101",
            "nothing new",
        ] == capsys.readouterr().out.splitlines()

    def test_a_share_without_anything_to_say(self) -> None:
        """Has its state and its name."""
        assert "sending: uk/7 on uk" == outcome(share(state=State.SENDING, next_attempt_at=None))


class TestAges:
    """How long ago."""

    @pytest.mark.parametrize(
        ("length", "said"),
        [(0 * SECOND, "0 s"), (59 * SECOND, "59 s"), (90 * SECOND, "1 min"), (5 * HOUR, "5 h"), (50 * HOUR, "2 d")],
    )
    def test_in_the_largest_unit(self, length: timedelta, said: str) -> None:
        """Rounded down."""
        assert said == age(length)

    def test_before_and_ahead(self) -> None:
        """3 min ago, in 2 min."""
        assert ["3 min ago", "in 2 min"] == [ago(NOON - 3 * MINUTE, now=NOON), ago(NOON + 2 * MINUTE, now=NOON)]
