"""What some servers demand of a status beyond its text: said before it is sent, where they would only say no.

Pixelfed answers a status without an image with 403, which elsewhere means that the account may not publish at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.domain.composing.compose import Composition
    from bot.domain.models import Limits

_LONGEST_WARNING = 140


def objection(composition: Composition, *, images: int, limits: Limits) -> str:
    """Why the instance would not take this status with so many images, as a sentence; '' where nothing is known."""
    if composition.length > composition.limit:
        return f"doesn't fit: {composition.length} of {composition.limit} characters, and nothing left to shorten"
    if limits.software != "pixelfed":
        return ""
    if not images:
        return "Pixelfed takes no status without an image, and this one has none that could be attached"
    length = len(composition.status.spoiler_text)
    if length > _LONGEST_WARNING:
        return f"Pixelfed takes a content warning of {_LONGEST_WARNING} characters at most, and this one has {length}"
    return ""
