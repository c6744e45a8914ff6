"""Finding the config file and reading it: all its problems at once, each with its line."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.config.doubles import as_written, doubled_pairs
from bot.config.files import as_it_is, placed_by_root, read_small, written_by_owner
from bot.config.loaded import Config
from bot.config.locate import Places, locate
from bot.config.model import Settings
from bot.config.problems import Problem, without_misspelt
from bot.config.relations import contradictions, warnings_about
from bot.config.syntax import syntax_problem
from bot.config.validation import InvalidError, validated
from bot.errors import ConfigError, line_that_installs

_SYSTEM = Path("/etc/howdah/config.toml")
# What the tables need that have an extra of their own.
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "alerts": ("apprise",),
    "web": ("starlette", "jinja2", "uvicorn", "prometheus_client", "argon2"),
}


def places(environ: Mapping[str, str], cwd: Path) -> tuple[Path, ...]:
    """Where a config is looked for when none is named, the first first."""
    config_home = environ.get("XDG_CONFIG_HOME", "")
    if not Path(config_home).is_absolute():  # a relative one is to be ignored, says the XDG specification
        config_home = f"{environ['HOME']}/.config" if environ.get("HOME") else ""
    personal = (Path(config_home) / "howdah" / "config.toml",) if config_home else ()
    return (cwd / "config.toml", *personal, _SYSTEM)


def find(explicit: Path | None, environ: Mapping[str, str], cwd: Path) -> Path:
    """The config file: the named one, that of $HOWDAH_CONFIG, or the first that is there.

    A named one isn't looked at yet. ConfigError, with how to begin, where there is none.
    """
    if explicit is not None:
        return cwd / explicit
    if environ.get("HOWDAH_CONFIG"):
        return cwd / environ["HOWDAH_CONFIG"]
    sought = places(environ, cwd)
    for path in sought:
        if os.access(path, os.F_OK):
            return path
    raise ConfigError(
        f"There is no config: neither --config nor $HOWDAH_CONFIG names one, and there is none at "
        f"{', '.join(map(str, sought))}. To begin, run `howdah init`, which makes one, or `howdah demo`, which "
        f"needs none."
    )


def load(path: Path, *, named: bool = False) -> Config:
    """The config in a file. ConfigError with every problem that it has.

    Unless a person named it just now, it has to be the caller's or root's, and nobody else may have written it: it says
    to whom the tokens are sent.
    """
    text = _decoded(_bytes(path, named=named), path)
    raw = _parsed(text, path)
    at = Places(str(path), locate(text))
    settings = _checked(raw, at)
    warnings = tuple(at.sentence(problem.key, problem.sentence) for problem in warnings_about(settings))
    return Config(path=path.absolute(), settings=settings, warnings=warnings, places=at)


def _bytes(path: Path, *, named: bool) -> bytes:
    try:
        check = placed_by_root if path == _SYSTEM else written_by_owner
        return read_small(path, check=as_it_is if named else check)
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: there is no such file (`howdah init` makes one)") from error
    except IsADirectoryError as error:
        raise ConfigError(f"{path}: is a folder (name the config file in it)") from error
    except OSError as error:
        raise ConfigError(f"{path}: can't be read ({error.strerror})") from error
    except ValueError as error:
        raise ConfigError(f"{path}: {error}") from error


def _decoded(data: bytes, path: Path) -> str:
    """The text, without a byte order mark and with Unix line ends."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ConfigError(f"{path}:1: is UTF-16 (save it as UTF-8)")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}:{line}: isn't UTF-8 (save it as UTF-8)") from error


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ConfigError(f"{path}:1: isn't TOML: lists or tables are too deep in each other") from error
    except ValueError as error:
        line, problem = syntax_problem(str(error), text=text)
        raise ConfigError(f"{path}:{line}: {problem}") from error


def _checked(raw: dict[str, Any], at: Places) -> Settings:
    others = [*contradictions(raw), *_missing_extras(raw)]
    try:
        settings = validated(Settings, raw)
    except InvalidError as error:
        raise _config_error([*without_misspelt(error.problems, raw), *others], at) from error
    others += doubled_pairs(settings, as_written(settings))
    if others:
        raise _config_error(others, at)
    return settings


def _missing_extras(raw: Mapping[str, Any]) -> Iterator[Problem]:
    """A problem for each table whose extra isn't installed, with the line that installs it. Nothing is imported."""
    for table, modules in _NEEDED.items():
        absent = [module for module in modules if table in raw and find_spec(module) is None]
        if absent:
            yield Problem((table,), f"needs more than is installed (run: {line_that_installs(table)})")


def _config_error(problems: list[Problem], at: Places) -> ConfigError:
    """Every problem once, in the order of their lines."""
    in_order = sorted(problems, key=lambda problem: at.line(problem.key))
    return ConfigError(*dict.fromkeys(at.sentence(problem.key, problem.sentence) for problem in in_order))
