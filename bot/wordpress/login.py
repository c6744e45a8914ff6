"""A user of a site, with an Application Password."""

import base64
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.wordpress.routes import same_host


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A user's name and Application Password. The password is in no representation."""

    user: str
    password: str = field(repr=False)

    @property
    def authorization(self) -> str:
        """The value of the `Authorization` header (HTTP Basic)."""
        return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode("ascii")


def objection(root: str, *, home: str, allow_private: bool) -> str:
    """Why a password isn't sent to this REST root, as a clause; '' where it may be.

    home: the site's address. Only its own host gets to see the password, and only over TLS unless allow_private.
    """
    if not same_host(root, home):
        return f"has its REST API on another host ({urlsplit(root).hostname}), which isn't given the password"
    if urlsplit(root).scheme != "https" and not allow_private:
        return "has its REST API on plain http, over which no password is sent"
    return ""
