"""The API against its own OpenAPI document: whatever is asked, the answer is one that the document describes."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import ignored_auth

from bot.web.openapi import document
from bot.web.server import Server
from tests.unit.crosspost.stage import Stage
from tests.unit.web.visitor import Visit, basic

# ignored_auth asks without the password and then gives it all the same, as it is told to: unit tests ask without.
SCHEMA = schemathesis.openapi.from_dict(document())
OPERATIONS = [
    (path, method) for path, methods in document()["paths"].items() for method in methods if method in ("get", "post")
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The API over a stage with a few shares, on loopback."""
    stage = Stage()
    stage.first_look()
    for number in range(3):
        stage.shared(f"Post {number}")
    visit = Visit(stage)
    server = Server(visit.app, host="127.0.0.1", port=0)
    server.start()
    yield "http://{}:{}".format(*server.address)
    server.stop()


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_is_described(address: str, path: str, method: str) -> None:
    """Right questions and wrong ones."""
    operation = SCHEMA[path][method.upper()]

    @settings(max_examples=30, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        case.call_and_validate(base_url=address, headers=basic(), excluded_checks=[ignored_auth])

    ask()
