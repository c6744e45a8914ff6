"""The commands that show: list, show, status, preview, config."""

import json
import subprocess

import pytest

from bot.sandbox.faults import Status
from bot.sandbox.images import png
from bot.sandbox.mastodon import SandboxMastodon
from bot.sandbox.wordpress import SandboxWordPress
from tests.integration.cli.conftest import ACCOUNT, SITE, Howdah
from tests.integration.cli.test_sync import KEYS


@pytest.fixture
def shared(howdah: Howdah, wordpress: SandboxWordPress) -> int:
    """A post that a pass has shared."""
    howdah.run("sync")
    post_id = wordpress.publish(title="Fresh & new", excerpt="Read on.")
    howdah.run("sync")
    return post_id


class TestList:
    """Shares, newest first."""

    def test_json(self, shared: int, howdah: Howdah, mastodon: SandboxMastodon) -> None:
        """An object a line, in the shape that WordPress shows."""
        lines = howdah.shares()
        url = f"{mastodon.url}/@{ACCOUNT}/{mastodon.statuses[0].id}"

        assert [KEYS, KEYS] == [list(line) for line in lines]
        assert ["shared", "skipped"] == [line["state"] for line in lines]
        assert {"url": url, "error": ""} == lines[0]["share_on_mastodon"]
        assert lines[1]["share_on_mastodon"]["error"].startswith("was there before")
        assert [None, None] == [line["next_attempt_at"] for line in lines]
        assert all(line["created_at"].endswith("Z") for line in lines)

    @pytest.mark.parametrize(
        ("options", "states"),
        [
            (["--state", "skipped"], ["skipped"]),
            (["--state", "held"], []),
            (["--site", SITE, "--account", ACCOUNT], ["shared", "skipped"]),
            (["--limit", "1"], ["shared"]),
        ],
        ids=" ".join,
    )
    def test_filters(self, options: list[str], states: list[str], shared: int, howdah: Howdah) -> None:
        """By site, account and state, and at most so many."""
        assert states == [line["state"] for line in howdah.shares(*options)]

    def test_plain_lines_for_programs(self, shared: int, howdah: Howdah, mastodon: SandboxMastodon) -> None:
        """Without a terminal: fields apart by tabs."""
        first = howdah.run("list").out.splitlines()[0].split("\t")

        assert [f"{SITE}/{shared}", ACCOUNT, "shared"] == first[:3]
        assert [f"{mastodon.url}/@{ACCOUNT}/{mastodon.statuses[0].id}", "Fresh & new"] == first[4:]

    def test_unknown_names_are_asked_back(self, howdah: Howdah) -> None:
        """Exit code 2."""
        assert 2 == howdah.run("list", "--site", "ku").code
        assert 2 == howdah.run("list", "--account", "nobody").code

    def test_a_reader_that_goes_away(self, shared: int, howdah: Howdah) -> None:
        """`howdah list | head -0` ends without a word."""
        command = f"{' '.join(howdah.command('list'))} | true"
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)

        assert (0, "", "") == (done.returncode, done.stdout, done.stderr)


class TestShow:
    """Everything about one post."""

    def test_json(self, shared: int, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """One object: the post, its shares, each with its text and its history."""
        said = howdah.run("show", wordpress.link(shared), "--json").object
        [row] = said["shares"]

        assert ["site", "post_id", "link", "title", "shares"] == list(said)
        assert [*KEYS, "text", "history"] == list(row)
        assert row["text"].startswith("Fresh & new\n\nRead on.\n\nhttp://")
        assert ["at", "step", "outcome", "detail"] == list(row["history"][-1])
        assert ("publish", "shared") == (row["history"][-1]["step"], row["history"][-1]["outcome"])

    def test_text(self, shared: int, howdah: Howdah) -> None:
        """The same for people."""
        said = howdah.run("show", f"{SITE}/{shared}").out

        assert said.startswith("Fresh & new\nhttp://")
        assert "publish: shared" in said
        assert "  | Read on." in said

    @pytest.mark.parametrize("post", [f"{SITE}/4711", "{url}/nothing/"])
    def test_an_unknown_post(self, post: str, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """Exit code 1, and nobody is asked."""
        done = howdah.run("show", post.format(url=wordpress.url))

        assert (1, "") == (done.code, done.out)
        assert [] == wordpress.requests


class TestStatus:
    """Health at a glance."""

    def test_before_anything_happened(self, howdah: Howdah) -> None:
        """It says so."""
        done = howdah.run("status")

        assert 0 == done.code
        assert f"site {SITE}: never looked at" in done.out
        assert f"account {ACCOUNT}: ready, 300 statuses left" in done.out
        assert "nothing needs you" in done.out

    def test_json(self, shared: int, howdah: Howdah) -> None:
        """One object."""
        said = howdah.run("status", "--json").object

        assert ["ok", "sites", "accounts", "shares", "oldest_pending", "needs_person"] == list(said)
        assert (True, {"shared": 1, "skipped": 1}, None, []) == (
            said["ok"],
            said["shares"],
            said["oldest_pending"],
            said["needs_person"],
        )
        assert said["accounts"][0]["statuses_left"] < 300
        assert said["sites"][0]["looked_at"] < said["sites"][0]["next_look_at"]

    def test_what_needs_a_person(self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon) -> None:
        """A crowd is held, an account rests, a site is gone: each is said with what to do; the exit code stays 0."""
        howdah.set(f"sites.{SITE}", {"max_burst": 0})
        howdah.run("sync")
        wordpress.publish(title="One of a crowd")
        howdah.run("sync")
        mastodon.disable(ACCOUNT)
        howdah.run("retry", "--held")
        howdah.run("sync")
        wordpress.publish(title="Another one")
        howdah.run("sync")
        done, said = howdah.run("status"), howdah.run("status", "--json").object

        assert (0, False) == (done.code, said["ok"])
        assert "needs you: 1 share held: see `howdah list --state held`" in done.out
        assert f"account {ACCOUNT}: rests until" in done.out
        assert f"needs you: account {ACCOUNT}: the instance refuses the account (403)" in done.out
        assert "oldest pending: " in done.out
        assert said["accounts"][0]["pause_reason"].startswith("the instance refuses the account (403)")
        assert "pending" == said["oldest_pending"]["state"]

    def test_what_fails_again_and_again(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """A site that failed three times in a row needs a look."""
        wordpress.faults.add(fault=Status(503))
        for _ in range(3):
            howdah.set(f"sites.{SITE}", {"poll_every": "1ms"})
            howdah.run("sync", "--no-wait")

        assert f"needs you: site {SITE} failed 3 times in a row: " in howdah.run("status").out


class TestPreview:
    """The status as it would be."""

    def test_json(self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon) -> None:
        """Text, length, hashtags, media, visibility; no token is needed, nothing sent or stored."""
        howdah.token_file.unlink()
        image = (png(64, 64), "A heron")
        post_id = wordpress.publish(title="Fresh", tags=["Mill pond"], categories=["Birds"], image=image)
        said = howdah.run("preview", str(post_id), "--json").object

        assert (SITE, post_id, wordpress.link(post_id), ACCOUNT) == tuple(
            said[key] for key in ("site", "post_id", "link", "account")
        )
        assert said["text"].startswith("Fresh\n\nhttp://")
        assert len("Fresh\n\n") + len(wordpress.link(post_id)) + len("\n\n#MillPond #Birds") == said["length"]
        assert (500, ["#MillPond", "#Birds"], "public", []) == tuple(
            said[key] for key in ("limit", "hashtags", "visibility", "notes")
        )
        assert [("A heron", True)] == [(one["description"], one["url"].endswith(".png")) for one in said["media"]]
        assert ([], []) == (mastodon.statuses, howdah.shares())

    def test_text(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """For people."""
        post_id = wordpress.publish(title="Fresh", image=(png(64, 64), ""))
        done = howdah.run("preview", str(post_id))

        assert 0 == done.code
        assert "  | Fresh" in done.out
        assert "of 500 characters" in done.out
        assert "  visibility: public" in done.out
        assert "  its text:   (none)" in done.out

    def test_the_latest(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """The newest first, whatever their age."""
        newest = wordpress.publish(title="Fresh")
        oldest = min(wordpress.posts)
        lines = howdah.run("preview", "--latest", "5", "--json").lines

        assert [newest, oldest] == [line["post_id"] for line in lines]
        assert [newest] == [line["post_id"] for line in howdah.run("preview", "--latest", "1", "--json").lines]

    def test_limits_without_the_instance(
        self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon
    ) -> None:
        """500 characters, and a note; as remembered, where they are."""
        post_id = wordpress.publish(title="Fresh")
        mastodon.max_characters = 400
        howdah.run("check")
        mastodon.stop()
        remembered = howdah.run("preview", str(post_id), "--json").object
        (howdah.folder / "howdah.db").unlink()
        unknown = howdah.run("preview", str(post_id), "--json").object

        assert (400, 500) == (remembered["limit"], unknown["limit"])
        assert remembered["notes"][0].startswith("limits as remembered: ")
        assert unknown["notes"][0].startswith("limits unknown, 500 characters assumed: ")

    def test_notes(self, shared: int, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """A post that is shared already, one that howdah would skip."""
        protected = wordpress.publish(title="Members only", password="a-word")

        assert "note:       it is shared already: http://" in howdah.run("preview", str(shared)).out
        assert "would skip this post by itself: protected" in howdah.run("preview", str(protected)).out

    def test_a_site_that_is_down(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """Exit code 1, and the site is named."""
        wordpress.faults.add(fault=Status(503))
        done = howdah.run("preview", "--latest", "2")

        assert (1, "") == (done.code, done.out)
        assert done.err.startswith(f"Error: site {SITE}: ")

    def test_an_unknown_post(self, howdah: Howdah) -> None:
        """Exit code 1."""
        done = howdah.run("preview", "4711", "--json")

        assert (1, "") == (done.code, done.out)
        assert "4711" in done.err


class TestConfig:
    """The config itself."""

    def test_show_has_every_default_and_no_secret(self, howdah: Howdah) -> None:
        """As TOML."""
        said = howdah.run("config", "show").out

        assert f"[sites.{SITE}]" in said
        assert 'visibility = "public"' in said

    def test_schema(self, howdah: Howdah) -> None:
        """A JSON Schema, without any config."""
        howdah.config.unlink()
        schema = json.loads(howdah.run("config", "schema").out)

        assert "sites" in schema["properties"]
