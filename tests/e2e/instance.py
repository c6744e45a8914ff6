"""What stands on an instance, read through the Mastodon client API as any client would."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx
from bs4 import BeautifulSoup

PAGE = 40
PATIENCE = 30.0  # seconds
PAUSE = 0.3


@dataclass(frozen=True)
class Posted:
    """A status as the server shows it."""

    instance: "Instance"
    entity: dict[str, Any]

    @property
    def url(self) -> str:
        """The page for people."""
        return str(self.entity["url"])

    @cached_property
    def source(self) -> str:
        """The text exactly as it was sent."""
        return str(self.instance.get(f"/api/v1/statuses/{self.entity['id']}/source")["text"])

    @property
    def links(self) -> list[str]:
        """The addresses that the content links to, hashtags and mentions aside."""
        anchors = BeautifulSoup(self.entity["content"], "html.parser")("a")
        return [str(anchor["href"]) for anchor in anchors if not anchor.get_text().startswith(("#", "@"))]

    @property
    def hashtags(self) -> list[str]:
        """The names of its hashtags as the server understood them, lower case."""
        return [str(tag["name"]).lstrip("#").lower() for tag in self.entity["tags"]]

    @property
    def media(self) -> list[dict[str, Any]]:
        """Its media attachments."""
        return list(self.entity["media_attachments"])


class Instance:
    """One account on one server, seen from outside howdah."""

    def __init__(self, url: str, token: str) -> None:
        """Log in with the token, at the server's own address, never a proxy's."""
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}
        self._id = self.get("/api/v1/accounts/verify_credentials")["id"]

    def statuses(self) -> list[Posted]:
        """All statuses of the account, newest first; snac lists one that its author boosted as the boost."""
        found: list[dict[str, Any]] = []
        page = self._page({})
        while page:
            found += page
            page = self._page({"max_id": page[-1]["id"]})
        return [Posted(self, entity["reblog"] or entity) for entity in found]

    def about(self, link: str) -> list[Posted]:
        """The statuses that link to this post, newest first."""
        return [status for status in self.statuses() if link in status.links]

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> Any:
        """The JSON that the instance answers, waiting where it says that there were too many requests."""
        answer = self._ask(path, query)
        deadline = time.monotonic() + PATIENCE
        while answer.status_code == 429 and time.monotonic() < deadline:
            time.sleep(PAUSE)
            answer = self._ask(path, query)
        return answer.raise_for_status().json()

    def _ask(self, path: str, query: Mapping[str, Any] | None) -> httpx.Response:
        # A connection for each: snac closes its own without saying so.
        return httpx.get(f"{self._url}{path}", params=query, headers=self._headers, timeout=PATIENCE)

    def _page(self, cut: dict[str, Any]) -> list[dict[str, Any]]:
        page: list[dict[str, Any]] = self.get(f"/api/v1/accounts/{self._id}/statuses", {"limit": PAGE} | cut)
        return page
