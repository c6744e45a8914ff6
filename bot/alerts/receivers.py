"""Receivers by their Apprise addresses: mail, chat, push, a hundred more. None is ever shown: most hold secrets."""

import logging
import re
import warnings
from collections.abc import Iterator, Sequence

from bot.errors import ConfigError
from bot.net.guard import is_public, look_up
from bot.ports.notifier import NoticeKind

_SECONDS = 10.0
# Where an Apprise address keeps the host that it leads to.
_HOSTS = ("host", "smtp_host")

# How Apprise's plugins say what they were answered, and that they weren't.
_ANSWERED = re.compile(r"\berror=([1-5][0-9]{2})\b")
_SILENT = re.compile(r"\bconnection error", re.IGNORECASE)


class _Reason(logging.Handler):
    """Why a receiver didn't take a notice, from what Apprise logs; its words may hold the address, and are dropped."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.words = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a status code, or that there was none."""
        said = record.getMessage()
        if found := _ANSWERED.search(said):
            self.words = f" (it answers {found[1]})"
        elif _SILENT.search(said):
            self.words = " (it can't be reached, or refuses the login)"


class Receivers:
    """A Notifier over Apprise. addresses: each with the key that it stands at in the config, for messages."""

    def __init__(self, addresses: Sequence[tuple[str, str]], *, allow_private: bool) -> None:
        from apprise import Apprise, AppriseAsset

        self._log = logging.getLogger("apprise")
        self._log.setLevel(logging.WARNING)
        self._log.propagate, self._log.handlers = False, [_Reason()]  # its words may hold the address
        asset = AppriseAsset(app_id="howdah", app_desc="howdah", async_mode=False)
        self._allow_private = allow_private
        self._all = []
        for key, address in addresses:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # its plugins are loaded at the first of these
                found = Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
            if not found:
                raise ConfigError(f"{key} isn't an address that Apprise knows (its documentation lists them)")
            self._all.append((key, found))

    @property
    def receivers(self) -> int:
        """How many there are."""
        return len(self._all)

    def send(self, title: str, body: str, kind: NoticeKind) -> tuple[str, ...]:
        """Tell everyone; which could not be told, and why as far as that can be said without its address."""
        return tuple(self._failures(title, body, kind))

    def _failures(self, title: str, body: str, kind: NoticeKind) -> Iterator[str]:
        for key, receiver in self._all:
            name = f"{key} ({receiver.service_name})"
            refused = self._refused(receiver)
            if refused:
                yield f"{name} {refused}"
                continue
            self._log.handlers = [reason := _Reason()]
            try:
                # Without its format a mail would take it for HTML: one line, and whatever an instance has put into it.
                arrived = receiver.notify(body=body, title=title, notify_type=kind, body_format="text")
            except Exception as error:  # noqa: BLE001 - a plugin of theirs; its words may hold the address
                yield f"{name} can't be told ({type(error).__name__})"
                continue
            if not arrived:
                yield f"{name} didn't take the notice{reason.words}"

    def _refused(self, receiver: object) -> str:
        """Why a receiver isn't told: it leads to an address of this network."""
        if self._allow_private:
            return ""
        for host in {str(getattr(receiver, name, "") or "") for name in _HOSTS} - {""}:
            try:
                addresses = look_up(host, 443, seconds=_SECONDS)
            except (OSError, UnicodeError):
                continue  # it isn't a host's name, or nobody can be reached by it: Apprise finds out
            if not all(map(is_public, addresses)):
                return "leads to a loopback or private address: set alerts.allow_private = true if this is meant"
        return ""
