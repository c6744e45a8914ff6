"""An HTTP client that speaks to an ASGI application in this process, without a server between."""

import asyncio
from typing import Any

import httpx
from starlette.types import ASGIApp


class AsgiClient:
    """Asks, and waits for the answer. Cookies are kept; redirects are not followed."""

    def __init__(self, app: ASGIApp, *, base_url: str, address: str) -> None:
        self._app = app
        self._base_url = base_url
        self._address = address
        self.cookies = httpx.Cookies()

    def request(self, method: str, path: str, **given: Any) -> httpx.Response:
        """The answer to one request."""
        return asyncio.run(self._request(method, path, given))

    def get(self, path: str, **given: Any) -> httpx.Response:
        """GET."""
        return self.request("GET", path, **given)

    def post(self, path: str, **given: Any) -> httpx.Response:
        """POST."""
        return self.request("POST", path, **given)

    async def _request(self, method: str, path: str, given: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(app=self._app, client=(self._address, 4711))
        async with httpx.AsyncClient(transport=transport, base_url=self._base_url, cookies=self.cookies) as client:
            response = await client.request(method, path, **given)
            self.cookies = client.cookies
        return response
