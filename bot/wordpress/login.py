"""A user of a site, with an Application Password."""

import base64
from urllib.parse import urlsplit

from msgspec import Struct

from bot.wordpress.routes import same_host

_WRONG = frozenset({"incorrect_password", "invalid_username", "invalid_email", "invalid_application_password"})


class Login(Struct, frozen=True, kw_only=True):
    """A user's name and Application Password. The password is in no representation."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"Login({self.user!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("user", self.user)]

    @property
    def authorization(self) -> str:
        """The value of the `Authorization` header (HTTP Basic)."""
        return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode("ascii")


def not_let_in(status: int, code: str) -> str:
    """Why an answer to `users/me?context=edit` lets the user not in, as a clause; '' where it does.

    code: WordPress's own. WordPress takes a password that it doesn't know for nobody's, like one that never came.
    """
    if 200 <= status < 300:
        return ""
    if code in _WRONG:
        return "the password is wrong: it has to be an Application Password of this very user (Users → Profile)"
    if code == "application_passwords_disabled":
        return "Application Passwords are switched off on this site (by a security plugin, mostly)"
    if status == 401 and code:
        return (
            "the password did not arrive at WordPress, or is none of this user's Application Passwords. CGI, FastCGI "
            "and nginx in front of Apache take the Authorization header away: the server has to hand it on"
        )
    if status == 401:
        return "the server asks for a password of its own before WordPress does"
    return f"the site answered {status}" + (f" ({code})" if code else "")


def objection(root: str, *, home: str, allow_private: bool) -> str:
    """Why a password isn't sent to this REST root, as a clause; '' where it may be.

    home: the site's address. Only its own host gets to see the password, and only over TLS unless allow_private.
    """
    if not same_host(root, home):
        return f"has its REST API on another host ({urlsplit(root).hostname}), which isn't given the password"
    if urlsplit(root).scheme != "https" and not allow_private:
        return "has its REST API on plain http, over which no password is sent"
    return ""
