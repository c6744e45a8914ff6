"""The JSON API, the metrics, the badge."""

from datetime import timedelta
from typing import Any

import pytest

from bot.crosspost.events import listening
from bot.domain.models import FOREVER, Post, State
from bot.errors import SiteUnavailableError
from bot.report.json_lines import share_line
from bot.web.routes import PATHS
from tests.contract.stores import changed
from tests.unit.crosspost.stage import PNG, Stage
from tests.unit.web.visitor import Visit, basic


@pytest.fixture
def visit() -> Visit:
    """A site with a shared post, a held one and one that waits; whoever asks knows the password."""
    stage = Stage()
    stage.first_look()
    stage.shared("The first")
    stage.publish("The second")
    stage.collect()
    return Visit(stage)


def got(visit: Visit, path: str) -> Any:
    """What the API says."""
    response = visit.client.get(path, headers=basic())
    assert 200 == response.status_code
    return response.json()


class TestReading:
    """The same fields as --json."""

    def test_shares(self, visit: Visit) -> None:
        """Newest first, page by page."""
        newest, oldest = visit.stage.store.shares()
        first = got(visit, "/api/v1/shares?limit=1")
        second = got(visit, f"/api/v1/shares?limit=1&after={first['next']}")

        assert [share_line(newest)] == first["shares"]
        assert {"shares": [share_line(oldest)], "next": None} == second

    @pytest.mark.parametrize(
        ("query", "titles"),
        [
            ("state=shared", ["The first"]),
            ("site=uk&account=uk&state=pending", ["The second"]),
            ("search=SECOND", ["The second"]),
            ("site=de", []),
        ],
    )
    def test_filters(self, visit: Visit, query: str, titles: list[str]) -> None:
        """By each of them, and together."""
        assert titles == [share["title"] for share in got(visit, f"/api/v1/shares?{query}")["shares"]]

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ("state=lost", "bad_state"),
            ("limit=0", "bad_limit"),
            ("limit=501", "bad_limit"),
            ("limit=0000000011000000", "bad_limit"),
            ("limit=x", "bad_limit"),
            ("limit=0000000001000000", "bad_limit"),
            ("after=x", "bad_key"),
            ("after=1-x", "bad_key"),
            ("after=99999999999999999-1", "bad_key"),
        ],
    )
    def test_what_is_no_filter(self, visit: Visit, query: str, code: str) -> None:
        """400, with a code and a next step."""
        response = visit.client.get(f"/api/v1/shares?{query}", headers=basic())

        assert 400 == response.status_code
        assert code == response.json()["error"]["code"]
        assert response.json()["error"]["next"]

    def test_sites_accounts_and_status(self, visit: Visit) -> None:
        """How it stands."""
        assert ["uk"] == [site["site"] for site in got(visit, "/api/v1/sites")["sites"]]
        assert ["uk"] == [account["account"] for account in got(visit, "/api/v1/accounts")["accounts"]]
        assert {"pending": 1, "shared": 1} == got(visit, "/api/v1/status")["shares"]

    def test_a_post_as_wordpress_shows_it(self, visit: Visit) -> None:
        """Its url where it is shared; else what is wrong; 404 where there is nothing."""
        shared = visit.stage.store.shares(state=State.SHARED)[0]

        assert got(visit, f"/api/v1/sites/uk/posts/{shared.post_id}") == {
            "id": shared.post_id,
            "link": shared.link,
            "share_on_mastodon": {"url": shared.url, "error": ""},
        }
        for path in ("uk/posts/99", "de/posts/1", "uk/posts/x", "uk/posts/0", "uk/posts/" + "9" * 30):
            assert 404 == visit.client.get(f"/api/v1/sites/{path}", headers=basic()).status_code


class TestSharing:
    """POST /api/v1/shares."""

    def post(self, visit: Visit, body: Any, **headers: str) -> Any:
        """Ask."""
        return visit.client.post("/api/v1/shares", json=body, headers=basic() | headers)

    def test_it_is_queued(self, visit: Visit) -> None:
        """202 with the share as it waits; the daemon sends it; how it stands is known at once."""
        number = visit.stage.publish("By hand")
        before = got(visit, "/api/v1/status")["shares"]["pending"]
        response = self.post(visit, {"post": f"uk/{number}", "account": "uk"})

        assert 202 == response.status_code
        assert [(number, "pending")] == [(share["post_id"], share["state"]) for share in response.json()["shares"]]
        assert before + 1 == got(visit, "/api/v1/status")["shares"]["pending"]

    def test_one_that_is_shared_needs_again(self, visit: Visit) -> None:
        """409 with the url; with again it is shared once more, on all accounts of its site."""
        shared = visit.stage.store.shares(state=State.SHARED)[0]
        name = f"uk/{shared.post_id}"
        refused = self.post(visit, {"post": name})

        assert 409 == refused.status_code
        error = refused.json()["error"]
        assert f"{shared.name} is shared already: {shared.url}" == error["message"]
        assert '"again": true' in error["next"]
        assert [2] == [one["number"] for one in self.post(visit, {"post": name, "again": True}).json()["shares"]]
        twice = self.post(visit, {"post": name, "again": True, "after": 1})
        assert [2] == [one["number"] for one in twice.json()["shares"]]
        assert 400 == self.post(visit, {"post": name, "again": True, "after": -1}).status_code

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({}, 400),
            ([], 400),
            ({"post": ""}, 400),
            ({"post": 7}, 400),
            ({"post": "uk/1", "accuont": "uk"}, 400),
            ({"post": "nonsense"}, 404),
            ({"post": "uk/99"}, 404),
            ({"post": "uk/1", "account": "de"}, 404),
            ({"post": "uk/1", "again": "yes"}, 400),
            ({"post": "uk/1", "text": "x" * 10_001}, 400),
        ],
    )
    def test_what_can_not_be_asked(self, visit: Visit, body: Any, status: int) -> None:
        """Each with its reason."""
        response = self.post(visit, body)

        assert status == response.status_code
        assert {"code", "message", "next"} == set(response.json()["error"])

    def test_a_site_that_is_down(self, visit: Visit) -> None:
        """502."""

        def down(post_id: int, *, link: str = "") -> Post:
            raise SiteUnavailableError("uk: it is down")

        visit.stage.site.read = down  # type: ignore[method-assign] # a fake of ours, changed for this test

        assert 502 == self.post(visit, {"post": "uk/1"}).status_code

    def test_no_form_can_be_forged_into_it(self, visit: Visit) -> None:
        """What a form can send is refused, and a cookie without the page's token."""
        form = visit.client.post("/api/v1/shares", content=b'{"post": "uk/1"}', headers=basic())
        visit.sign_in()
        cookie = visit.client.post("/api/v1/shares", json={"post": "uk/1"})

        assert 415 == form.status_code
        assert 403 == cookie.status_code


class TestDeciding:
    """Retry, skip and boost, as the commands of these names."""

    def post(self, visit: Visit, verb: str, **body: Any) -> Any:
        """Decide."""
        return visit.client.post(f"/api/v1/shares/{verb}", json=body, headers=basic())

    def become(self, visit: Visit, state: State, **fields: Any) -> str:
        """Let the share that waits be in a state; its post's name."""
        share = visit.stage.store.shares(state=State.PENDING)[0]
        visit.stage.store.apply(share, changed(share, state=state, **fields), now=visit.stage.clock.now())
        return share.post_name

    @pytest.mark.parametrize("state", [State.FAILED, State.HELD, State.SKIPPED])
    def test_what_stands_still_is_let_go(self, visit: Visit, state: State) -> None:
        """202 with the share as it waits; a pause of its account ends, since a person asks."""
        name = self.become(visit, state, error="no")
        visit.stage.store.pause("uk", until=visit.stage.clock.now() + timedelta(hours=1), reason="the instance says no")
        response = self.post(visit, "retry", post=name)

        assert 202 == response.status_code
        assert [(name, "pending")] == [
            (f"{one['site']}/{one['post_id']}", one["state"]) for one in response.json()["shares"]
        ]
        assert visit.stage.store.account("uk").paused_until is None

    def test_a_mistyped_field_widens_nothing(self, visit: Visit) -> None:
        """Left out, it would make all sites of one that was meant; the right name is told."""
        name = self.become(visit, State.HELD, error="too many")
        response = self.post(visit, "skip", held=True, sites="de")

        assert 400 == response.status_code
        assert "There is no field 'sites' here. Did you mean 'site'?" == response.json()["error"]["message"]
        assert [name] == [share.post_name for share in visit.stage.store.shares(state=State.HELD)]

    def test_all_that_are_held_are_released(self, visit: Visit) -> None:
        """Of one site, on one account, as they are named; none is an empty answer."""
        self.become(visit, State.HELD, error="too many")

        assert 1 == len(self.post(visit, "retry", held=True, site="uk", account="uk").json()["shares"])
        assert {"shares": [], "refused": [], "next": None} == self.post(visit, "retry", held=True, failed=True).json()
        assert 404 == self.post(visit, "retry", held=True, site="de").status_code

    def test_a_share_is_dropped(self, visit: Visit) -> None:
        """By its post, and by its state."""
        name = visit.stage.store.shares(state=State.PENDING)[0].post_name
        first = self.post(visit, "skip", post=name)
        assert [(200, "skipped")] == [(first.status_code, one["state"]) for one in first.json()["shares"]]
        self.post(visit, "retry", post=name)
        self.become(visit, State.HELD)

        assert ["skipped"] == [one["state"] for one in self.post(visit, "skip", held=True).json()["shares"]]

    def test_a_status_is_boosted_once(self, visit: Visit) -> None:
        """200 with its share; the second time it is refused."""
        name = visit.stage.store.shares(state=State.SHARED)[0].post_name
        first, second = self.post(visit, "boost", post=name), self.post(visit, "boost", post=name)

        assert [(200, "shared")] == [(first.status_code, one["state"]) for one in first.json()["shares"]]
        assert (409, "refused") == (second.status_code, second.json()["error"]["code"])
        assert "boosted already" in second.json()["error"]["message"]

    def test_what_is_refused_beside_what_is_done(self, visit: Visit) -> None:
        """Both are told."""
        self.become(visit, State.HELD)
        shared = visit.stage.store.shares(state=State.SHARED)[0].post_name
        response = self.post(visit, "retry", post=shared, held=True)

        assert 202 == response.status_code
        assert 1 == len(response.json()["shares"])
        assert [f"{shared} on uk is shared: there is nothing to retry"] == response.json()["refused"]

    @pytest.mark.parametrize(
        ("verb", "body", "status"),
        [
            ("retry", {}, 400),
            ("retry", {"held": "yes"}, 400),
            ("skip", {"post": "uk/99"}, 404),
            ("skip", {"post": "uk/1", "account": "de"}, 404),
            ("boost", {"post": "uk/2"}, 409),
            ("boost", {"held": True}, 400),
        ],
    )
    def test_what_can_not_be_decided(self, visit: Visit, verb: str, body: Any, status: int) -> None:
        """Each with its reason."""
        response = self.post(visit, verb, **body)

        assert status == response.status_code
        assert {"code", "message", "next"} == set(response.json()["error"])


def test_metrics(visit: Visit) -> None:
    """What is there now, and what was counted since the start; for those with the password unless told otherwise."""
    with listening(visit.process.counters.count):
        visit.process.counters.published_at = visit.stage.store.published_at
        visit.stage.publish(image=(PNG, "A red kite"))
        visit.stage.collect()
        visit.stage.pass_time(timedelta(seconds=40))
        visit.stage.attend()
    visit.idle = ["deliver"]
    lines = visit.client.get("/metrics", headers=basic()).text.splitlines()

    for line in (
        'howdah_shares{account="uk",site="uk",state="shared"} 3.0',
        'howdah_attempts_total{account="uk",outcome="shared",step="publish"} 2.0',
        'howdah_attempts_total{account="uk",outcome="uploaded",step="upload"} 1.0',
        'howdah_publication_delay_seconds_bucket{account="uk",le="30.0"} 0.0',
        'howdah_publication_delay_seconds_bucket{account="uk",le="60.0"} 2.0',
        "howdah_oldest_pending_seconds 0.0",
        'howdah_tick_working{tick="collect"} 1.0',
        'howdah_tick_working{tick="deliver"} 0.0',
        'howdah_account_paused{account="uk"} 0.0',
    ):
        assert line in lines
    assert any(line.startswith('howdah_rate_budget_left{account="uk"} ') for line in lines)
    assert any(line.startswith('howdah_look_lag_seconds{site="uk"} ') for line in lines)
    assert any(line.startswith("howdah_build_info{") for line in lines)
    assert 401 == visit.client.get("/metrics").status_code
    assert 200 == Visit(metrics_public=True).client.get("/metrics").status_code


def test_metrics_of_what_a_person_lets_rest(visit: Visit) -> None:
    """A site and an account that are paused by hand say so: their silence is meant."""
    visit.stage.store.rest_site("uk", until=FOREVER)
    visit.stage.store.rest_account("uk", until=FOREVER)
    visit.live.changed()
    lines = visit.client.get("/metrics", headers=basic()).text.splitlines()

    assert {'howdah_site_paused{site="uk"} 1.0', 'howdah_account_paused{account="uk"} 1.0'} <= set(lines)


def test_the_badge_says_one_word(visit: Visit) -> None:
    """That all is well, or that a person is needed: nothing else."""
    well = visit.client.get("/badge.svg", headers=basic()).text
    share = visit.stage.store.shares(state=State.PENDING)[0]
    visit.stage.store.apply(share, changed(share, state=State.FAILED), now=visit.stage.clock.now())
    visit.live.changed()
    trouble = visit.client.get("/badge.svg", headers=basic()).text

    assert "howdah: well" in well
    assert "howdah: needs a person" in trouble
    assert "uk" not in trouble


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("status", "Status"),
        ("sites", "Site"),
        ("accounts", "Account"),
        ("shares", "Share"),
    ],
)
def test_every_field_is_described(visit: Visit, path: str, schema: str) -> None:
    """Schemathesis doesn't mind a field that the document doesn't know."""
    answer = got(visit, f"/api/v1/{path}")
    fields = answer if path == "status" else answer[path][0]

    assert set(got(visit, "/openapi.json")["components"]["schemas"][schema]["properties"]) == set(fields)


def test_the_document_describes_the_api(visit: Visit) -> None:
    """OpenAPI 3.1; every path of the API is in it."""
    document = got(visit, "/openapi.json")
    described = {(path, method.upper()) for path, methods in document["paths"].items() for method in methods}

    assert "3.1.0" == document["openapi"]
    assert {(path.path, path.method) for path in PATHS if path.path.startswith("/api/")} == described
