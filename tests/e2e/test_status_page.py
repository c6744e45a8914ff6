"""The status page in a real Chromium, against the real daemon between the two small servers of the sandbox.

With HOWDAH_SCREENSHOTS=FOLDER pictures of the overview are kept there, at each width and in each theme:
docs/status-page.png is the upper part of the light one at 1280.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect, sync_playwright

from tests import commands
from tests.e2e.howdah import COMMAND
from tests.e2e.page_daemon import PASSWORD, PATIENCE, Daemon, serving

pytestmark = pytest.mark.e2e

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PAGES = (
    *(
        "/",
        "/shares",
        "/shares?state=shared&search=river",
        "/posts/gazette/1",
        "/posts/gazette/4",
        "/posts/gazette/999",
    ),
    *("/sites", "/accounts", "/sites/gazette", "/sites/broken", "/accounts/fedi", "/chart", "/preview", "/login"),
)
# On a phone what stands below a name doesn't take its room.
ROOM_FOR_NAMES = "[...document.querySelectorAll('td.name')].every((name) => name.offsetWidth >= innerWidth / 2.3)"


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """The daemon that every test looks at."""
    with serving(tmp_path_factory.mktemp("page")) as here:
        yield here


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not here (package chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def signed_in(
    browser: Browser, daemon: Daemon, *, width: int = 1280, scripts: bool = True, dark: bool = False
) -> Iterator[Page]:
    """A page of somebody who is signed in; it may say nothing in the console."""
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        java_script_enabled=scripts,
        color_scheme="dark" if dark else "light",
        base_url=daemon.url,
    )
    page, said = context.new_page(), list[str]()

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "404" not in message.text:
            said.append(message.text)

    page.on("console", hear)
    page.goto("/login")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: not url.endswith("/login"))
    try:
        yield page
    finally:
        context.close()
    assert [] == said


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280], ids=["phone", "desk"])
def test_every_page_can_be_used_by_everyone(browser: Browser, daemon: Daemon, width: int, *, dark: bool) -> None:
    """Axe finds nothing, nothing scrolls sideways, in both themes, on a phone and on a desk."""
    with signed_in(browser, daemon, width=width, dark=dark) as page:
        for path in PAGES:
            page.goto(path)
            found = Axe().run(page)
            assert 0 == found.violations_count, f"{path}: {found.generate_report()}"
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            assert page.evaluate(ROOM_FOR_NAMES), path
        page.goto("/")
        if folder := os.environ.get("HOWDAH_SCREENSHOTS"):
            page.screenshot(path=f"{folder}/status-page-{width}-{'dark' if dark else 'light'}.png", full_page=True)


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
class TestUse:
    """Everything works without JavaScript too."""

    def test_pages_lead_to_each_other(self, browser: Browser, daemon: Daemon, *, scripts: bool) -> None:
        """From the overview to the post, and by search."""
        with signed_in(browser, daemon, scripts=scripts) as page:
            page.get_by_role("link", name="All of them").click()
            page.get_by_role("link", name="A post that is refused").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("A post that is refused")
            page.get_by_role("navigation", name="Pages").get_by_role("link", name="Shares").click()
            page.get_by_role("searchbox").fill("HARBOUR")
            page.get_by_role("button", name="Search").click()
            expect(page.locator("table.rows tbody tr")).to_have_count(1)
            page.get_by_role("link", name="The harbour at dusk").click()
            expect(page.get_by_alt_text("Boats in the harbour")).to_be_visible()
            page.get_by_role("button", name="Sign out").click()
            expect(page.get_by_label("Password")).to_be_visible()

    def test_the_buttons(self, browser: Browser, daemon: Daemon, *, scripts: bool) -> None:
        """Share again with other words, boost, pause and resume: each says what it did."""
        with signed_in(browser, daemon, scripts=scripts) as page:
            page.goto("/posts/gazette/1")
            before = len(daemon.instance.statuses)
            page.get_by_text("Share again").first.click()
            page.get_by_label("Other words").fill("Once more, because it matters:")
            page.locator("details[open]").get_by_role("button", name="Share again").dblclick()
            expect(page.get_by_role("status")).to_contain_text("Queued once more on fedi")
            daemon.wait(lambda: daemon.state(1) == "shared")
            assert len(daemon.instance.statuses) == before + 1

            page.goto(f"/posts/gazette/{1 if scripts else 2}")
            page.get_by_role("button", name="Boost").click()
            expect(page.get_by_role("status")).to_contain_text("Boosted on fedi")

            for place in ("/accounts/fedi", "/sites/gazette"):
                for button, said in (("Pause", "It rests"), ("Resume", "It works again")):
                    page.goto(place)
                    if button == "Pause":
                        page.locator("summary", has_text="Pause").click()
                    page.get_by_role("button", name=button).click()
                    expect(page.get_by_role("status")).to_contain_text(said)

    def test_what_is_held_and_refused(self, browser: Browser, daemon: Daemon, *, scripts: bool) -> None:
        """A held one is released, or skipped and shared after all."""
        with signed_in(browser, daemon, scripts=scripts) as page:
            released, skipped = daemon.gather()[:2]
            page.goto(f"/posts/crowd/{released}")
            page.get_by_role("button", name="Release").click()
            expect(page.get_by_role("status")).to_contain_text("Queued anew")
            daemon.wait(lambda: daemon.state(released, "crowd") == "shared")

            page.goto(f"/posts/crowd/{skipped}")
            page.get_by_role("button", name="Skip").click()
            expect(page.get_by_role("status")).to_contain_text("Skipped on fedi")
            page.get_by_role("button", name="Share after all").click()
            daemon.wait(lambda: daemon.state(skipped, "crowd") == "shared")

    def test_the_theme_is_remembered(self, browser: Browser, daemon: Daemon, *, scripts: bool) -> None:
        """By the browser, through every page."""
        with signed_in(browser, daemon, scripts=scripts) as page:
            page.get_by_role("button", name="Dark").click()
            page.goto("/shares")
            assert "dark" == page.locator("html").get_attribute("data-theme")


def test_the_keys(browser: Browser, daemon: Daemon) -> None:
    """They lead through the pages and rows; `?` lists them."""
    with signed_in(browser, daemon) as page:
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("g")
        page.keyboard.press("s")
        expect(page).to_have_url(re.compile(r"/shares$"))
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"/posts/gazette/\d+$"))


def test_what_is_looked_at_stays_fresh(browser: Browser, daemon: Daemon) -> None:
    """Without a reload: what was published meanwhile, and what became of a button. Nothing moves under a hand.

    While the site keeps the answer nothing is asked anew.
    """
    held = list[Route]()
    with signed_in(browser, daemon) as page:
        page.clock.install()
        page.goto("/shares")
        page.get_by_role("searchbox").focus()
        post_id = daemon.site.publish(title="Published meanwhile", excerpt="x")
        daemon.wait(lambda: daemon.state(post_id) == "shared")
        page.clock.fast_forward("00:31")
        expect(page.get_by_role("link", name="Published meanwhile")).to_have_count(0)

        page.route("**/shares", lambda route: held.append(route))  # noqa: PLW0108 - Playwright sets an attribute on it
        page.get_by_role("searchbox").fill("half a wo")
        page.get_by_role("heading", level=1).click()
        page.clock.fast_forward("00:31")
        expect(page.get_by_role("searchbox")).to_have_value("half a wo")
        expect(page.get_by_role("link", name="Published meanwhile")).to_have_count(0)

        page.get_by_role("searchbox").clear()
        page.get_by_role("heading", level=1).click()
        with page.expect_request("**/shares"):
            page.clock.fast_forward("00:31")
        page.clock.fast_forward("00:31")
        held.pop().continue_()
        expect(page.get_by_role("link", name="Published meanwhile")).to_be_visible()
        assert [] == held


def test_a_press_that_was_stopped_can_be_made_anew(browser: Browser, daemon: Daemon) -> None:
    """After some seconds: until then a second press means the first."""
    pressed = list[Route]()

    def stop(route: Route) -> None:
        pressed.append(route)
        route.fulfill(status=204)

    with signed_in(browser, daemon) as page:
        page.clock.install()
        page.goto("/posts/gazette/2")
        page.route("**/boost", stop)
        boost = page.get_by_role("button", name="Boost").first
        boost.click()
        boost.click()
        page.clock.fast_forward("00:11")
        with page.expect_request("**/boost"):
            boost.click()
    assert 2 == len(pressed)


def test_a_post_that_nobody_shared_is_shared(browser: Browser, daemon: Daemon) -> None:
    """By its button, past the filters; the page shows it by itself."""
    with signed_in(browser, daemon) as page:
        post_id = daemon.site.publish(title="Older than all", excerpt="x", date=datetime(2020, 1, 1, tzinfo=UTC))
        page.goto(f"/posts/gazette/{post_id}")
        page.locator("summary", has_text="Share").click()
        page.get_by_role("button", name="Share", exact=True).click()
        expect(page.get_by_role("status")).to_contain_text("Queued on fedi")
        page.mouse.click(1, 1)
        expect(page.get_by_role("link", name="Open the status")).to_be_visible(timeout=PATIENCE * 1000)
        assert "shared" == daemon.state(post_id)


def test_a_refused_share_is_tried_again(browser: Browser, daemon: Daemon) -> None:
    """By one button, however hastily it is pressed, and then it is shared."""
    with signed_in(browser, daemon) as page:
        page.goto(f"/posts/gazette/{daemon.refused}")
        page.get_by_role("button", name="Try again").dblclick()
        expect(page.get_by_role("status")).to_contain_text("Queued anew")
        daemon.wait(lambda: daemon.state(daemon.refused) == "shared")


def test_a_crowd_is_skipped_at_once(browser: Browser, daemon: Daemon) -> None:
    """All that is held, after one question."""
    daemon.gather()
    with signed_in(browser, daemon, scripts=False) as page:
        page.goto("/shares?state=held")
        page.locator("summary", has_text="Skip all").click()
        page.locator("details[open]").get_by_role("button", name="Skip all").click()
        expect(page.get_by_role("status")).to_contain_text("Skipped: ")
        assert [] == daemon.held()


def test_a_rejected_config_is_said_until_it_is_mended(browser: Browser, daemon: Daemon) -> None:
    """On the page and by `status`, with the line; the daemon goes on by the old one meanwhile."""
    assert daemon.process is not None
    good = daemon.config.read_text()
    with signed_in(browser, daemon) as page:
        daemon.config.write_text(good + "nonsense = 1\n")
        daemon.process.reload()
        daemon.wait(lambda: "rejected" in str(daemon.api("status")["needs_person"]))
        page.goto("/")
        expect(page.get_by_text("the config file was rejected")).to_contain_text("config.toml:")

        daemon.config.write_text(good)
        status = commands.run([COMMAND, "--config", str(daemon.config), "status"], patience=PATIENCE)
        assert "the config file was rejected" in status.out
        daemon.process.reload()
        daemon.wait(lambda: "rejected" not in str(daemon.api("status")["needs_person"]))
