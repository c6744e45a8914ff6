"""What an instance really says, and strategies for what it may say instead."""

from typing import Any

from hypothesis import strategies as st

from bot.sandbox.messages import Answer
from tests.hostile.mangling import ODD_HEADERS, REFUSAL, dumped, mangled, mangled_bytes

LINK = "https://news.example/7/"
ACCOUNT = {"id": "1", "username": "uk", "acct": "uk", "url": "https://social.example/@uk", "locked": False}
CARD = {"url": LINK, "title": "Seven", "type": "link"}
STATUS: dict[str, Any] = {
    "id": "113",
    "uri": "https://social.example/users/uk/statuses/113",
    "url": "https://social.example/@uk/113",
    "created_at": "2026-11-22T15:00:00.000Z",
    "content": f'<p>Seven</p><p><a href="{LINK}">news.example/7/</a></p>',
    "card": CARD,
    "reblog": None,
    "in_reply_to_id": None,
    "account": ACCOUNT,
}
MEDIA = {"id": "22", "type": "image", "url": "https://social.example/a.png", "meta": {"small": {"width": 1}}}
INSTANCE: dict[str, Any] = {
    "domain": "social.example",
    "version": "4.3.0",
    "configuration": {
        "statuses": {"max_characters": 500, "max_media_attachments": 4, "characters_reserved_per_url": 23},
        "media_attachments": {
            "supported_mime_types": ["image/png", "image/jpeg"],
            "description_limit": 1500,
            "image_size_limit": 16_777_216,
            "image_matrix_limit": 33_177_600,
        },
    },
}
LINKS = {"links": [{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.0", "href": "/nodeinfo/2.0"}]}
NODEINFO = {"version": "2.0", "software": {"name": "mastodon", "version": "4.3.0"}}
ENTITIES = (STATUS, MEDIA, ACCOUNT, INSTANCE, LINKS, NODEINFO, [STATUS, STATUS | {"id": "112"}], REFUSAL)

CODES = st.sampled_from([200] * 6 + [201, 202, 204, 206, 302, 400, 401, 403, 404, 408, 422, 429, 500, 503, 599])
BODIES = st.one_of(
    st.sampled_from(ENTITIES).map(dumped),
    st.sampled_from(ENTITIES).flatmap(mangled).map(dumped),
    st.sampled_from(ENTITIES).map(dumped).flatmap(mangled_bytes),
)
ANSWERS = st.builds(
    lambda code, body, headers: Answer(status=code, body=body, headers=tuple(headers.items())),
    CODES,
    BODIES,
    ODD_HEADERS,
)
