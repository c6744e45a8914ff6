"""The heartbeat, as healthchecks has it: a call while all is well, so that somebody else notices when it stops."""

import httpcore

from bot import __version__
from bot.net.guard import AddressRefusedError
from bot.net.httpx_transport import GuardedBackend, guarded_transport, httpx, within

_SECONDS = 10.0
_LONGEST = 2_000


class Heartbeat:
    """Calls one address, and what stands below it: /start and /fail. Its path is a secret, and is never shown."""

    def __init__(self, address: str, *, allow_private: bool) -> None:
        self._address = address.rstrip("/")
        self._client = httpx.Client(
            transport=guarded_transport(GuardedBackend(allow_private=allow_private)),
            headers={"User-Agent": f"howdah/{__version__}"},
            timeout=_SECONDS,
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def start(self) -> str:
        """Something has begun; why that could not be said, '' where it was."""
        return self._call("/start", "")

    def success(self) -> str:
        """It ended well, or goes on well."""
        return self._call("", "")

    def fail(self, words: str) -> str:
        """It ended badly; words say why."""
        return self._call("/fail", words)

    def _call(self, below: str, words: str) -> str:
        try:
            with within(_SECONDS):
                response = self._client.post(self._address + below, content=words[:_LONGEST].encode())
        except AddressRefusedError as error:
            return f"the heartbeat's address {error.reason}"
        except (httpx.HTTPError, httpcore.NetworkError, OSError) as error:
            return f"the heartbeat can't be sent ({type(error).__name__})"
        return "" if response.is_success else f"the heartbeat's address answered {response.status_code}"
