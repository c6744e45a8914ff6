"""What membership plugins show of a post to whoever is no member."""

import re

# What membership plugins put in the place of a text that isn't for everybody.
_WALL = re.compile(
    r"class=[\"'][^\"'<>]{0,200}(?:jetpack-paywall|mepr-unauthorized|pmpro_content_message|members-access-error|"
    r"rcp[-_]restricted|swpm-login-required|wc-memberships-restriction-message|paid-member|"
    r"leaky[-_]paywall|(?<![\w-])paywall)",
    re.IGNORECASE,
)
# So many letters tell whose words an excerpt begins with.
_OPENING = 30
# A notice has at most so many letters; what is longer is a text, also where a theme calls what is around it a wall.
_NOTICE = 600


def shows_only_notice(content: str, excerpt: str) -> bool:
    """Whether a post (HTML) shows nothing but the wall that its members pass.

    The wall may stand in the excerpt too, and where there is no other, WordPress makes one of the wall's words.
    """
    if _WALL.search(excerpt) is None and _WALL.search(content) is None:
        return False
    from bot.domain.text.html import plain  # takes a while to load: only where it decides

    def begins(html: str) -> bool:
        """Whether the wall is the first thing that it shows."""
        wall = _WALL.search(html)
        return wall is not None and not plain(html[: max(html.rfind("<", 0, wall.start()), 0)])

    shown, words = ("".join(plain(html).split()) for html in (excerpt, content))
    opening = shown.rstrip("[].…")[:_OPENING]
    if begins(excerpt):
        return len(shown) <= _NOTICE
    return len(words) <= _NOTICE and (not opening or (begins(content) and words.startswith(opening)))
