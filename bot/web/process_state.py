"""What outlasts a reload of the config: who is signed in, and what was counted."""

from dataclasses import dataclass, field

from bot.web.authenticator import Authenticator
from bot.web.counters import Counters


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessState:
    """One for the life of the process."""

    authenticator: Authenticator = field(default_factory=Authenticator)
    counters: Counters = field(default_factory=Counters)
