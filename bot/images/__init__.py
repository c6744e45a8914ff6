"""Images: the ImageFitter port over Pillow."""

from bot.images.fitter import PillowFitter

__all__ = ["PillowFitter"]
