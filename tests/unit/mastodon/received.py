"""Answers as an instance gives them, and who interprets them."""

import json
from datetime import UTC, datetime
from typing import Any

from requests.structures import CaseInsensitiveDict

from bot.mastodon.interpret import Interpreter
from bot.mastodon.results import Response

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
TOKEN = "s3cret-t0ken"
INSTANCE = Interpreter(host="social.example", token=TOKEN)
STATUS = {"id": "7", "url": "https://social.example/@uk/7", "created_at": "2026-03-14T11:59:59.500Z"}


def received(status: int, body: Any = None, **headers: str) -> Response:
    """An answer with this JSON."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status=status, body=json.dumps(body).encode(), headers=CaseInsensitiveDict(named))
