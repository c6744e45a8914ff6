"""What outlasts a reload of the config: who is signed in, and what was counted."""

from dataclasses import dataclass, field

from bot.web.authentication import Authenticator
from bot.web.tally import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """One for the life of the process."""

    authenticator: Authenticator = field(default_factory=Authenticator)
    tally: Tally = field(default_factory=Tally)
