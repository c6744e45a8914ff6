"""`howdah adopt`, `import` and `backfill`, over real HTTP."""

from datetime import timedelta

import pytest

from tests.integration.cli.conftest import ACCOUNT, SITE, TOKEN
from tests.unit.sandbox.client import call


@pytest.fixture
def links(howdah, wordpress):
    """A site on which everything would be shared: the links of its three posts, oldest first."""
    howdah.set(f"sites.{SITE}", {"first_run": "all"})
    for number in (1, 2):
        wordpress.publish(title=f"Post {number}", date=wordpress.now() - timedelta(hours=3 - number))
    listing = call(f"{wordpress.url}/wp-json/wp/v2/posts?_fields=link&order=asc").json()
    return [post["link"] for post in listing]


def test_adopt(howdah, links, mastodon):
    """What another tool has published is marked with its url; a sync shares the rest alone."""
    call(f"{mastodon.url}/api/v1/statuses", "POST", form={"status": f"By hand: {links[0]}"}, token=TOKEN)
    adopted = howdah.run("adopt", SITE, "--json")
    synced = howdah.run("sync", "--json")

    numbers = {"statuses": 1, "marked": 1, "unknown": 0, "shortened": 0}
    assert {"site": SITE, "account": ACCOUNT, **numbers, "done": True} == adopted.object
    assert links[1:] == [line["link"] for line in synced.lines if line["state"] == "shared"]
    assert 3 == len(mastodon.statuses)
    [line] = [line for line in howdah.shares() if line["link"] == links[0]]
    assert mastodon.statuses[0].id in line["share_on_mastodon"]["url"]
    assert 0 == howdah.run("delete", links[0], "--yes").code


def test_import(howdah, links, mastodon, tmp_path):
    """The state of another tool, twice: the second time there is nothing left to mark."""
    (tmp_path / "feed2toot.db").write_text(f"{links[0]}\n{links[1]}\n")
    said = [howdah.run("import", "feed2toot", str(tmp_path / "feed2toot.db"), "--site", SITE) for _ in range(2)]
    howdah.run("sync")

    assert f"{ACCOUNT}: 2 entries read, 2 posts of {SITE} marked as shared\n" == said[0].out
    assert "0 posts" in said[1].out
    assert 1 == len(mastodon.statuses)


def test_a_file_of_another_kind(howdah, tmp_path):
    """Exit code 2."""
    done = howdah.run("import", "feed2fedi", str(tmp_path / "none"), "--site", SITE)

    assert (2, "") == (done.code, done.out)


def test_backfill(howdah, wordpress, mastodon):
    """Said before it is done; queued, and published by a sync; called again there is nothing more."""
    howdah.set(f"sites.{SITE}", {"max_age": "1h"})
    howdah.set(f"accounts.{ACCOUNT}", {"images": "card"})
    for days in (30, 20, 10):
        wordpress.publish(title=f"{days} days old", date=wordpress.now() - timedelta(days=days))
    howdah.run("sync")
    dry = howdah.run("backfill", SITE, "--since", "25d", "--dry-run", "--json")

    assert ({"posts": 3, "seconds": 0}, []) == (dry.object, mastodon.statuses)

    queued = howdah.run("backfill", SITE, "--since", "25d")
    howdah.run("sync")

    assert queued.out.startswith(f"{ACCOUNT}: 3 posts queued; 3 waiting")
    assert ["20 days old", "10 days old", "Yesterday’s news"] == [one.text.splitlines()[0] for one in mastodon.statuses]
    assert 0 == howdah.run("backfill", SITE, "--since", "25d", "--json").object["posts"]


def test_a_span_that_is_none(howdah):
    """Exit code 2."""
    assert 2 == howdah.run("backfill", SITE, "--since", "1d", "--until", "2d").code
