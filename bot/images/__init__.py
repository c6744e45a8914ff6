"""Images: the Darkroom port over Pillow."""

from bot.images.darkroom import PillowDarkroom

__all__ = ["PillowDarkroom"]
