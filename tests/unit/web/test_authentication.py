"""Who may come in, and who may change something."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qsl, urlsplit

import pytest
from argon2 import PasswordHasher
from starlette.responses import Response

from bot.web.authenticator import COOKIE
from bot.web.calls import Path
from bot.web.routes import PATHS
from bot.web.sessions import LASTS
from tests.unit.web.visitor import HTML, PASSWORD, Visit, basic


@pytest.fixture
def visit() -> Visit:
    """The pages, with nobody signed in."""
    return Visit()


class TestComingIn:
    """The password, by a form or by HTTP Basic."""

    def test_a_browser_is_led_to_the_sign_in_page_and_back(self) -> None:
        """What it wanted to see is remembered."""
        visit = Visit(paths=[*PATHS, Path(path="/any/page", answer=lambda _call: Response())])
        asked = visit.get("/any/page?state=held&search=a+b%26c")
        wanted = dict(parse_qsl(urlsplit(asked.headers["location"]).query))
        signed = visit.client.post("/login", data={"password": PASSWORD, **wanted}, headers=HTML)

        assert (303, "/any/page?state=held&search=a+b%26c") == (asked.status_code, wanted["next"])
        assert (303, wanted["next"]) == (signed.status_code, signed.headers["location"])
        assert 200 == visit.get("/any/page").status_code

    @pytest.mark.parametrize(
        ("pressed", "following"),
        [
            ("/posts/uk/1/retry", "/login?next=/posts/uk/1"),
            ("/shares/skip", "/login?next=/shares"),
            ("/logout", "/login"),
        ],
    )
    def test_whose_sign_in_has_run_out_is_led_back_to_the_page(
        self, visit: Visit, pressed: str, following: str
    ) -> None:
        """Not to what the button does, which has to be pressed anew."""
        response = visit.client.post(pressed, data={"account": "uk"}, headers=HTML)

        assert (303, following) == (response.status_code, response.headers["location"])

    def test_an_error_leads_to_no_other_host(self, visit: Visit) -> None:
        """Whatever the address is."""
        assert "other.example" not in visit.client.post("http://testserver//other.example/x", headers=HTML).text

    def test_a_program_is_asked_for_it(self, visit: Visit) -> None:
        """With the header that HTTP has for that, and JSON."""
        response = visit.client.get("/")

        assert 401 == response.status_code
        assert response.headers["www-authenticate"].startswith("Basic ")
        assert "password" == response.json()["error"]["code"]

    @pytest.mark.parametrize("user", ["", "anyone", "a b"])
    def test_basic_takes_any_user_name(self, visit: Visit, user: str) -> None:
        """Only the password counts."""
        assert 200 == visit.client.get("/", headers=basic(user=user)).status_code
        assert 401 == visit.client.get("/", headers=basic("open", user=user)).status_code

    @pytest.mark.parametrize("header", ["Basic", "Basic %%%", "Basic bm9jb2xvbg==", "Bearer open sesame", "Basic /w=="])
    def test_what_is_no_basic_is_no_password(self, visit: Visit, header: str) -> None:
        """Whatever stands there."""
        assert 401 == visit.client.get("/", headers={"authorization": header}).status_code

    def test_a_hash_in_the_file_does_as_well(self, visit: Visit) -> None:
        """The right password is known again without hashing it each time; a wrong one stays wrong."""
        visit.kept = PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)

        assert [200, 200, 401] == [
            visit.client.get("/", headers=basic(given)).status_code for given in (PASSWORD, PASSWORD, "else")
        ]
        visit.kept = "$argon2id$broken"
        assert 401 == visit.client.get("/", headers=basic()).status_code

    def test_many_at_once_with_the_right_password(self, visit: Visit) -> None:
        """None of them counts as wrong while it is still compared with the hash."""
        visit.kept = PasswordHasher(time_cost=2, memory_cost=16 * 1024).hash(PASSWORD)
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: visit.client.get("/", headers=basic()).status_code, range(8)))

        assert [200] * 8 == answers

    def test_without_a_password_file_nobody_comes_in(self, visit: Visit) -> None:
        """It says what is missing; the health checks go on."""
        visit.kept = None

        assert 503 == visit.client.get("/", headers=basic()).status_code
        assert 503 == visit.sign_in().status_code
        assert 200 == visit.client.get("/healthz").status_code


class TestSessions:
    """A browser stays signed in."""

    def test_the_cookie_is_for_this_page_alone(self, visit: Visit) -> None:
        """No script reads it, no other site sends it; over TLS it travels by TLS alone."""
        plain = visit.sign_in().headers["set-cookie"]
        behind = Visit(trusted_proxies=["192.0.2.7"])
        secure = behind.sign_in(**{"x-forwarded-proto": "https"}).headers["set-cookie"]

        assert "httponly" in plain.lower()
        assert "samesite=lax" in plain.lower()
        assert "secure" not in plain.lower()
        assert "secure" in secure.lower()

    def test_it_ends(self, visit: Visit) -> None:
        """After two weeks, when somebody signs out, and when the password changes."""
        visit.sign_in()
        visit.clock.seconds += LASTS + 1
        assert 303 == visit.get("/").status_code

        visit.sign_in()
        cookie = visit.client.cookies[COOKIE]
        assert 303 == visit.press("/logout").status_code
        visit.client.cookies.set(COOKIE, cookie)
        assert 303 == visit.get("/").status_code

        visit.sign_in()
        assert 200 == visit.get("/").status_code
        visit.kept = "another"
        assert 303 == visit.get("/").status_code

    def test_a_wrong_password_starts_none(self, visit: Visit) -> None:
        """The page says so."""
        response = visit.sign_in("wrong")

        assert 403 == response.status_code
        assert "isn't the password" in response.text
        assert COOKIE not in visit.client.cookies

    @pytest.mark.parametrize("following", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x"])
    def test_signing_in_leads_nowhere_else(self, visit: Visit, following: str) -> None:
        """Whatever somebody wrote behind ?next=."""
        response = visit.client.post("/login", data={"password": PASSWORD, "next": following}, headers=HTML)

        assert "/" == response.headers["location"]


class TestWrongPasswords:
    """They are slowed down."""

    def test_by_address(self, visit: Visit) -> None:
        """Five are free; then each costs twice as long as the one before, also by HTTP Basic."""
        codes = [visit.sign_in("wrong").status_code for _ in range(6)]
        limited = visit.client.get("/", headers=basic())

        assert [403] * 5 + [429] == codes
        assert 429 == limited.status_code
        assert int(limited.headers["retry-after"]) >= 1
        visit.clock.seconds += 2
        assert 403 == visit.sign_in("wrong").status_code
        visit.clock.seconds += 1
        assert 429 == visit.sign_in("wrong").status_code
        visit.clock.seconds += 2
        assert 303 == visit.sign_in().status_code

    def test_in_all(self) -> None:
        """From many addresses too: but whoever came in before still may."""
        visit = Visit(trusted_proxies=["192.0.2.7"])
        assert 303 == visit.sign_in(**{"x-forwarded-for": "198.51.100.1"}).status_code
        visit.client.cookies.clear()
        codes = [visit.sign_in("wrong", **{"x-forwarded-for": f"203.0.113.{n}"}).status_code for n in range(61)]

        assert [403] * 60 + [429] == codes
        assert 429 == visit.sign_in(**{"x-forwarded-for": "203.0.113.99"}).status_code
        assert 303 == visit.sign_in(**{"x-forwarded-for": "198.51.100.1"}).status_code
        visit.clock.seconds += 60
        assert 303 == visit.sign_in(**{"x-forwarded-for": "203.0.113.99"}).status_code

    def test_neighbours_of_ipv6_are_one(self) -> None:
        """Who has one address has 2⁶⁴."""
        visit = Visit(trusted_proxies=["192.0.2.7"])
        codes = [visit.sign_in("wrong", **{"x-forwarded-for": f"2001:db8::{n}"}).status_code for n in range(1, 7)]

        assert [403] * 5 + [429] == codes

    def test_a_header_that_nobody_trusts_changes_nothing(self, visit: Visit) -> None:
        """Without trusted_proxies each try counts for the connection's own address."""
        codes = [visit.sign_in("wrong", **{"x-forwarded-for": f"203.0.113.{n}"}).status_code for n in range(6)]

        assert [403] * 5 + [429] == codes


class TestChanges:
    """What changes something has to come from our own page."""

    def test_a_form_needs_its_token(self, visit: Visit) -> None:
        """One without it, or with another's, is refused; the page's own is taken, with HTTP Basic too."""
        visit.sign_in()
        other = Visit()
        other.sign_in()

        assert 403 == visit.client.post("/theme", data={"theme": "dark"}, headers=HTML).status_code
        assert 403 == visit.client.post("/theme", data={"theme": "dark", "csrf": "x"}, headers=HTML).status_code
        assert 403 == visit.client.post("/theme", data={"theme": "dark"}, headers=basic()).status_code
        assert 303 == visit.press("/theme", theme="dark").status_code
        assert 'data-theme="dark"' in visit.get("/").text

    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "https://evil.example"},
            {"origin": "http://howdah.test:8080"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site", "origin": "null"},
        ],
    )
    def test_another_site_can_send_none(self, visit: Visit, headers: dict[str, str]) -> None:
        """Not even to sign in."""
        assert 403 == visit.sign_in(**headers).status_code

    def test_our_own_page_can(self, visit: Visit) -> None:
        """Browsers name our origin, or "null" since the page tells nobody where it came from."""
        assert 303 == visit.sign_in(origin="http://howdah.test").status_code
        assert 303 == visit.sign_in(origin="null", **{"sec-fetch-site": "same-origin"}).status_code
