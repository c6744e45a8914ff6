"""The Site port over httpx: discovery, the gap-free walk, reading posts, the feed, images."""

from bot.wordpress.discovery import ProcessMemory
from bot.wordpress.http import Http
from bot.wordpress.login import Login
from bot.wordpress.rest_site import RestSite
from bot.wordpress.site import Ways, WordPressSite

__all__ = ["Http", "Login", "ProcessMemory", "RestSite", "Ways", "WordPressSite"]
