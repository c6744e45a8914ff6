"""Beside a plugin that shares the same posts on the same account: no post stands twice, whoever is first."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.howdah import SITE, Howdah, Setting
from tests.e2e.instance import Instance
from tests.e2e.servers.snac import Snac
from tests.e2e.servers.wordpress import WordPress
from tests.e2e.test_plugin import FIELD, PLUGIN, Api

pytestmark = pytest.mark.e2e

HERE = Path(__file__).parent
# What the plugin may take until it has said something, and then some.
BUSY = 100


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A site whose own plugin shares its posts, and howdahs that share them too."""

    site: WordPress
    api: Api
    make: Callable[..., Howdah]

    def publish(self, slug: str, **fields: Any) -> int:
        """A new post. Its slug says how the plugin shares it: see sharing.php."""
        return self.api.publish(slug, slug=slug, **fields)

    def field(self, post_id: int) -> Any:
        """What the site shows of a post."""
        return self.api.get(f"wp/v2/posts/{post_id}", _fields=FIELD)[FIELD]

    def let_the_plugin_work(self) -> None:
        """Let the time of what it put off come."""
        assert self.site.pass_cron_time("sharing_later", seconds=120)
        self.site.run_cron()


@pytest.fixture(scope="module")
def paper(wordpress_beside: WordPress, snac: Snac, tmp_path_factory: pytest.TempPathFactory) -> Paper:
    """The companion is there too, so that howdah can say what it has shared."""
    site = wordpress_beside
    site.add_must_use(HERE / "plugin/beside.php", HERE / "plugin/sharing.php")
    site.add_plugin(PLUGIN)
    site.set_option("sharing_on", {"url": snac.url, "token": snac.token})

    def make(**settings: Setting) -> Howdah:
        folder = tmp_path_factory.mktemp("howdah")
        (folder / "wp-password").touch(mode=0o600)
        (folder / "wp-password").write_text(site.app_password)
        login: dict[str, Setting] = {"user": "editor", "password_file": "wp-password", "write_back": True}
        howdah = Howdah(folder, wordpress_url=site.url, instance=snac, site=login | settings)
        howdah.sync()
        return howdah

    return Paper(site=site, api=Api(site, "editor", site.app_password), make=make)


def let_time_pass(howdah: Howdah, *, seconds: int) -> None:
    """As if the shares that wait had been made so much sooner."""
    with sqlite3.connect(howdah.folder / "howdah.db") as store:
        sooner = "UPDATE shares SET created_at = created_at - ?, next_attempt_at = next_attempt_at - ?"
        store.execute(f"{sooner} WHERE next_attempt_at IS NOT NULL", (seconds * 1000, seconds * 1000))


def test_adopt(paper: Paper, on_snac: Instance) -> None:
    """What the plugin shared is adopted; what it may be sharing is waited for, and the account read before a send.

    Its error is told, and nobody waits then. A box that its author left unticked keeps a new post back: on an older one
    the plugin shows it so whatever its author chose.
    """
    howdah = paper.make()
    unticked: dict[str, Any] = {"meta": {"_share_on_mastodon": "0"}}
    at_once, lost, later, refused = (paper.publish(slug) for slug in ("at-once", "lost", "later", "refused"))
    kept_back, old = paper.publish("unticked", **unticked), paper.publish("old", date="2026-11-01T12:00:00", **unticked)

    said = howdah.run("--log-format", "text", "sync", "--no-wait").err

    assert f"Share on Mastodon was refused: {SITE}/{refused}: Validation failed: Text is too long" in said
    states = dict.fromkeys((at_once, refused), "shared") | {kept_back: "skipped"}
    states |= dict.fromkeys((lost, later, old), "pending")
    assert states == states_of(howdah, *states)

    let_time_pass(howdah, seconds=BUSY)
    howdah.sync()
    paper.let_the_plugin_work()

    for share in shares_of(howdah, *states):
        wanted = 0 if share["post_id"] == kept_back else 1
        found = on_snac.about(share["link"])
        assert wanted == len(found), share
        assert [share["share_on_mastodon"]["url"]] * wanted == [posted.url for posted in found]
        if wanted:
            assert share["share_on_mastodon"] == paper.field(share["post_id"])


def test_defer(paper: Paper, on_snac: Instance) -> None:
    """The plugin goes first, however late it is within `defer_for`; howdah shares what is left then."""
    howdah = paper.make(plugin="defer", defer_for="1h")
    later, refused = paper.publish("later-than-howdah"), paper.publish("refused-for-good")
    howdah.sync("--no-wait")
    let_time_pass(howdah, seconds=1800)
    howdah.sync("--no-wait")
    assert {later: "pending", refused: "pending"} == states_of(howdah, later, refused)

    paper.let_the_plugin_work()
    let_time_pass(howdah, seconds=1800)
    howdah.sync()

    assert {later: "shared", refused: "shared"} == states_of(howdah, later, refused)
    assert [1, 1] == [len(on_snac.about(share["link"])) for share in shares_of(howdah, later, refused)]


def states_of(howdah: Howdah, *post_ids: int) -> dict[int, str]:
    """The state of each of these posts' only share."""
    return {share["post_id"]: share["state"] for share in shares_of(howdah, *post_ids)}


def shares_of(howdah: Howdah, *post_ids: int) -> list[dict[str, Any]]:
    """The shares of these posts."""
    return [share for share in howdah.shares() if share["post_id"] in post_ids]
