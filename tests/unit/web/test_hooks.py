"""The webhook: what a site may say, and what it is answered."""

import json
from datetime import timedelta
from typing import Any

import pytest
from httpx import Response

from bot.crosspost.events import listening
from bot.domain.notices import MOST_BYTES, TOLERANCE, KeptNotice, Notice
from bot.web.routes import hooks
from tests.makers import SECOND
from tests.unit.domain.test_notices import KEY, signed
from tests.unit.web.visitor import Visit, basic

PATH = "/hooks/wordpress/uk"


@pytest.fixture
def visit() -> Visit:
    """A site with a secret."""
    return Visit(hook_key=lambda site: KEY if site == "uk" else None)


def send(visit: Visit, body: bytes = b'{"post_id": 7}', *, path: str = PATH, **how: Any) -> Response:
    """Send a notice, signed now unless told."""
    headers = signed(body, **{"at": visit.stage.clock.now(), **how})
    return visit.client.post(path, content=body, headers=headers)


def kept(visit: Visit) -> list[Notice]:
    """The notices in the store."""
    return [kept.notice for kept in visit.stage.store.open_notices(["uk"], limit=9)]


def test_a_notice_is_taken_down(visit: Visit) -> None:
    """202, and whoever works on notices is told, without the password."""
    told: list[KeptNotice] = []
    visit.stage.context.inbox.connect(told.append)

    answer = send(visit)

    assert 202 == answer.status_code
    assert [Notice(id="msg_1", post_id=7)] == kept(visit)
    assert [KeptNotice(site="uk", notice=Notice(id="msg_1", post_id=7), since=visit.stage.clock.now())] == told


def test_a_repeated_id_changes_nothing(visit: Visit) -> None:
    """202 all the same: the site has done its part."""
    told: list[KeptNotice] = []
    visit.stage.context.inbox.connect(told.append)
    answers = [send(visit), send(visit, b'{"post_id": 8, "again": true}')]

    assert [202, 202] == [answer.status_code for answer in answers]
    assert [Notice(id="msg_1", post_id=7)] == kept(visit)
    assert 1 == len(told)


def test_notices_are_counted(visit: Visit) -> None:
    """By what came of them, for /metrics."""
    with listening(visit.process.counters.count):
        send(visit)
        send(visit)
        send(visit, key=b"another key")
        send(visit, b"nonsense", sent="msg_2")
    lines = visit.client.get("/metrics", headers=basic()).text.splitlines()

    for outcome in ("accepted", "repeated", "forged", "unreadable"):
        assert f'howdah_notices_total{{outcome="{outcome}",site="uk"}} 1.0' in lines


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ({"key": b"another key of twenty-four"}, 401, "forged"),
        ({"sent": ""}, 401, "forged"),
        ({"body": b"{"}, 400, "unreadable"),
        ({"body": b'{"post_id": "7"}'}, 400, "unreadable"),
        ({"path": "/hooks/wordpress/de"}, 404, "not_found"),
        ({"path": "/hooks/wordpress/none"}, 404, "not_found"),
        ({"body": b" " * (MOST_BYTES + 1)}, 413, "too_large"),
    ],
)
def test_what_is_refused(visit: Visit, how: dict[str, Any], status: int, code: str) -> None:
    """With a word for programs, and nothing is kept."""
    answer = send(visit, **how)

    assert (status, code) == (answer.status_code, answer.json()["error"]["code"])
    assert [] == kept(visit)


@pytest.mark.parametrize("off", [TOLERANCE + 2 * SECOND, -TOLERANCE - 2 * SECOND])
def test_one_of_another_time_is_refused(visit: Visit, off: timedelta) -> None:
    """However well it is signed: somebody may have kept it."""
    answer = send(visit, at=visit.stage.clock.now() + off)

    assert (401, "stale") == (answer.status_code, answer.json()["error"]["code"])


def test_a_flood_is_slowed_down(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many open notices are no editors at work."""
    monkeypatch.setattr(hooks, "MOST_OPEN", 2)
    answers = [send(visit, sent=f"msg_{number}") for number in range(3)]

    assert [202, 202, 429] == [answer.status_code for answer in answers]
    assert answers[-1].headers["retry-after"]


def test_it_takes_nothing_else(visit: Visit) -> None:
    """A GET is no notice."""
    assert 405 == visit.client.get(PATH).status_code


def test_the_secret_is_in_no_answer(visit: Visit) -> None:
    """Whatever was sent."""
    answer = send(visit, key=b"another key of twenty-four")

    assert KEY.decode() not in json.dumps(answer.json())
