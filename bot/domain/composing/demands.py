"""What some servers demand of a status beyond its length: said before it is sent, where they would only say no.

Pixelfed answers a status without an image with 403, which elsewhere means that the account may not publish at all.
"""

from collections.abc import Collection

from bot.domain.models import Limits, Status

_LONGEST_WARNING = 140


def objection(status: Status, *, media_ids: Collection[str], limits: Limits) -> str:
    """Why the instance would not take this status with these files, as a sentence; '' where nothing is known."""
    if limits.software != "pixelfed":
        return ""
    if not media_ids:
        return "Pixelfed takes no status without an image, and this one has none that could be attached"
    length = len(status.spoiler_text)
    if length > _LONGEST_WARNING:
        return f"Pixelfed takes a content warning of {_LONGEST_WARNING} characters at most, and this one has {length}"
    return ""
