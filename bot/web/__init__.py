"""The web part: status page, JSON API, metrics, health. It runs in the daemon's process and shares its store.

A request goes: server (bounded connections) → headers → app (bounded body, a worker thread) → authentication (who is
it, may it change something) → the path's own function. A new group of paths is a file in routes/, named in
routes/__init__.py.
"""

from bot.web.hosting import Web
from bot.web.live import Live, WebSettings

__all__ = ["Live", "Web", "WebSettings"]
