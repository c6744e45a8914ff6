"""Notices to people, by Apprise, and the heartbeat to a watchdog elsewhere."""

from bot.notices.heartbeat import Heartbeat
from bot.notices.receivers import Receivers

__all__ = ["Heartbeat", "Receivers"]
