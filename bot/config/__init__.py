"""The config: TOML → frozen Config, all problems at once, each with its file, line and key."""

from bot.config.durations import format_duration, parse_duration
from bot.config.loaded import Config
from bot.config.reading import find, load, places
from bot.config.secret import Secret

__all__ = [
    "Config",
    "Secret",
    "find",
    "format_duration",
    "load",
    "parse_duration",
    "places",
]
