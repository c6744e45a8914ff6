"""The application over a stage of fakes, and somebody who visits it."""

import base64
import re
from ipaddress import ip_network
from typing import Any

from httpx import Response

from bot.domain.models import State
from bot.errors import ConfigError, UserError
from bot.web.app import build
from bot.web.authenticator import Authenticator
from bot.web.calls import ProcessState
from bot.web.live import Live, WebSettings
from bot.web.routes import PATHS
from tests.contract.stores import changed
from tests.unit.crosspost.stage import Stage
from tests.unit.web.client import AsgiClient

PASSWORD = "open sesame"
HTML = {"accept": "text/html,*/*"}


class Clock:
    """Seconds that go by when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        """The seconds."""
        return self.seconds


class Visit:
    """The pages over a stage. kept: what the password file holds; None: it can't be read."""

    def __init__(
        self, stage: Stage | None = None, *, paths: Any = PATHS, client: str = "192.0.2.7", **settings: Any
    ) -> None:
        self.stage = stage or Stage()
        self.kept: str | None = PASSWORD
        self.clock = Clock()
        self.idle: list[str] = []
        trusted = tuple(map(ip_network, settings.pop("trusted_proxies", ())))
        self.live = Live(
            context=self.stage.context,
            settings=WebSettings(host="", port=0, read_password=self._password, trusted_proxies=trusted, **settings),
            idle=lambda: self.idle,
            find_post=named,
        )
        self.process = ProcessState(authenticator=Authenticator(clock=self.clock))
        self.app = build(lambda: self.live, paths=paths, process=self.process)
        self.client = AsgiClient(self.app, base_url="http://howdah.test", address=client)

    def get(self, path: str, **headers: str) -> Response:
        """Ask as a browser that is signed in or not."""
        return self.client.get(path, headers=HTML | headers)

    def sign_in(self, password: str = PASSWORD, **headers: str) -> Response:
        """Give the password in the form."""
        return self.client.post("/login", data={"password": password}, headers=HTML | headers)

    def press(self, path: str, *, page: str = "/", **fields: str) -> Response:
        """Send a form that stands on a page, with what that page brings along."""
        token = re.search(r'name="csrf" value="([^"]+)"', self.get(page).text)
        assert token is not None
        return self.client.post(path, data={"csrf": token[1], **fields}, headers=HTML)

    def _password(self) -> str:
        if self.kept is None:
            raise ConfigError("there is no password file")
        return self.kept


def named(text: str) -> tuple[str, int]:
    """A post as SITE/ID; another program finds the others."""
    site, _, number = text.rpartition("/")
    if not number.isdecimal() or site != "uk":
        raise UserError(f"{text!r} is no post.")
    return site, int(number)


def basic(password: str = PASSWORD, user: str = "anyone") -> dict[str, str]:
    """The header with which a program gives the password."""
    return {"authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def visiting(stage: Stage) -> Visit:
    """Somebody who is signed in."""
    visit = Visit(stage)
    visit.sign_in()
    return visit


def become(stage: Stage, post_id: int, state: State, **fields: Any) -> None:
    """Let the newest share of a post be in a state."""
    share = stage.share(post_id)
    stage.store.apply(share, changed(share, state=state, **fields), now=stage.clock.now())
