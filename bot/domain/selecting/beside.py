"""Living beside the plugin Share on Mastodon: its author's box, and the time that it may take."""

from datetime import datetime, timedelta

from bot.domain.models import Post
from bot.domain.policy import Plugin, SitePolicy

# While a post is being saved the plugin uploads up to four images and publishes, each within 15 seconds.
PLUGIN_TIME = timedelta(seconds=90)
# The plugin's box reads "0" on every older post, whatever its author chose.
_BOX_LASTS = timedelta(minutes=30)
_UNTICKED = "0"


def refused_by_box(policy: SitePolicy, post: Post, *, now: datetime) -> str:
    """Why a new post isn't shared by its author's own choice; '' where it may be."""
    fresh = post.published_at is not None and now - post.published_at < _BOX_LASTS
    if policy.plugin is Plugin.IGNORE or post.share_box != _UNTICKED or not fresh:
        return ""
    return "its author left the box of Share on Mastodon unticked"


def may_be_under_way(policy: SitePolicy, post: Post) -> bool:
    """Whether the plugin may be publishing this post, or have published it without hearing so."""
    return policy.plugin is not Plugin.IGNORE and post.share_field and not post.share_url
