"""The companion plugin as editors use it: a real WordPress in a real Chromium. Makes the screenshots of the docs.

With HOWDAH_SCREENSHOTS=FOLDER the screenshots are kept there: docs/images for those of docs/wordpress.md.
"""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.e2e.plugin.listener import Listener
from tests.e2e.servers.wordpress import Draft, Made, WordPress
from tests.e2e.test_plugin import PLUGIN, SECRET

pytestmark = pytest.mark.e2e

PASSWORD = "a-long-password"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    """What stands in for howdah."""
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture(scope="module")
def site(wordpress_beside: WordPress, listener: Listener) -> WordPress:
    """A WordPress with the companion, connected, and a user who may do everything."""
    wordpress_beside.add_must_use(Path(__file__).parent / "plugin/classic.php")
    wordpress_beside.add_plugin(PLUGIN)
    wordpress_beside.set_option("howdah_hook_url", listener.url)
    wordpress_beside.set_option("howdah_hook_secret", SECRET)
    wordpress_beside.add_user("chief", role="administrator", password=PASSWORD)
    return wordpress_beside


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not here (package chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(site: WordPress, browser: Browser) -> Iterator[Page]:
    """A page of somebody who is logged in."""
    page = browser.new_page(viewport={"width": 1280, "height": 800}, timezone_id="Europe/Berlin")  # the site's own
    page.set_default_timeout(60_000)
    page.goto(f"{site.url}/wp-login.php")
    # The form takes the focus a moment after it was loaded: what is typed just then goes to the wrong field.
    page.wait_for_function("document.activeElement.id === 'user_login'")
    page.fill("#user_login", "chief")
    page.fill("#user_pass", PASSWORD)
    page.click("#wp-submit")
    page.wait_for_url("**/wp-admin/**")
    page.on("dialog", lambda dialog: dialog.accept())
    yield page
    page.close()


@pytest.fixture
def shared(site: WordPress) -> Made:
    """A post that was shared."""
    [made] = site.publish(Draft(title="Seven ferries"))
    site.set_meta(made.id, "_share_on_mastodon_url", "https://pubeurope.com/@uk/115137451526585835")
    return made


@pytest.fixture
def refused(site: WordPress) -> Made:
    """A post that was refused."""
    [made] = site.publish(Draft(title="Too long for anybody"))
    site.set_meta(made.id, "_share_on_mastodon_error", "refused (422): Text character limit of 500 exceeded")
    return made


def keep(page: Page, name: str) -> None:
    """Keep a screenshot, where somebody wants one."""
    folder = os.environ.get("HOWDAH_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_the_list_of_posts(site: WordPress, page: Page, shared: Made, refused: Made) -> None:
    """A column says where each post was shared, or why not."""
    page.goto(f"{site.url}/wp-admin/edit.php")

    link = page.locator(f"#post-{shared.id} td.column-howdah a")
    expect(link).to_have_text("Shared on pubeurope.com")
    expect(link).to_have_attribute("href", "https://pubeurope.com/@uk/115137451526585835")
    expect(page.locator(f"#post-{refused.id} td.column-howdah")).to_have_text(re.compile("Not shared: refused"))
    keep(page, "wordpress-list")


def test_quick_edit_announces(site: WordPress, page: Page, listener: Listener) -> None:
    """A draft that Quick Edit publishes is announced."""
    [made] = site.publish(Draft(title="By Quick Edit", status="draft", seconds=60))
    page.goto(f"{site.url}/wp-admin/edit.php")
    page.hover(f"#post-{made.id}")
    page.locator(f"#post-{made.id} button.editinline").click()
    page.select_option(f"#edit-{made.id} select[name=_status]", "publish")
    page.locator(f"#edit-{made.id} button.save").click()
    page.wait_for_selector(f"#post-{made.id}:not(:has(.post-state))")

    assert [{"post_id": made.id}] == [heard.says for heard in listener.about(made.id)]


def test_the_block_editor(site: WordPress, page: Page, listener: Listener, shared: Made) -> None:
    """Its panel shows the status, and the button asks howdah for one more."""
    page.goto(f"{site.url}/wp-admin/post.php?post={shared.id}&action=edit")
    panel = _opened_panel(page)

    expect(panel.locator(".howdah-told a")).to_have_text("Shared on pubeurope.com")
    keep(page, "wordpress-block-editor")
    panel.locator("button.howdah-again").click()

    expect(panel.locator(".howdah-said")).to_have_text("howdah shares it once more.")
    assert {"post_id": shared.id, "again": True} == listener.about(shared.id)[-1].says


def test_the_block_editor_publishes(site: WordPress, page: Page, listener: Listener) -> None:
    """A post that is published there is announced, once, and the panel shows its url as soon as it is written."""
    [made] = site.publish(Draft(title="From the block editor", status="draft"))
    page.goto(f"{site.url}/wp-admin/post.php?post={made.id}&action=edit")
    panel = _opened_panel(page)
    expect(panel.locator(".howdah-told")).to_have_text("Not shared yet")

    page.locator("button.editor-post-publish-panel__toggle, button.editor-post-publish-button").first.click()
    page.locator(".editor-post-publish-panel button.editor-post-publish-button").click()
    page.wait_for_selector(".post-publish-panel__postpublish, .components-snackbar")
    site.set_meta(made.id, "_share_on_mastodon_url", "https://pubeurope.com/@uk/2")
    page.locator(".editor-post-publish-panel button[aria-label='Close panel']").click()

    expect(_opened_panel(page).locator(".howdah-told a")).to_have_attribute("href", "https://pubeurope.com/@uk/2")
    assert [{"post_id": made.id}] == [heard.says for heard in listener.about(made.id)]


def test_the_classic_editor(site: WordPress, page: Page, listener: Listener, refused: Made) -> None:
    """The same in a box; what howdah answers is said there, and the url as soon as it is written."""
    site.set_option("classic_for_the_tests", value=True)
    try:
        page.goto(f"{site.url}/wp-admin/post.php?post={refused.id}&action=edit")
        expect(page.locator("#howdah .howdah-told")).to_have_text(re.compile("Not shared: refused"))
        keep(page, "wordpress-classic-editor")
        page.click("#howdah button.howdah-again")

        expect(page.locator("#howdah .howdah-told")).to_have_text("howdah shares it once more.")
        assert {"post_id": refused.id, "again": True} == listener.about(refused.id)[-1].says
        site.set_meta(refused.id, "_share_on_mastodon_url", "https://pubeurope.com/@uk/3")
        expect(page.locator("#howdah .howdah-told a")).to_have_attribute("href", "https://pubeurope.com/@uk/3")
    finally:
        site.set_option("classic_for_the_tests", value=False)


def test_the_settings(site: WordPress, page: Page) -> None:
    """The secret is never shown, and an empty field keeps it; what is no secret is refused."""
    page.goto(f"{site.url}/wp-admin/options-general.php?page=howdah")
    assert SECRET not in page.content()
    keep(page, "wordpress-settings")
    page.click("#submit")
    expect(page.locator(".notice-success, .updated").first).to_be_visible()
    assert SECRET == site.option("howdah_hook_secret")

    page.fill("#howdah-secret", "not a secret")
    page.click("#submit")

    expect(page.locator(".notice-error").first).to_have_text(re.compile("whsec_"))
    assert SECRET == site.option("howdah_hook_secret")


def _opened_panel(page: Page) -> Locator:
    """The block editor's panel, opened."""
    page.evaluate("localStorage.clear()")
    closing = page.locator(".components-modal__header button[aria-label='Close']")
    panel = page.locator(".howdah-panel")
    for _ in range(40):
        if closing.count():
            closing.first.click()  # the welcome to the editor
        if panel.count():
            break
        settings = page.locator("button[aria-label='Settings'][aria-pressed='false']")
        if settings.count():
            settings.first.click()
        page.wait_for_timeout(500)
    toggle = panel.locator("button.components-panel__body-toggle")
    if toggle.get_attribute("aria-expanded") == "false":
        toggle.click()
    panel.scroll_into_view_if_needed()
    return panel
