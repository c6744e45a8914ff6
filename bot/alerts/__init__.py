"""Alerts to people, by Apprise, and the heartbeat to a watchdog elsewhere."""

from bot.alerts.heartbeat import Heartbeat
from bot.alerts.receivers import Receivers

__all__ = ["Heartbeat", "Receivers"]
