"""Account over Mastodon.py: publish, upload, read back, and what the instance allows.

Importing this takes a fifth of a second, which is Mastodon.py's; whoever doesn't publish imports it where it is used.
"""

from bot.mastodon.account import MastodonAccount

__all__ = ["MastodonAccount"]
