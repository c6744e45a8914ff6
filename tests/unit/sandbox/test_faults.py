"""Faults on demand."""

import http.client
import random
import threading

import pytest

from bot.sandbox.faults import Fault, LoseAnswer
from bot.sandbox.mastodon import SandboxMastodon
from tests.sandbox.faults import (
    Change,
    CloseAfter,
    CutBefore,
    Delay,
    Drip,
    Garble,
    Hang,
    Headers,
    Html,
    Redirect,
    Replace,
    Shorten,
    Sometimes,
    Status,
    Truncate,
    WorkThen,
)
from tests.sandbox.wordpress import EditableWordPress
from tests.unit.sandbox.client import Reply, call

POSTS = "*/wp/v2/posts*"


def _list(site: EditableWordPress) -> Reply:
    return call(site.api_root + "wp/v2/posts")


def _publish(instance: SandboxMastodon, token: str, text: str = "Hello") -> Reply:
    return call(instance.url + "/api/v1/statuses", "POST", form={"status": text}, token=token)


@pytest.mark.parametrize("fault", [LoseAnswer(), WorkThen(CutBefore())])
def test_a_lost_answer_leaves_the_work_done(instance: SandboxMastodon, token: str, fault: Fault) -> None:
    """The status exists although the client heard nothing."""
    instance.faults.add(match="POST /api/v1/statuses", fault=fault)

    with pytest.raises(http.client.RemoteDisconnected):
        _publish(instance, token)

    assert ["Hello"] == [status.text for status in instance.statuses]


def test_a_cut_before_the_work_leaves_nothing(instance: SandboxMastodon, token: str) -> None:
    """Nothing is done, and the next request fares well again."""
    instance.faults.add(match="POST /api/v1/statuses", fault=CutBefore(), times=1)

    with pytest.raises(http.client.RemoteDisconnected):
        _publish(instance, token)

    assert [] == instance.statuses
    assert 200 == _publish(instance, token).status


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Status(503, headers={"Retry-After": "600"}), (503, "application/json", '{"error":"Fault 503"}')),
        (Status(500, "<h1>Oops</h1>"), (500, "text/html", "<h1>Oops</h1>")),
        (Status(502, b"\x00"), (502, "", "\x00")),
        (Status(401, {"code": "rest_disabled"}), (401, "application/json", '{"code":"rest_disabled"}')),
        (Html("<p>wait</p>"), (200, "text/html", "<p>wait</p>")),
        (Replace([]), (200, "application/json", "[]")),
        (Redirect(302, "/elsewhere"), (302, "", "")),
    ],
)
def test_answers_instead_of_the_work(
    instance: SandboxMastodon, token: str, fault: Fault, expected: tuple[int, str, str]
) -> None:
    """The fault answers, and nothing is published."""
    instance.faults.add(match="POST /api/v1/statuses", fault=fault)

    reply = _publish(instance, token)

    assert expected == (reply.status, (reply.headers["Content-Type"] or "").partition(";")[0], reply.text())
    assert [] == instance.statuses


def test_headers_of_a_fault_are_sent(site: EditableWordPress) -> None:
    """A redirect names its goal, a 503 when to come again."""
    site.faults.add(match="GET /a", fault=Redirect(301, "http://127.0.0.1:1/"))
    site.faults.add(match="GET /b", fault=Status(503, headers={"Retry-After": "600"}))

    assert "http://127.0.0.1:1/" == call(site.url + "/a").headers["Location"]
    assert "600" == call(site.url + "/b").headers["Retry-After"]


def test_work_then_an_error(instance: SandboxMastodon, token: str) -> None:
    """A 500 after the status was made."""
    instance.faults.add(match="POST /api/v1/statuses", fault=WorkThen(Status(500)))

    assert 500 == _publish(instance, token).status
    assert 1 == len(instance.statuses)


def test_bodies_that_are_not_whole(site: EditableWordPress) -> None:
    """A truncated body breaks off, a shortened one claims to be whole, a garbled one is wrapped."""
    site.faults.add(match="GET /a", fault=Truncate(5))
    site.faults.add(match="GET /b", fault=Shorten(5))
    site.faults.add(match=f"GET {POSTS}", fault=Garble(prefix="<b>Warning</b>\n", suffix="<!-- cached -->"))

    with pytest.raises(http.client.IncompleteRead):
        call(site.url + "/a")

    assert b"<!DOC" == call(site.url + "/b").body
    assert "<b>Warning</b>\n[]<!-- cached -->" == _list(site).text()


def test_other_headers_and_other_json(site: EditableWordPress) -> None:
    """Headers can be dropped and set, JSON can be changed on its way."""
    site.publish(title="One")
    rule = site.faults.add(match=POSTS, fault=Headers(set={"Age": "7200"}, drop=("x-wp-total",)))
    stale = _list(site)
    site.faults.remove(rule)
    site.faults.add(match=POSTS, fault=Change(lambda posts: [post["id"] for post in posts]))

    assert ("7200", None) == (stale.headers["Age"], stale.headers["X-WP-Total"])
    assert [1] == _list(site).json()


def test_a_connection_closed_without_notice(site: EditableWordPress) -> None:
    """The answer is right; the next request on the connection finds nobody."""
    site.faults.add(fault=CloseAfter())
    connection = http.client.HTTPConnection(site.origin.removeprefix("http://"), timeout=20)
    connection.request("GET", "/")
    answer = connection.getresponse()

    assert (200, None) == (answer.status, answer.headers["Connection"])
    answer.read()
    with pytest.raises(ConnectionError):
        _again(connection)
    connection.close()


def _again(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/")
    connection.getresponse()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_delay_until_an_event(instance: SandboxMastodon, token: str, when: str) -> None:
    """The answer comes once the event is set; the work is done before or after it."""
    released, arrived, done = threading.Event(), threading.Event(), threading.Event()
    fault = Delay(released, "before") if when == "before" else Delay(released, "after")
    instance.faults.add(match="POST /api/v1/statuses", fault=fault)
    instance.on_request = lambda _: arrived.set()
    replies: list[int] = []

    def publish() -> None:
        replies.append(_publish(instance, token).status)
        done.set()

    thread = threading.Thread(target=publish)
    thread.start()
    assert arrived.wait(20)
    assert not done.is_set()
    if when == "before":
        assert [] == instance.statuses
    released.set()
    thread.join()

    assert ([200], 1) == (replies, len(instance.statuses))


def test_a_short_delay_and_a_drip(site: EditableWordPress) -> None:
    """Seconds work as well as events; a dripping body is whole in the end."""
    site.faults.add(match="GET /a", fault=Delay(0.001))
    site.faults.add(match=POSTS, fault=Drip(0.001))

    assert 404 == call(site.url + "/a").status
    assert [] == _list(site).json()


@pytest.mark.parametrize("fault", [Hang(), Delay(threading.Event()), Delay(60), Drip(60)])
def test_stopping_ends_what_hangs(fault: Fault) -> None:
    """A held request is cut when the server stops."""
    arrived = threading.Event()
    site = EditableWordPress(on_request=lambda _: arrived.set()).start()
    site.faults.add(fault=fault)
    failures: list[BaseException] = []

    def ask() -> None:
        with pytest.raises((http.client.HTTPException, ConnectionError)) as caught:
            _list(site)
        failures.append(caught.value)

    thread = threading.Thread(target=ask)
    thread.start()
    assert arrived.wait(20)
    site.stop()
    thread.join()

    assert 1 == len(failures)


def test_stopping_ends_a_drip() -> None:
    """The headers are there, the body never comes: the end of the server is the end of it."""
    site = EditableWordPress().start()
    site.faults.add(fault=Drip(60))
    connection = http.client.HTTPConnection(site.origin.removeprefix("http://"), timeout=20)
    connection.request("GET", "/")
    answer = connection.getresponse()
    site.stop()

    with pytest.raises(http.client.IncompleteRead):
        answer.read()
    connection.close()


def test_a_hanging_request_can_be_let_go(site: EditableWordPress) -> None:
    """Once released, it is cut."""
    released = threading.Event()
    released.set()
    site.faults.add(fault=Hang(released))

    with pytest.raises(http.client.RemoteDisconnected):
        _list(site)


def _statuses(site: EditableWordPress, number: int) -> list[int]:
    return [call(site.url + "/").status for _ in range(number)]


def test_how_often(site: EditableWordPress) -> None:
    """Times and skip choose among the fitting requests; clear ends it all."""
    rule = site.faults.add(fault=Status(500), times=2, skip=1)

    assert [200, 500, 500, 200, 200] == _statuses(site, 5)
    assert 2 == rule.fired

    site.faults.add(fault=Status(500))
    site.faults.clear()
    assert [200] == _statuses(site, 1)


def test_probability_is_seeded(site: EditableWordPress) -> None:
    """The same seed gives the same faults."""
    expected = random.Random(3)
    site.faults.add(fault=Sometimes(Status(500), 0.5, random.Random(3)))

    assert [500 if expected.random() < 0.5 else 200 for _ in range(8)] == _statuses(site, 8)


def test_which_requests(site: EditableWordPress) -> None:
    """A match may name method, path and query; without a method it is any."""
    site.faults.add(match="/a", fault=Status(501))
    site.faults.add(match="HEAD /b", fault=Status(502))
    site.faults.add(match="GET /c?page=2*", fault=Status(503))

    replies = [call(site.url + path, method).status for path, method in (("/a", "PUT"), ("/b", "GET"), ("/b", "HEAD"))]
    assert [501, 404, 502] == replies
    assert [404, 503] == [call(site.url + path).status for path in ("/c?page=1", "/c?page=2&x")]
