"""The values that travel through the context, all frozen.

Instants are timezone-aware and in UTC. Ids of posts are integers, unique only within their site; ids of statuses and
media are opaque strings. Field names are those of the WordPress REST API and the Mastodon client API.
"""

from bot.domain.models.memory import DELAYS, FOREVER, AccountState, Cause, Day, ReadBack, SiteState
from bot.domain.models.posts import (
    LARGEST_ID,
    Image,
    ImageSize,
    ListedPost,
    Look,
    MediaFile,
    Post,
    SiteInfo,
    Term,
    post_id_in,
)
from bot.domain.models.shares import Asked, Attempt, DueWrite, Followed, PageKey, Share, ShareField, SharePage, State
from bot.domain.models.statuses import (
    Anchor,
    Carrier,
    FoundStatus,
    Limits,
    Listing,
    MediaState,
    OwnStatus,
    Profile,
    RateLimit,
    Status,
    StatusPage,
)

__all__ = [
    "DELAYS",
    "FOREVER",
    "LARGEST_ID",
    "AccountState",
    "Anchor",
    "Asked",
    "Attempt",
    "Carrier",
    "Cause",
    "Day",
    "DueWrite",
    "Followed",
    "FoundStatus",
    "Image",
    "ImageSize",
    "Limits",
    "ListedPost",
    "Listing",
    "Look",
    "MediaFile",
    "MediaState",
    "OwnStatus",
    "PageKey",
    "Post",
    "Profile",
    "RateLimit",
    "ReadBack",
    "Share",
    "ShareField",
    "SharePage",
    "SiteInfo",
    "SiteState",
    "State",
    "Status",
    "StatusPage",
    "Term",
    "post_id_in",
]
