"""What happens to the process."""

import logging

from bot.crosspost.events import Event


class Running(Event, frozen=True, kw_only=True):
    """The daemon works by a config: at its start, and after each reload."""

    NAME = "running"
    SENTENCE = "running: {0.sites} site(s), {0.accounts} account(s)"
    sites: int
    accounts: int


class Stopping(Event, frozen=True, kw_only=True):
    """The daemon was told to stop, and heard it."""

    NAME = "stopping"
    SENTENCE = "stopping: what is in hand is finished first"


class Stopped(Event, frozen=True, kw_only=True):
    """The daemon has ended."""

    NAME = "stopped"
    SENTENCE = "stopped"


class Reloaded(Event, frozen=True, kw_only=True):
    """The config was read anew and is the one that counts."""

    NAME = "reloaded"
    SENTENCE = "config read anew"


class ReloadFailed(Event, frozen=True, kw_only=True):
    """The config was to be read anew and is wrong; the old one still counts."""

    NAME = "reload_failed"
    LEVEL = logging.ERROR
    SENTENCE = "config not taken over: {0.error}"
    error: str


class NoticeFailed(Event, frozen=True, kw_only=True):
    """Somebody could not be told what needs a person, or that howdah works."""

    NAME = "notice_failed"
    LEVEL = logging.ERROR
    SENTENCE = "not told: {0.error}"
    error: str


class ConfigWarning(Event, frozen=True, kw_only=True):
    """Something in the config is allowed and unwise."""

    NAME = "config_warning"
    LEVEL = logging.WARNING
    SENTENCE = "{0.warning}"
    LOGGED = ()
    warning: str


class _Job(Event, frozen=True, kw_only=True):
    """A job of a worker pool. kind: of the pool ("site", "account", "tick")."""

    LEVEL = logging.ERROR
    kind: str
    job: str

    def fields(self) -> dict[str, object]:
        """The job's name under its kind: {"site": "uk"}."""
        return {self.kind: self.job}


class JobFailed(_Job, frozen=True, kw_only=True):
    """A job ended in an expected error."""

    NAME = "error"
    SENTENCE = "{0.kind} {0.job}: {0.error}"
    error: str


class JobCrashed(_Job, frozen=True, kw_only=True):
    """A job ended in an error that nobody expected."""

    NAME = "crash"
    SENTENCE = "{0.kind} {0.job}: unexpected"
    TRACEBACK = True


class TickFailed(Event, frozen=True, kw_only=True):
    """The store could not be asked what is due."""

    NAME = "error"
    LEVEL = logging.ERROR
    SENTENCE = "{0.error}"
    error: str


class TickCrashed(Event, frozen=True, kw_only=True):
    """Asking what is due ended in an error that nobody expected."""

    NAME = "crash"
    LEVEL = logging.ERROR
    SENTENCE = "unexpected, while asking what is due"
    TRACEBACK = True


class RequestCrashed(Event, frozen=True, kw_only=True):
    """Answering a request for a page or of the API ended in an error that nobody expected."""

    NAME = "crash"
    LEVEL = logging.ERROR
    SENTENCE = "unexpected, while answering {0.method} {0.path}"
    LOGGED = ()
    TRACEBACK = True
    method: str
    path: str
