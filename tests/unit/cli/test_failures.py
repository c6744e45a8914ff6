"""What goes wrong becomes words and an exit code."""

import errno
import json
import os
import sys

import click
import pytest
from click.testing import CliRunner, Result

from bot.cli.failures import Failed, Interrupted, Mistaken, Problems, as_failures, say_as, say_error
from bot.cli.redaction import MARK, remember
from bot.errors import ConfigError, HowdahError, RefusedError, SiteUnavailableError, StoreError, UserError


def ended(error: BaseException, *, verbose: bool = False) -> Result:
    """How a command ends that raises this."""

    @click.command()
    def command() -> None:
        with as_failures(verbose=lambda: verbose):
            raise error

    return CliRunner().invoke(command)


def fail(problems: Problems, error: Exception, *, what: str = "") -> None:
    """Do one of several things, which goes wrong."""
    with problems.kept(what):
        raise error


class TestExitCodes:
    """What a script sees."""

    @pytest.mark.parametrize(
        ("error", "code"),
        [
            (UserError("wrong"), 2),
            (ConfigError("wrong"), 2),
            (click.UsageError("wrong"), 2),
            (RefusedError("no"), 1),
            (SiteUnavailableError("down"), 1),
            (StoreError("full"), 1),
            (KeyError("ours"), 1),
            (KeyboardInterrupt(), 130),
            (BrokenPipeError(32, "gone"), 1),
        ],
        ids=repr,
    )
    def test_follow_from_the_error(self, error: BaseException, code: int) -> None:
        """2 for what a person has to change, 1 for what was left undone, 130 for Ctrl-C; no traceback."""
        done = ended(error)

        assert code == done.exit_code
        assert "Traceback" not in done.stderr

    def test_ctrl_c_is_said_on_a_line_of_its_own(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The terminal has shown ^C at the end of a question."""
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        Interrupted("interrupted").show()

        assert "\nError: interrupted\n" == capsys.readouterr().err

    def test_a_reader_that_went_away_hears_nothing(self) -> None:
        """`howdah list | head` ends without a word."""
        assert "" == ended(BrokenPipeError(32, "gone")).output


class TestWords:
    """What a person sees."""

    def test_a_sentence(self) -> None:
        """On stderr, and nothing on stdout."""
        done = ended(RefusedError("uk/7 is shared already"))

        assert ("", "Error: uk/7 is shared already\n") == (done.stdout, done.stderr)

    def test_every_problem_of_a_config_on_a_line(self) -> None:
        """All at once."""
        assert "Error: one\nError: two\n" == ended(ConfigError("one", "two")).stderr

    def test_no_token(self) -> None:
        """Not even where an error's author was careless."""
        remember("Np8-careless-token")

        assert f"Error: refused Np8: {MARK}\n" == ended(HowdahError("refused Np8: Np8-careless-token")).stderr

    def test_a_mistake_of_ours_asks_to_be_reported(self) -> None:
        """With what it was, and how to learn more."""
        said = ended(ZeroDivisionError("division by zero")).stderr

        assert "mistake in howdah itself (ZeroDivisionError: division by zero)" in said
        assert "howdah --verbose" in said

    @pytest.mark.parametrize(
        ("number", "said"), [(errno.ENOSPC, "can't be written"), (errno.EPERM, "a mistake in howdah")]
    )
    def test_output_that_can_not_be_written(self, number: int, said: str) -> None:
        """A full disk is nobody's mistake."""
        result = ended(OSError(number, os.strerror(number)))

        assert 1 == result.exit_code
        assert said in result.stderr

    def test_verbose_shows_where_it_came_from(self) -> None:
        """The traceback, without any token."""
        remember("Np9-careless-token")
        said = ended(ValueError("Np9-careless-token"), verbose=True).stderr

        assert "Traceback" in said
        assert "Np9-careless-token" not in said


class TestProblems:
    """Some of several things go wrong."""

    def test_nothing_wrong_ends_well(self) -> None:
        """Nothing is raised."""
        problems = Problems()
        with problems.kept():
            pass

        problems.end(done=False)

    def test_what_goes_wrong_twice_is_said_once(self) -> None:
        """It is one mistake, too."""
        problems = Problems()
        for _ in range(2):
            fail(problems, UserError("there is no account 'x'"))

        with pytest.raises(Mistaken) as caught:
            problems.end(done=False)
        assert ("there is no account 'x'",) == caught.value.lines

    def test_each_is_kept_with_its_name(self) -> None:
        """The rest goes on, and all is said at the end."""
        problems = Problems()
        fail(problems, SiteUnavailableError("down"), what="site uk")
        fail(problems, RefusedError("shared already"))
        problems.add("stopped")

        with pytest.raises(Failed) as ended:
            problems.end(done=True)
        assert ("site uk: down", "shared already", "stopped") == ended.value.lines

    def test_only_mistakes_are_a_wrong_call(self) -> None:
        """Where nothing was done and all of it is the caller's mistake, the code is 2."""
        problems = Problems()
        fail(problems, UserError("no post"))

        with pytest.raises(Mistaken):
            problems.end(done=False)

    def test_a_mistake_among_done_work_is_something_undone(self) -> None:
        """Where the rest was done, the code is 1."""
        problems = Problems()
        fail(problems, UserError("no post"))

        with pytest.raises(Failed) as ended:
            problems.end(done=True)
        assert 1 == ended.value.exit_code

    def test_a_broken_store_ends_everything(self) -> None:
        """It would break the rest too."""
        with pytest.raises(StoreError):
            fail(Problems(), StoreError("full"))


def test_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    """Where the log is JSON, what went wrong is a line of it."""
    say_as("json")
    try:
        say_error('no "quotes"')
    finally:
        say_as(None)
    line = json.loads(capsys.readouterr().err)

    assert ["time", "level", "event", "message"] == list(line)
    assert ("error", 'no "quotes"') == (line["level"], line["message"])
