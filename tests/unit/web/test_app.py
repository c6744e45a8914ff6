"""What holds for every path: bounds, headers, errors, and that nothing is open by mistake."""

import logging
from collections.abc import AsyncIterator

import pytest
from starlette.responses import Response

from bot.crosspost.events import Event, listening
from bot.crosspost.events.process import RequestCrashed
from bot.errors import RefusedError, StoreError
from bot.web.calls import Access, Call, Path
from bot.web.routes import PATHS
from tests.unit.web.visitor import HTML, Visit, basic

OPEN = {"/hooks/wordpress/{site}", "/static/{name}", "/healthz", "/readyz", "/login"}


def test_nothing_is_open_but_what_is_meant_to_be() -> None:
    """A new path asks for the password unless it is named here; one that signs its calls is open to everyone."""
    assert OPEN == {path.path for path in PATHS if path.access is Access.ANYONE}


@pytest.mark.parametrize("path", ["/", "/login", "/healthz", "/static/style.css", "/no/such"])
def test_every_answer_is_guarded(path: str) -> None:
    """Nothing from elsewhere is loaded, nothing of ours is framed, guessed at or told on."""
    headers = Visit().client.get(path).headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "nosniff" == headers["x-content-type-options"]
    assert "DENY" == headers["x-frame-options"]
    assert "no-referrer" == headers["referrer-policy"]


def test_what_is_private_is_kept_by_nobody() -> None:
    """No cache keeps a page; the page's own style is kept."""
    visit = Visit()
    visit.sign_in()

    assert "no-store" == visit.get("/").headers["cache-control"]
    assert "public" in visit.get("/static/style.css").headers["cache-control"]


async def pieces() -> AsyncIterator[bytes]:
    """A body whose length isn't said before."""
    for _ in range(2):
        yield b"x" * 40_000


class TestBounds:
    """Nobody can send more than is wanted."""

    def test_a_body(self) -> None:
        """Too much is refused, whether its length was said or not."""
        visit = Visit()

        assert 413 == visit.client.post("/login", content=b"x" * 70_000, headers=HTML).status_code
        assert 413 == visit.client.post("/login", content=pieces(), headers=HTML).status_code

    def test_an_address(self) -> None:
        """A long one is refused before anything is done with it, whichever part of it is long."""
        assert 414 == Visit().client.get("/static/" + "x" * 8_001).status_code
        assert 414 == Visit().client.get("/shares?search=" + "x" * 8_001, headers=basic()).status_code

    def test_headers(self) -> None:
        """Also where all of them come in one piece, which the server takes."""
        assert 431 == Visit().client.get("/login", headers={"x-much": "x" * 17_000}).status_code

    def test_a_body_with_two_lengths(self) -> None:
        """A proxy before us may have read the other one."""
        headers = {"content-length": "3", "transfer-encoding": "chunked"}

        assert 400 == Visit().client.post("/login", content=b"a=b", headers=HTML | headers).status_code

    def test_fields(self) -> None:
        """So are very many of them."""
        body = "&".join(f"f{n}=1" for n in range(200))

        assert 400 == Visit().client.post("/login", content=body, headers=HTML).status_code


def failing(error: Exception) -> Visit:
    """Pages of which one goes wrong."""

    def answer(_call: Call) -> Response:
        raise error

    return Visit(paths=[Path(path="/x", answer=answer), Path(path="/api/x", answer=answer)])


class TestErrors:
    """They are said as in the terminal, to people as pages and to programs as JSON."""

    @pytest.mark.parametrize(
        ("error", "status", "code"),
        [(RefusedError("it is refused"), 409, "refused"), (StoreError("it is full"), 503, "store")],
    )
    def test_an_expected_one(self, error: Exception, status: int, code: str) -> None:
        """With the sentence that it has, a code and a next step."""
        response = failing(error).client.get("/api/x", headers=basic())

        assert status == response.status_code
        assert {"code", "message", "next"} == set(response.json()["error"])
        assert (code, str(error)) == (response.json()["error"]["code"], response.json()["error"]["message"])

    def test_an_unexpected_one(self, caplog: pytest.LogCaptureFixture) -> None:
        """The log is told everything, and whoever listens to events; the caller nothing."""
        visit, told = failing(ValueError("inner matters")), list[Event]()
        visit.client.cookies.clear()
        with caplog.at_level(logging.ERROR, "howdah"), listening(told.append):
            response = visit.client.get("/x", headers=basic() | HTML)

        assert 500 == response.status_code
        assert "inner matters" not in response.text
        assert "inner matters" in caplog.text
        assert [RequestCrashed(method="GET", path="/x")] == told

    def test_no_such_page(self) -> None:
        """Nor such a method: said without a password, since it tells nothing."""
        visit = Visit()

        assert 404 == visit.get("/no/such").status_code
        refused = visit.client.request("PUT", "/login")
        assert (405, "GET, HEAD, POST") == (refused.status_code, refused.headers["allow"])
        assert 404 == visit.client.get("/login/", headers={"host": "other.example"}).status_code
        assert 404 == visit.client.get("/static/no.css").status_code
        assert 404 == visit.client.get("/static/../app.py").status_code


class TestHealth:
    """For what watches the daemon."""

    def test_alive(self) -> None:
        """It answers."""
        assert {"alive": True} == Visit().client.get("/healthz").json()

    def test_ready_while_the_ticks_work(self) -> None:
        """Those without which nothing is shared; it says which don't."""
        visit = Visit()
        visit.idle = ["follow", "tokens"]
        assert (200, "") == ready(visit)

        visit.idle = ["deliver", "follow"]
        assert (503, "the daemon's ticks don't work: deliver (the log says why)") == ready(visit)

    def test_ready_while_the_store_takes_what_is_written(self) -> None:
        """It is tried, at most once in five seconds; what exactly is wrong only the log says."""
        visit = Visit()

        def full() -> None:
            raise StoreError("the disk of /var/lib/secret is full")

        visit.stage.store.try_writing = full  # type: ignore[method-assign] # a fake of ours, changed for this test

        assert (503, "the state store can't be written to (`howdah check` says why)") == ready(visit)


def ready(visit: Visit) -> tuple[int, str]:
    """What /readyz says."""
    response = visit.client.get("/readyz")
    return response.status_code, response.json()["reason"]


def test_whether_it_is_alive_is_said_though_every_worker_waits() -> None:
    """Whoever watches the process would end it otherwise, for a site that is slow."""
    assert {"/healthz"} == {path.path for path in PATHS if not path.blocks}
    assert 200 == Visit().client.get("/healthz").status_code
