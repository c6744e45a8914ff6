"""A real snac: a small ActivityPub server with the Mastodon client API, out of Debian's package."""

import json
import re
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
from bs4 import BeautifulSoup

from tests.e2e.servers import cache, debian
from tests.e2e.servers.process import Process, free_port

NAME = "snac-2.96"
SUITE = "forky"
USER = "howdah"
REDIRECT = "http://127.0.0.1/callback"  # never called: the code is in the address that snac sends us to

# No mail, no federation to wait for, and no lock-out of a test that mistypes a password.
SETTINGS = {
    "protocol": "http",
    "queue_retry_max": 0,
    "queue_timeout": 1,
    "queue_timeout_2": 1,
    "disable_email_notifications": True,
    "disable_inbox_collection": True,
}


def fetch() -> None:
    """Put snac into the cache."""
    cache.provide(NAME, lambda root: debian.unpack(SUITE, root, complete=["snac2"]))


class Snac:
    """An instance with one user, running until end(). UnavailableError where it was not fetched."""

    def __init__(self, folder: Path) -> None:
        """Make the instance in a folder of its own, start it, and log in."""
        self._command = debian.command(cache.find(NAME), "usr/bin/snac")
        self._data = str(folder / "data")
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._password = self._create(port)
        self._process = Process([*self._command, "httpd", self._data], log=folder / "snac.log")
        self._process.wait_for(self._answers)
        self.token = _log_in(self.url, self._password)

    def approve(self, address: str) -> httpx.Response:
        """Do what a person does on the page that asks: sign in, agree. The answer shows the code, or leads on."""
        page = httpx.get(address).raise_for_status()
        return httpx.post(f"{self.url}/oauth/x-snac-login", data=_filled_in(page.text, self._password))

    def end(self) -> None:
        """End it, by SIGKILL: at SIGTERM it would try to deliver what is queued, for minutes."""
        self._process.kill()

    def _create(self, port: int) -> str:
        """Lay out the data folder with one user, and give back the user's password."""
        answers = f"127.0.0.1\n{port}\n127.0.0.1:{port}\n\nadmin@example.invalid\n"
        self._run("init", self._data, answers=answers)
        config = Path(self._data, "server.json")
        config.write_text(json.dumps(json.loads(config.read_text()) | SETTINGS))
        said = self._run("adduser", self._data, USER)
        found = re.search(r"^User password is (\S+)", said, re.MULTILINE)
        if found is None:
            raise RuntimeError(f"snac adduser gave no password: {said}")
        return found[1]

    def _run(self, *arguments: str, answers: str = "") -> str:
        done = subprocess.run(
            [*self._command, *arguments],
            input=answers,
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
        return done.stdout + done.stderr

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v1/instance", timeout=10).is_success
        except httpx.TransportError:
            return False


def _log_in(url: str, password: str) -> str:
    """Register an app, fill in the sign-in form as a browser would, and exchange the code for a token."""
    asked = {"redirect_uri": REDIRECT, "scope": "read write"}
    registration = {"client_name": "howdah", "redirect_uris": REDIRECT, "scopes": "read write"}
    app = httpx.post(f"{url}/api/v1/apps", data=registration).raise_for_status().json()
    query = asked | {"response_type": "code", "client_id": app["client_id"]}
    page = httpx.get(f"{url}/oauth/authorize", params=query).raise_for_status()
    sent = httpx.post(f"{url}/oauth/x-snac-login", data=_filled_in(page.text, password))
    code = parse_qs(urlsplit(sent.headers["location"]).query)["code"][0]
    secrets = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    grant = asked | secrets | {"grant_type": "authorization_code", "code": code}
    token: str = httpx.post(f"{url}/oauth/token", data=grant).raise_for_status().json()["access_token"]
    return token


def _filled_in(page: str, password: str) -> dict[str, str]:
    fields = {
        str(field.get("name")): str(field.get("value") or "") for field in BeautifulSoup(page, "html.parser")("input")
    }
    return fields | {"login": USER, "passwd": password}
