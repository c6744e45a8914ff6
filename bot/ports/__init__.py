"""The ports: what the use cases need from the world, each with its contract.

Every adapter and every fake passes the contract suite of its port (tests/contract). Adapters translate and decide
nothing. Nobody here sleeps: waiting is the clock's.
"""

from bot.ports.account import Account, MaySend, always
from bot.ports.clock import Clock
from bot.ports.images import ImageFitter
from bot.ports.site import Site
from bot.ports.store import Store

__all__ = ["Account", "Clock", "ImageFitter", "MaySend", "Site", "Store", "always"]
