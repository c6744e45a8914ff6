"""What travels between a client and the sandbox: requests, answers, uploads."""

import json
import re
import urllib.parse
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file of a multipart form."""

    name: str
    filename: str
    content_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A request as the tests look at it later.

    path is percent-decoded, query the raw text after "?". headers have lower-case names. form holds the fields of a
    form, a multipart form or a JSON object, names as they were sent ("media_ids[]"). connection counts the server's
    connections from 1: two requests with the same number came over one connection.
    """

    method: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    body_size: int = 0
    form: dict[str, list[str]] = field(default_factory=dict, repr=False)
    connection: int = 0

    @property
    def params(self) -> dict[str, list[str]]:
        """The query, decoded."""
        return urllib.parse.parse_qs(self.query, keep_blank_values=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as the sandbox works on it. fields are the body's form fields in the order they came."""

    method: str
    path: str
    query: str = ""
    params: dict[str, list[str]]
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    fields: Pairs = field(default=(), repr=False)
    files: tuple[Upload, ...] = ()
    connection: int = 0

    def header(self, name: str) -> str:
        """A header by its lower-case name; '' where it is absent."""
        return self.headers.get(name, "")

    def param(self, name: str, default: str = "") -> str:
        """A parameter of the query, the last one where it was sent twice, as PHP takes it."""
        return self.params.get(name, [default])[-1]

    def values(self, name: str) -> list[str]:
        """Every value of a list that was sent as `name[]=…`, `name[0]=…` or `name=…`, in the body or the query."""
        wanted = re.compile(rf"{re.escape(name)}(\[\d*\])?\Z")
        sent = [value for key, value in self.fields if wanted.match(key)]
        return sent or [value for key, found in self.params.items() if wanted.match(key) for value in found]

    def value(self, name: str) -> str | None:
        """A single value from the body or the query; None where it was not sent."""
        found = self.values(name)
        return found[-1] if found else None

    def recorded(self) -> Recorded:
        """What is remembered of the request."""
        form: dict[str, list[str]] = {}
        for key, value in self.fields:
            form.setdefault(key, []).append(value)
        return Recorded(
            method=self.method,
            path=self.path,
            query=self.query,
            headers=self.headers,
            body_size=len(self.body),
            form=form,
            connection=self.connection,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer.

    sent: how many bytes of the body really leave before the connection is cut; None for all of them. close: the
    connection is closed afterwards without having been announced. pace: seconds to wait before each further byte.
    """

    status: int = 200
    body: bytes = field(default=b"", repr=False)
    headers: Pairs = ()
    sent: int | None = None
    close: bool = False
    pace: float = 0.0

    def header(self, name: str) -> str:
        """A header of the answer; '' where it is absent."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


def json_answer(value: Any, *, status: int = 200, headers: Iterable[tuple[str, str]] = ()) -> Answer:
    """An answer in JSON."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status=status, body=body, headers=(("Content-Type", "application/json; charset=utf-8"), *headers))


def html_answer(text: str, *, status: int = 200, headers: Iterable[tuple[str, str]] = ()) -> Answer:
    """A page for a browser."""
    return Answer(status=status, body=text.encode(), headers=(("Content-Type", "text/html; charset=UTF-8"), *headers))


def read_body(content_type: str, body: bytes) -> tuple[Pairs, tuple[Upload, ...]]:
    """The fields and files of a body: urlencoded, multipart, or a JSON object. Others have neither."""
    kind, _, rest = content_type.partition(";")
    match kind.strip().lower():
        case "application/x-www-form-urlencoded":
            return tuple(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True)), ()
        case "application/json":
            return _json_fields(body), ()
        case "multipart/form-data":
            return _multipart(rest, body)
        case _:
            return (), ()


def _json_fields(body: bytes) -> Pairs:
    """A JSON object as the form that Rails would have read the same from."""
    try:
        value = json.loads(body)
    except ValueError:
        return ()
    return tuple(_flat("", value)) if isinstance(value, dict) else ()


def _flat(name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [pair for key, inner in value.items() for pair in _flat(f"{name}[{key}]" if name else key, inner)]
    if isinstance(value, list):
        return [pair for inner in value for pair in _flat(f"{name}[]", inner)]
    if value is None:
        return []
    return [(name, json.dumps(value) if isinstance(value, bool) else str(value))]


def _multipart(parameters: str, body: bytes) -> tuple[Pairs, tuple[Upload, ...]]:
    boundary = re.search(r'boundary="?([^";]+)', parameters)
    if boundary is None:
        return (), ()
    fields: list[tuple[str, str]] = []
    files: list[Upload] = []
    for part in body.split(b"--" + boundary[1].encode())[1:-1]:
        head, _, data = part.removeprefix(b"\r\n").removesuffix(b"\r\n").partition(b"\r\n\r\n")
        heading = head.decode()
        name = _of_heading(r'\bname="([^"]*)"', heading)
        if re.search(r"\bfilename", heading) is None:
            fields.append((name, data.decode()))
            continue
        files.append(
            Upload(
                name=name,
                filename=_of_heading(r'\bfilename="([^"]*)"', heading),
                content_type=_of_heading(r"(?i)^content-type:\s*(\S+)", heading),
                data=data,
            )
        )
    return tuple(fields), tuple(files)


def _of_heading(pattern: str, heading: str) -> str:
    found = re.search(pattern, heading, re.MULTILINE)
    return found[1] if found else ""
