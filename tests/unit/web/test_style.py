"""The colours: whoever sees little reads everything, in the light and in the dark."""

import re
from importlib.resources import files

import pytest

STYLE = (files("bot.web") / "static/style.css").read_text()
# What is written on what.
PAIRS = [
    *((text, ground) for text in ("text", "quiet", "accent", "trouble", "waiting") for ground in ("page", "raised")),
    *((text, "wash") for text in ("text", "quiet", "accent", "trouble")),
    *((text, "trouble-wash") for text in ("text", "quiet", "trouble")),
    ("on-accent", "accent"),
]


def colours(selector: str) -> dict[str, str]:
    """The colours of a theme by their names."""
    block = STYLE[STYLE.index(selector) :].partition("}")[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    """As WCAG has it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("selector", [":root {", ':root[data-theme="dark"] {'], ids=["light", "dark"])
def test_every_text_stands_out(selector: str) -> None:
    """Seven to one, which WCAG calls enhanced."""
    theme = colours(selector)
    for text, ground in PAIRS:
        dark, light = sorted((luminance(theme[text]), luminance(theme[ground])))
        assert (light + 0.05) / (dark + 0.05) >= 7, f"{text} on {ground}"


def test_the_dark_theme_is_one() -> None:
    """Chosen by the system or by hand."""
    assert colours(':root:not([data-theme="light"]) {') == colours(':root[data-theme="dark"] {')
