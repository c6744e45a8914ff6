"""The commands that show: list, show, status, preview, config."""

import re
import subprocess

import pytest

from benchmarks.filling import fill
from bot.sandbox.faults import LoseAnswer
from bot.sandbox.images import png
from bot.sandbox.mastodon import SandboxMastodon
from bot.sandbox.wordpress import SandboxWordPress
from tests.integration.cli.conftest import ACCOUNT, SITE, Howdah, Settings
from tests.integration.cli.test_sync import KEYS
from tests.sandbox.faults import Status
from tests.sandbox.wordpress import EditableWordPress


@pytest.fixture
def shared(howdah: Howdah, wordpress: SandboxWordPress) -> int:
    """A post that a pass has shared."""
    howdah.run("sync")
    post_id = wordpress.publish(title="Fresh & new", excerpt="Read it today.")
    howdah.run("sync")
    return post_id


class TestList:
    """Shares, newest first."""

    def test_json(self, shared: int, howdah: Howdah, mastodon: SandboxMastodon) -> None:
        """An object a line, in the shape that WordPress shows."""
        assert ["shared"] == [line["state"] for line in howdah.shares()]
        lines = howdah.shares("--all")
        url = f"{mastodon.url}/@{ACCOUNT}/{mastodon.statuses[0].id}"

        assert [KEYS, KEYS] == [list(line) for line in lines]
        assert ["shared", "skipped"] == [line["state"] for line in lines]
        assert {"url": url, "error": ""} == lines[0]["share_on_mastodon"]
        assert lines[1]["share_on_mastodon"]["error"].startswith("was there before")
        assert [None, None] == [line["next_attempt_at"] for line in lines]
        assert all(line["created_at"].endswith("Z") for line in lines)

    def test_filters(self, shared: int, howdah: Howdah) -> None:
        """By site, account and state, by words and time, and at most so many."""
        states = {
            "--state skipped": ["skipped"],
            "--state held": [],
            f"--site {SITE} --account {ACCOUNT}": ["shared"],
            f"--site {SITE} --account {ACCOUNT} --all": ["shared", "skipped"],
            "--search fresh --since 1d": ["shared"],
            "--search stale": [],
            "--since 2100-01-01": [],
            "--limit 1": ["shared"],
        }

        assert states == {asked: [line["state"] for line in howdah.shares(*asked.split())] for asked in states}

    def test_how_many_more_there_are(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """The last line says it, on stderr, whatever narrows the list; where all is shown, nothing does."""
        howdah.run("sync")
        for title in ("One heron", "Two herons", "Three herons"):
            wordpress.publish(title=title)
        howdah.run("sync")
        said = {
            asked: howdah.run("list", "--json", *asked.split()).err.splitlines()[-1:]
            for asked in (
                "--limit 1",
                f"--limit 1 --account {ACCOUNT} --state shared",
                "--limit 1 --search heron",
                "--all",
            )
        }

        assert [[f"{n} more: --limit N or --all lists them"] for n in (2, 2, 2)] == list(said.values())[:-1]
        assert [] == said["--all"]

    def test_a_thousand_more_are_not_counted_one_by_one(self, howdah: Howdah) -> None:
        """Where a date or words narrow the list; where nothing does it is known how many there are."""
        fill(f"sqlite:///{howdah.folder / 'howdah.db'}", 1002)
        said = {"--since 30d": "over 1000", "--search old.example": "over 1000", "--state shared": "1001"}

        for words, left in said.items():
            last = howdah.run("list", "--limit", "1", *words.split()).err
            assert f"{left} more: --limit N or --all lists them\n" == last

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
        assert row["text"].startswith("Fresh & new\n\nRead it today.\n\nhttp://")
        assert ["at", "step", "outcome", "detail"] == list(row["history"][-1])
        assert ("publish", "shared") == (row["history"][-1]["step"], row["history"][-1]["outcome"])

    def test_text(self, shared: int, howdah: Howdah) -> None:
        """The same for people."""
        said = howdah.run("show", f"{SITE}/{shared}").out

        assert said.startswith("Fresh & new\nhttp://")
        assert "publish: shared" in said
        assert "  | Read it today." in said

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
        assert "needs you: nothing is at work: no site was ever looked at; start `howdah run`" in done.out
        assert 1 == howdah.run("status", "--check").code

    def test_json(self, shared: int, howdah: Howdah) -> None:
        """One object."""
        said = howdah.run("status", "--json").object

        assert ["ok", "sites", "accounts", "shares", "oldest_pending", "needs_person", "at_work"] == list(said)
        assert (True, {"shared": 1, "skipped": 1}, None, []) == (
            said["ok"],
            said["shares"],
            said["oldest_pending"],
            said["needs_person"],
        )
        assert said["accounts"][0]["statuses_left"] < 300
        assert 0 == howdah.run("status", "--check").code
        assert said["sites"][0]["looked_at"] < said["sites"][0]["next_look_at"]

    def test_what_needs_a_person(self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon) -> None:
        """A crowd is held, an account rests, a site is gone: each is said with what to do; the exit code stays 0."""
        howdah.set(f"sites.{SITE}", {"max_burst": 0})
        howdah.run("sync")
        wordpress.publish(title="One of a crowd")
        howdah.run("sync")
        mastodon.disable(ACCOUNT)
        howdah.run("retry", "--held", "--yes")
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
        howdah.run("sync", "--no-wait")
        wordpress.faults.add(fault=Status(503))
        for _ in range(3):
            howdah.set(f"sites.{SITE}", {"poll_every": "1ms"})
            howdah.run("sync", "--no-wait")

        assert f"needs you: site {SITE} failed 3 times in a row: " in howdah.run("status").out

    def test_an_unknown_share_holds_up_its_account(
        self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon
    ) -> None:
        """It is named, with the time at which it is looked for and how many posts wait behind it."""
        howdah.set(f"accounts.{ACCOUNT}", {"answer_deadline": "1h"})
        howdah.run("sync")
        unknown = wordpress.publish(title="Is it there?")
        wordpress.publish(title="Behind it")
        mastodon.faults.add(match="POST /api/v1/statuses", fault=LoseAnswer(), times=1)
        howdah.run("sync", "--no-wait")
        said = howdah.run("status").out
        [account] = howdah.run("status", "--json").object["accounts"]

        looked_for = account["waits_for"]["next_attempt_at"][11:16]
        assert (
            f"account {ACCOUNT}: waits for {SITE}/{unknown}, whose publish went unanswered; "
            f"it is looked for at {looked_for} UTC; 1 post behind it\n"
        ) in said
        assert "ready" not in said
        assert (unknown, 1, None) == (account["waits_for"]["post_id"], account["waiting"], account["last_at"])

    def test_how_long_a_backlog_takes(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """When the last one goes out, and what it waits for."""
        howdah.set(f"accounts.{ACCOUNT}", {"min_interval": "1h"})
        howdah.run("sync")
        for number in range(3):
            wordpress.publish(title=f"Post {number}")
        told = howdah.run("sync", "--no-wait").out
        [account] = howdah.run("status", "--json").object["accounts"]

        foretold = rf"{ACCOUNT}: 2 waiting, the last one at about [\d :-]+ UTC \(min_interval 1 h\)\n"
        assert re.search(rf"1 shared, 2 pending\n{foretold}|2 pending, 1 shared\n{foretold}|{foretold}\Z", told)
        assert re.search(rf"account {foretold}", howdah.run("status").out)
        assert (2, ["min_interval 1 h"], None) == (account["waiting"], account["held_up_by"], account["waits_for"])
        assert account["last_at"].endswith("Z")


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
        link = len(wordpress.link(post_id))

        assert 0 == done.code
        assert "  | Fresh" in done.out
        assert "of 500 characters" in done.out
        assert f"  counts:     text 7 + link {link}\n" in done.out
        assert "  counted by: mastodon 4." in done.out
        assert "  visibility: public" in done.out
        assert re.search(r"  its file:   64 × 64, image/png, \d+ bytes; sent as it is\n", done.out)
        assert "  its text:   (none)" in done.out

    def test_what_counts_and_what_becomes_of_images(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """The same for programs."""
        post_id = wordpress.publish(title="Fresh", image=(png(64, 64), "A heron"))
        said = howdah.run("preview", str(post_id), "--json").object
        [media] = said["media"]

        assert said["length"] == sum(part["count"] for part in said["counted"]["parts"])
        assert ("mastodon", ["text", "link"]) == (
            said["counted"]["rule"],
            [part["name"] for part in said["counted"]["parts"]],
        )
        assert (64, 64, "image/png", "sent as it is") == tuple(
            media[key] for key in ("width", "height", "mime_type", "fate")
        )
        assert {"mime_type": "image/png", "bytes": media["bytes"]} == media["sent"]
        assert ([], "", []) == (said["rules"], said["would_skip"], said["mentions"])

    def test_an_image_that_can_not_be_had(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """The status would go without it, and why is said."""
        post_id = wordpress.publish(title="Fresh", image=(b"<html>no picture</html>", "A heron"))
        [media] = howdah.run("preview", str(post_id), "--json").object["media"]

        assert media["sent"] is None
        assert media["fate"].startswith("left out: ")
        assert "  its file:   64" not in howdah.run("preview", str(post_id)).out

    @pytest.mark.parametrize(
        ("settings", "why"),
        [
            ({}, "the post has none"),
            ({"images": "card"}, "the picture is left to the link's preview card (images)"),
            ({"max_images": 0}, "none is wanted (max_images)"),
        ],
        ids=str,
    )
    def test_without_an_image(self, settings: Settings, why: str, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """It is said why."""
        howdah.set(f"accounts.{ACCOUNT}", settings)
        image = (png(64, 64), "") if settings else None
        post_id = wordpress.publish(title="Fresh", image=image)

        assert f"  image:      none: {why}\n" in howdah.run("preview", str(post_id)).out

    def test_an_instance_that_takes_no_images(
        self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon
    ) -> None:
        """That is said too."""
        mastodon.max_media_attachments = 0
        post_id = wordpress.publish(title="Fresh", image=(png(64, 64), ""))

        assert "  image:      none: the instance takes none\n" in howdah.run("preview", str(post_id)).out

    def test_rules_and_filters(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """Which rule shaped it, and which filter would keep howdah from sharing it."""
        howdah.set(f"sites.{SITE}.only.{ACCOUNT}", {"tags": ["Birds"]})
        howdah.set(f"[accounts.{ACCOUNT}.rules]", {"sites": [SITE], "visibility": "unlisted", "spoiler_text": "Ponds"})
        post_id = wordpress.publish(title="Fresh")
        said = howdah.run("preview", str(post_id), "--json").object
        reason = f"excluded: has none of the wanted tags (only.{ACCOUNT}.tags)"
        done = howdah.run("preview", str(post_id)).out

        assert ("unlisted", "Ponds", reason) == (said["visibility"], said["spoiler_text"], said["would_skip"])
        assert [f'rule 1 (sites "{SITE}") sets visibility, spoiler_text'] == said["rules"]
        assert f"howdah would skip this post by itself: {reason}" in said["notes"]
        assert f'  shaped by:  rule 1 (sites "{SITE}") sets visibility, spoiler_text\n' in done
        assert " + content warning 5\n" in done

    def test_a_skip_says_its_key(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """`show` names the filter that decided."""
        howdah.set(f"sites.{SITE}", {"min_length": 400, "title": "^Review"})
        howdah.run("sync")
        post_id = wordpress.publish(title="Fresh")
        howdah.run("sync")

        assert "excluded: the title doesn't match title = '^Review'" in howdah.run("show", f"{SITE}/{post_id}").out

    def test_the_latest(self, howdah: Howdah, wordpress: EditableWordPress) -> None:
        """The newest first, whatever their age."""
        newest = wordpress.publish(title="Fresh")
        oldest = min(wordpress.posts)
        lines = howdah.run("preview", "--latest", "5", "--json").lines

        assert [newest, oldest] == [line["post_id"] for line in lines]
        assert [newest] == [line["post_id"] for line in howdah.run("preview", "--latest", "1", "--json").lines]
        for post_id in (newest, oldest):
            wordpress.trash(post_id)
        none = howdah.run("preview", "--latest", "1")
        assert (0, "", f"site {SITE} has no post yet\n") == (none.code, none.out, none.err)

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

    def test_a_site_that_has_nothing_to_read(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """Exit code 1, and the site is named."""
        wordpress.faults.add(fault=Status(404))
        done = howdah.run("preview", "--latest", "2")

        assert (1, "") == (done.code, done.out)
        assert done.err.startswith(f"Error: site {SITE}: no WordPress REST API found")

    def test_an_unknown_post(self, howdah: Howdah) -> None:
        """Exit code 1."""
        done = howdah.run("preview", "4711", "--json")

        assert (1, "") == (done.code, done.out)
        assert "4711" in done.err
