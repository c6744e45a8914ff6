"""How httpx connects: through the guard, bounded by the deadline of the call, and by nothing of the environment."""

import sys

from bot.net import tls
from bot.net.httpcore_backend import GuardedBackend

# httpx has a command line, and loads what that needs (rich, Pygments) wherever it finds it installed: 7 MiB, 0.1 s.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type] # None: not to be imported
import httpx  # noqa: E402

# httpx is taken from here, so that nobody imports it before.
__all__ = ["guarded_transport", "httpx"]


def guarded_transport(backend: GuardedBackend, *, limits: httpx.Limits | None = None) -> httpx.HTTPTransport:
    """A transport whose every connection is the backend's. limits: how many connections there may be, and be kept."""
    transport = httpx.HTTPTransport(verify=tls.UNUSED, trust_env=False, limits=limits or httpx.Limits())
    # httpx has no public way to choose the network backend; the integration tests hold that this one is used.
    transport._pool._network_backend = backend  # noqa: SLF001 - see above
    return transport
