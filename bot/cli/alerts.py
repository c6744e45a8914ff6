"""Receivers and heartbeat as the config has them. Without [alerts], nothing of them is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cli import redaction

if TYPE_CHECKING:
    from bot.alerts import Heartbeat, Receivers
    from bot.config import Config


def receivers_of(config: Config) -> Receivers | None:
    """Those who are told; None where nobody is. ConfigError for an address that is none, with its place."""
    table = config.settings.alerts
    if table is None:
        return None
    addresses = config.alert_addresses()
    if not addresses:
        return None
    from bot.alerts import Receivers

    for _, address in addresses:
        redaction.remember(address.reveal())
    return Receivers([(key, address.reveal()) for key, address in addresses], allow_private=table.allow_private)


def heartbeat_of(config: Config) -> Heartbeat | None:
    """The heartbeat; None where the config has none."""
    table = config.settings.alerts
    if table is None or not table.heartbeat.reveal():
        return None
    from bot.alerts import Heartbeat

    return Heartbeat(redaction.remember(table.heartbeat.reveal()), allow_private=table.allow_private)
