"""Records as WordPress has them, and a post that is read from one."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from bot.domain.models import Post
from bot.wordpress.parse import record

AT = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
LINK = "https://site.example/hello/"
ROW: dict[str, Any] = {
    "id": 7,
    "date": "2026-06-01T12:00:00",
    "date_gmt": "2026-06-01T10:00:00",
    "modified_gmt": "2026-06-01T10:00:00",
    "link": LINK,
    "title": {"rendered": "Hello &#038; you"},
    "status": "publish",
    "type": "post",
    "share_on_mastodon": {"url": "https://mastodon.example/@a/1", "error": ""},
}
FULL = "https://site.example/wp-content/a.jpg"
MEDIA: dict[str, Any] = {
    "id": 8,
    "media_type": "image",
    "mime_type": "image/jpeg",
    "alt_text": " A kite ",
    "source_url": FULL,
    "media_details": {
        "width": 1200,
        "height": "800",
        "sizes": {
            "medium": {"source_url": f"{FULL}-300", "width": 300, "height": 200, "mime_type": "image/jpeg"},
            "full": {"source_url": FULL, "width": 1200, "height": 800, "mime_type": "image/jpeg"},
            "broken": [],
            "relative": {"source_url": "/a.jpg", "width": 1, "height": 1},
        },
    },
}
# Any value of JSON.
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("2026-06-01T10:00:00"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def read(**fields: Any) -> Post:
    """A post from a record with these fields."""
    return record({"id": 7, **fields}).post
