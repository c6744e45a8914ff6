"""The Site port over httpx: discovery, the gap-free walk, reading posts, images."""

from bot.wordpress.http import Http
from bot.wordpress.login import Login
from bot.wordpress.rest_site import RestSite
from bot.wordpress.root import ProcessMemory

__all__ = ["Http", "Login", "ProcessMemory", "RestSite"]
