"""What goes wrong, in words for a person, with the exit code for a script.

A person's mistake ends with 2, what was left undone or refused with 1; no traceback for either, nor for a server's
fault. Only what howdah itself did wrong has one, and only where --verbose asks for it.
"""

import errno
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

from bot.cli.redaction import hide
from bot.cli.terminal.output import columns_of, fit
from bot.errors import HowdahError, StoreError, UserError

# What writing to a full disk or a closed terminal ends with.
_OUTPUT_LOST = (errno.ENOSPC, errno.EIO, errno.EDQUOT)
UNDONE = 1
WRONG = 2
INTERRUPTED = 130
_form: str | None = None


class Failed(click.ClickException):
    """Ends the command with these lines on stderr: something was left undone or refused."""

    exit_code = UNDONE

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines

    def show(self, file: IO[Any] | None = None) -> None:  # noqa: ARG002 - click's signature
        """Print every line as an error."""
        for line in self.lines:
            say_error(line)


class Mistaken(Failed):
    """The command line or the config is wrong."""

    exit_code = WRONG


class Interrupted(Failed):
    """Somebody pressed Ctrl-C."""

    exit_code = INTERRUPTED

    def show(self, file: IO[Any] | None = None) -> None:
        """Print it on a line of its own, since the terminal shows ^C where the cursor was."""
        if sys.stderr.isatty():
            click.echo(err=True)
        super().show(file)


class Problems:
    """What went wrong with some of several things, while the rest is done."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._mistakes: set[str] = set()

    @contextmanager
    def kept(self, what: str = "") -> Iterator[None]:
        """Keep what goes wrong inside, with the name of what it went wrong with; a broken store ends everything."""
        try:
            yield
        except StoreError:
            raise
        except HowdahError as error:
            line = f"{what}: {error}" if what else str(error)
            self._mistakes |= {line} if isinstance(error, UserError) else set()
            self.add(line)

    def add(self, line: str) -> None:
        """Keep a sentence about what was left undone, once."""
        if line not in self._lines:
            self._lines.append(line)

    def end(self, *, done: bool) -> None:
        """Raise Failed with all that went wrong, if anything did. done: something else was done nevertheless."""
        if self._lines:
            only_mistakes = self._mistakes.issuperset(self._lines) and not done
            raise (Mistaken if only_mistakes else Failed)(*self._lines)


def each(names: Iterable[str], act: Callable[[str], None]) -> None:
    """Do something with each, whatever goes wrong with others; Failed at the end with all that went wrong."""
    problems, done = Problems(), False
    for name in names:
        with problems.kept():
            act(name)
            done = True
    problems.end(done=done)


@contextmanager
def as_failures(*, verbose: Callable[[], bool]) -> Iterator[None]:
    """Turn whatever is raised inside into Failed, but for what click handles itself."""
    try:
        yield
    except UserError as error:
        raise Mistaken(*error.problems) from error
    except HowdahError as error:
        raise Failed(str(error)) from error
    except KeyboardInterrupt as interrupt:
        raise Interrupted("interrupted") from interrupt
    except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
        raise
    except OSError as error:
        if error.errno not in _OUTPUT_LOST:
            raise Failed(*_unexpected(error, verbose=verbose())) from error
        raise Failed(f"the output can't be written: {error.strerror}") from error
    except Exception as error:
        raise Failed(*_unexpected(error, verbose=verbose())) from error


def say_as(form: str | None) -> None:
    """From now on, say what goes wrong as a log of this form has it: "json", else as text."""
    global _form  # noqa: PLW0603 - of the process, as its logs are
    _form = form


def say_error(text: str) -> None:
    """Print one line about something that went wrong."""
    _say("error", text)


def say_warning(text: str) -> None:
    """Print one line about something that a person should know."""
    _say("warning", text)


def _say(level: str, text: str) -> None:
    if _form != "json":
        said, columns = f"{level.capitalize()}: {hide(text)}", columns_of(sys.stderr)
        click.echo(fit(said, columns) if columns else said, err=True)
        return
    import json
    from datetime import UTC, datetime

    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line = {"time": at, "level": level, "event": "said", "message": hide(text)}
    click.echo(json.dumps(line, ensure_ascii=False), err=True)


def _unexpected(error: Exception, *, verbose: bool) -> tuple[str, ...]:
    what = f"this is a mistake in howdah itself ({type(error).__name__}: {error})."
    if not verbose:
        return (f"{what} Please report it to its maintainers, with what `howdah --verbose …` says.",)
    import traceback

    trace = "".join(traceback.format_exception(error)).rstrip()
    return (f"{what} Please report it to its maintainers, with these lines:\n{trace}",)
