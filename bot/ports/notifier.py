"""Those who are told, and whoever watches that howdah works."""

from typing import Literal, Protocol

# What a notice is: colours and signs of many receivers go by it.
NoticeKind = Literal["info", "warning", "success"]


class Notifier(Protocol):
    """Sends notices. Used by one thread at a time; every call is bounded in time."""

    def send(self, title: str, body: str, kind: NoticeKind) -> tuple[str, ...]:
        """Tell everyone; which of them could not be told, each with the reason and without its secrets."""
        ...

    @property
    def receivers(self) -> int:
        """How many there are to be told."""
        ...
