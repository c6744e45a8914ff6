"""What the API is, as an OpenAPI 3.1 document."""

from collections.abc import Collection
from typing import Any

from bot import __version__
from bot.domain.models import State

_Json = dict[str, Any]

_DONE = {"200": "It is done.", "202": "It is queued, and sent in a moment."}


def document() -> _Json:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "howdah",
            "version": __version__,
            "description": "WordPress posts on Mastodon: what became of each, and what to do about it.",
        },
        "security": [{"password": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {
                "password": {"type": "http", "scheme": "basic", "description": "Any user name, and the password."}
            },
            "schemas": _schemas(),
        },
    }


def request_fields(schema: str) -> Collection[str]:
    """The fields that a request may have."""
    fields: _Json = _requests()[schema]["properties"]
    return fields.keys()


def _paths() -> _Json:
    return {
        "/api/v1/status": {"get": _get("status", "How it stands with everything", "Status")},
        "/api/v1/sites": {"get": _get("sites", "Every site", "Sites")},
        "/api/v1/accounts": {"get": _get("accounts", "Every account", "Accounts")},
        "/api/v1/shares": {
            "get": _get("shares", "Shares, newest first", "Shares", "400", parameters=_filters()),
            "post": _change("share", "Ask for a post to be shared", "Request", code="202"),
        },
        "/api/v1/shares/retry": {
            "post": _change(
                "retry", "Let failed, held or skipped shares go; held ones are released", "Retry", code="202"
            )
        },
        "/api/v1/shares/skip": {"post": _change("skip", "Drop shares that are not to be", "Skip", code="200")},
        "/api/v1/shares/boost": {
            "post": _change(
                "boost", "Boost the status that a post has become, instead of a new one", "Boost", code="200"
            )
        },
        "/api/v1/sites/{site}/posts/{post_id}": {
            "get": _get(
                "post",
                "A post as WordPress shows it",
                "Post",
                "404",
                parameters=[
                    _parameter("site", {"type": "string", "minLength": 1}, place="path"),
                    _parameter("post_id", {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}, place="path"),
                ],
            )
        },
    }


def _get(name: str, summary: str, schema: str, *errors: str, parameters: list[_Json] | None = None) -> _Json:
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters or [],
        "responses": {"200": _answer("The answer.", schema)} | _errors(*errors),
    }


def _change(name: str, summary: str, schema: str, *, code: str) -> _Json:
    """A change by JSON. code: 202 where what is asked for is done after the answer."""
    return {
        "operationId": name,
        "summary": summary,
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref(schema)}}},
        "responses": {code: _answer(_DONE[code], "Decided")} | _errors("400", "403", "404", "409", "413", "415", "502"),
    }


def _errors(*codes: str) -> _Json:
    """Those that each answer may be, and these."""
    return {code: _answer("Why not, and what to do.", "Error") for code in sorted({*codes, "401", "429", "503"})}


def _answer(words: str, schema: str) -> _Json:
    return {"description": words, "content": {"application/json": {"schema": _ref(schema)}}}


def _filters() -> list[_Json]:
    return [
        _parameter("limit", {"type": "integer", "minimum": 1, "maximum": 500, "default": 50}),
        _parameter("after", {"type": "string", "pattern": "^[0-9]{1,14}-[0-9]{1,18}$"}),
        _parameter("state", {"type": "string", "enum": [str(state) for state in State]}),
        _parameter("site", {"type": "string"}),
        _parameter("account", {"type": "string"}),
        _parameter("search", {"type": "string"}),
    ]


def _parameter(name: str, schema: _Json, *, place: str = "query") -> _Json:
    return {"name": name, "in": place, "required": place == "path", "schema": schema}


def _ref(name: str) -> _Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(**properties: _Json) -> _Json:
    """Every property is always there."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def _asked(**properties: _Json) -> _Json:
    """What may be asked for, and nothing else."""
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _either(*names: str) -> _Json:
    """At least one of them, and a flag only as true."""
    flags = {name: {"properties": {name: {"const": True}}} for name in names if name != "post"}
    return {"anyOf": [{"required": [name]} | flags.get(name, {}) for name in names]}


_TEXT: _Json = {"type": "string"}
_WITHOUT_NUL: _Json = {"pattern": r"^[^\u0000]*$"}
_POST: _Json = _WITHOUT_NUL | {
    "type": "string",
    "minLength": 1,
    "maxLength": 2000,
    "description": "SITE/ID, an ID where there is one site, or a URL.",
}
_NAME: _Json = _WITHOUT_NUL | {"type": ["string", "null"], "maxLength": 200}
_FLAG: _Json = {"type": "boolean", "default": False}
_NUMBER: _Json = {"type": "integer"}
_INSTANT: _Json = {"type": ["string", "null"], "format": "date-time"}
_TEXTS: _Json = {"type": "array", "items": _TEXT}
_OUTCOME: _Json = _object(url=_TEXT, error=_TEXT)


def _list(name: str, schema: str) -> _Json:
    """A page of things. next: the key to go on with, null where there are no more."""
    items: _Json = {"type": "array", "items": _ref(schema)}
    return _object(**{name: items}, next={"type": ["string", "null"]})


def _schemas() -> _Json:
    error = {"Error": _object(error=_object(code=_TEXT, message=_TEXT, next=_TEXT))}
    return _shares() | _standings() | _requests() | error


def _shares() -> _Json:
    """What became of posts."""
    return {
        "Share": _object(
            site=_TEXT,
            post_id={"type": ["integer", "null"], "description": "null where the site gave none, in a feed."},
            link=_TEXT,
            title=_TEXT,
            account=_TEXT,
            number=_NUMBER,
            state={"type": "string", "enum": [str(state) for state in State]},
            share_on_mastodon=_OUTCOME,
            attempts=_NUMBER,
            next_attempt_at=_INSTANT,
            created_at=_INSTANT,
            updated_at=_INSTANT,
        ),
        "Shares": _list("shares", "Share"),
        "Decided": _object(
            shares={"type": "array", "items": _ref("Share")},
            refused=_TEXTS | {"description": "Why others of them were left as they are."},
            next={"type": "null"},
        ),
        "Post": _object(id=_NUMBER, link=_TEXT, share_on_mastodon=_OUTCOME),
    }


def _standings() -> _Json:
    """How it stands with sites, accounts, and everything."""
    return {
        "Site": _object(
            site=_TEXT,
            root=_TEXT,
            looked_at=_INSTANT,
            next_look_at=_INSTANT,
            failures=_NUMBER,
            error=_TEXT,
            paused_until=_INSTANT,
            pause_reason=_TEXT,
        ),
        "Sites": _list("sites", "Site"),
        "Account": _object(
            account=_TEXT,
            paused_until=_INSTANT,
            pause_reason=_TEXT,
            statuses_left=_NUMBER,
            statuses_reset_at=_INSTANT,
            max_characters={"type": ["integer", "null"]},
            waiting=_NUMBER,
            last_at=_INSTANT,
            held_up_by=_TEXTS,
            waits_for={"anyOf": [_ref("Share"), {"type": "null"}]},
        ),
        "Accounts": _list("accounts", "Account"),
        "Status": _object(
            ok={"type": "boolean"},
            sites={"type": "array", "items": _ref("Site")},
            accounts={"type": "array", "items": _ref("Account")},
            shares={"type": "object", "additionalProperties": _NUMBER},
            oldest_pending={"anyOf": [_ref("Share"), {"type": "null"}]},
            needs_person=_TEXTS,
            at_work={"type": "boolean"},
        ),
    }


def _requests() -> _Json:
    """What may be asked for."""
    return {
        "Request": _asked(
            post=_POST,
            account=_NAME | {"description": "Else all of the site's."},
            again=_FLAG | {"description": "Once more, though it is shared already."},
            after={
                "type": ["integer", "null"],
                "minimum": 0,
                "maximum": 1_000_000,
                "description": "With `again`: the number of the newest share that you know of. Where there is a newer "
                "one none is added, so that asking twice is safe.",
            },
            text=_WITHOUT_NUL
            | {"type": ["string", "null"], "maxLength": 10_000, "description": "In place of the template's."},
        )
        | {"required": ["post"]},
        "Retry": _asked(post=_POST, failed=_FLAG, held=_FLAG, site=_NAME, account=_NAME)
        | _either("post", "failed", "held"),
        "Skip": _asked(post=_POST, held=_FLAG, site=_NAME, account=_NAME) | _either("post", "held"),
        "Boost": _asked(post=_POST, account=_NAME | {"description": "Else all of the site's."})
        | {"required": ["post"]},
    }
