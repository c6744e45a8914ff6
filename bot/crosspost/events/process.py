"""What happens to the process."""

import logging
from dataclasses import dataclass

from bot.crosspost.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Running(Event):
    """The daemon works by a config: at its start, and after each reload."""

    NAME = "running"
    SENTENCE = "running: {0.sites} site(s), {0.accounts} account(s)"
    sites: int
    accounts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping(Event):
    """The daemon was told to stop, and heard it."""

    NAME = "stopping"
    SENTENCE = "stopping: what is in hand is finished first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped(Event):
    """The daemon has ended."""

    NAME = "stopped"
    SENTENCE = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reloaded(Event):
    """The config was read anew and is the one that counts."""

    NAME = "reloaded"
    SENTENCE = "config read anew"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReloadFailed(Event):
    """The config was to be read anew and is wrong; the old one still counts."""

    NAME = "reload_failed"
    LEVEL = logging.ERROR
    SENTENCE = "config not taken over: {0.error}"
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFailed(Event):
    """Somebody could not be told what needs a person, or that howdah works."""

    NAME = "notice_failed"
    LEVEL = logging.ERROR
    SENTENCE = "not told: {0.error}"
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigWarning(Event):
    """Something in the config is allowed and unwise."""

    NAME = "config_warning"
    LEVEL = logging.WARNING
    SENTENCE = "{0.warning}"
    LOGGED = ()
    warning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job(Event):
    """A job of a worker pool. kind: of the pool ("site", "account", "tick")."""

    LEVEL = logging.ERROR
    kind: str
    job: str

    def fields(self) -> dict[str, object]:
        """The job's name under its kind: {"site": "uk"}."""
        return {self.kind: self.job}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFailed(_Job):
    """A job ended in an expected error."""

    NAME = "error"
    SENTENCE = "{0.kind} {0.job}: {0.error}"
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCrashed(_Job):
    """A job ended in an error that nobody expected."""

    NAME = "crash"
    SENTENCE = "{0.kind} {0.job}: unexpected"
    TRACEBACK = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TickFailed(Event):
    """The store could not be asked what is due."""

    NAME = "error"
    LEVEL = logging.ERROR
    SENTENCE = "{0.error}"
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TickCrashed(Event):
    """Asking what is due ended in an error that nobody expected."""

    NAME = "crash"
    LEVEL = logging.ERROR
    SENTENCE = "unexpected, while asking what is due"
    TRACEBACK = True
