"""Write-back: howdah tells the real WordPress, by the companion plugin, what became of its posts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.howdah import Howdah, Setting, shared
from tests.e2e.instance import Instance
from tests.e2e.servers.mastodon_mock import MastodonMock
from tests.e2e.servers.snac import Snac
from tests.e2e.servers.wordpress import Draft, WordPress
from tests.e2e.test_plugin import PLUGIN

pytestmark = pytest.mark.e2e

FIELD = "share_on_mastodon"
WATCH = Path(__file__).parent / "plugin/watch.php"


@pytest.fixture(scope="module")
def site(wordpress_beside: WordPress) -> WordPress:
    """A WordPress with the companion."""
    wordpress_beside.add_must_use(WATCH)
    wordpress_beside.add_plugin(PLUGIN)
    return wordpress_beside


@pytest.fixture
def howdah(site: WordPress, snac: Snac, tmp_path: Path) -> Howdah:
    """A howdah that writes back, and has looked once."""
    return _howdah(site, snac, tmp_path)


def _howdah(site: WordPress, instance: Snac | MastodonMock, folder: Path) -> Howdah:
    password = folder / "wp-password"
    password.touch(mode=0o600)
    password.write_text(site.app_password)
    login: dict[str, Setting] = {"user": "editor", "password_file": password.name, "write_back": True}
    howdah = Howdah(folder, wordpress_url=site.url, instance=instance, site=login)
    howdah.sync()
    return howdah


@pytest.fixture
def shown(site: WordPress) -> Callable[[int], Any]:
    """What readers see of a post: its field and its dates."""

    def show(post_id: int) -> Any:
        fields = {"_fields": f"{FIELD},modified_gmt"}
        return httpx.get(f"{site.url}/wp-json/wp/v2/posts/{post_id}", params=fields).json()

    return show


def test_the_url_of_a_share(site: WordPress, howdah: Howdah, on_snac: Instance, shown: Callable[[int], Any]) -> None:
    """The status's; nothing else of the post has changed, and no hook of a save was called."""
    [made] = site.publish(Draft(title="Written back"))
    before, saves = shown(made.id), site.option("watched_saves")

    howdah.sync()

    [posted] = on_snac.about(made.link)
    assert before | {FIELD: {"url": posted.url, "error": ""}} == shown(made.id)
    assert saves == site.option("watched_saves")


def test_the_newest_url(site: WordPress, howdah: Howdah, on_snac: Instance, shown: Callable[[int], Any]) -> None:
    """After `share --again` it is the second status's."""
    [made] = site.publish(Draft(title="Shared twice"))
    howdah.sync()
    again = howdah.run("share", f"gazette/{made.id}", "--again", "--json")
    howdah.sync()

    assert again.lines[0]["share_on_mastodon"] == shown(made.id)[FIELD]
    assert 2 == len(on_snac.about(made.link))


def test_the_daemon_writes(site: WordPress, howdah: Howdah, shown: Callable[[int], Any]) -> None:
    """Within seconds of the share, and it doesn't take its own url for somebody else's share."""
    with howdah.daemon():
        [made] = site.publish(Draft(title="By the daemon"))
        [share] = [one for one in howdah.wait_until(shared(made.id)) if one["post_id"] == made.id]
        howdah.wait_until(lambda _: bool(shown(made.id)[FIELD]["url"]))

    assert share["share_on_mastodon"] == shown(made.id)[FIELD]
    assert 1 == len(howdah.shares_of(made.id))


def test_why_a_post_was_not_shared(
    site: WordPress, mock: MastodonMock, tmp_path: Path, shown: Callable[[int], Any]
) -> None:
    """An error, where editors see it; a url takes its place later."""
    howdah = _howdah(site, mock, tmp_path)
    [made] = site.publish(Draft(title="Skipped by hand"))
    howdah.sync("--no-wait")
    [other] = site.publish(Draft(title="Protected", password="sesame"))
    howdah.sync()

    assert "protected by a password" in shown(other.id)[FIELD]["error"]
    assert shown(made.id)[FIELD]["url"]


def test_without_the_plugin_nothing_is_written(
    wordpress: WordPress, snac: Snac, tmp_path: Path, on_snac: Instance
) -> None:
    """The share goes all the same, and `check` says what is missing."""
    howdah = _howdah(wordpress, snac, tmp_path)
    [made] = wordpress.publish(Draft(title="No companion"))

    assert ["shared"] == [line["state"] for line in howdah.sync()]
    assert 1 == len(on_snac.about(made.link))
