"""A person's part in signing in on the sandbox's Mastodon."""

from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx


def approve(address: str, *, username: str) -> str:
    """Do what a person does with the address that a log-in printed: sign in, agree. Returns the code."""
    fields = dict(parse_qsl(urlsplit(address).query)) | {"username": username, "decision": "allow"}
    answer = httpx.post(address.partition("?")[0], data=fields)
    [code] = parse_qs(urlsplit(answer.headers["location"]).query)["code"]
    return code
