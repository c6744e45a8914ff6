"""howdah: shares WordPress posts on Mastodon and the fediverse."""

__version__ = "0.1.0"
