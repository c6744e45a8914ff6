"""The Site port over httpx: discovery, the gap-free walk, reading posts, images."""

from bot.wordpress.http import Http
from bot.wordpress.rest_site import RestSite

__all__ = ["Http", "RestSite"]
