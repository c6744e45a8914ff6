"""What follows after a post was shared: edits, deletions, boosts, from the command line to the instance."""

import signal
import sqlite3
import subprocess
from contextlib import closing
from datetime import timedelta

import pytest

from bot.sandbox.faults import LoseAnswer
from bot.sandbox.mastodon import SandboxMastodon
from tests.integration.cli.conftest import ACCOUNT, PATIENCE, SITE, Howdah
from tests.sandbox.faults import Status
from tests.sandbox.wordpress import EditableWordPress


def an_hour_later(howdah: Howdah) -> None:
    """Let an hour pass for all that is followed."""
    columns = ("next_check_at", "edited_at", "gone_since")
    hour = timedelta(hours=1) // timedelta(milliseconds=1)
    with closing(sqlite3.connect(howdah.folder / "howdah.db")) as connection, connection:
        earlier = ", ".join(f"{name} = {name} - {hour}" for name in columns)
        connection.execute(f"UPDATE followed SET {earlier}")  # noqa: S608 - our own names


@pytest.fixture
def post(howdah: Howdah, wordpress: EditableWordPress) -> int:
    """A post of an hour ago that was shared, and another one; edits and deletions follow."""
    howdah.set(f"accounts.{ACCOUNT}", {"on_edit": "edit", "on_delete": "delete"})
    howdah.run("sync")
    post_id = wordpress.publish(title="Old words", date=wordpress.now() - timedelta(hours=1))
    wordpress.publish(title="Another one", date=wordpress.now() - timedelta(minutes=50))
    howdah.run("sync")
    return post_id


class TestFollow:
    """A pass follows what was shared before."""

    def test_an_edit(self, post: int, howdah: Howdah, wordpress: EditableWordPress, mastodon: SandboxMastodon) -> None:
        """The status says the new words; `show` has the history, and nothing was published a second time."""
        wordpress.edit(post, title="New words")
        an_hour_later(howdah)
        done = howdah.run("sync", "--json")
        shown = howdah.run("show", str(post))

        status = mastodon.statuses[0]
        assert (0, [post]) == (done.code, [line["post_id"] for line in done.lines])
        assert (2, "New words") == (len(mastodon.statuses), status.text.splitlines()[0])
        assert "Old words" == status.earlier[0].text.splitlines()[0]
        assert "edit: edited: text" in shown.out
        assert "| New words" in shown.out

    def test_an_edit_that_moves(
        self, post: int, howdah: Howdah, wordpress: EditableWordPress, mastodon: SandboxMastodon
    ) -> None:
        """The url in the list is the status' new one."""
        mastodon.moves_edited = True
        before = mastodon.statuses[0].id
        wordpress.edit(post, title="New words")
        an_hour_later(howdah)
        howdah.run("sync")

        status = next(status for status in mastodon.statuses if "New words" in status.text)
        urls = [line["share_on_mastodon"]["url"] for line in howdah.shares() if line["post_id"] == post]
        assert before != status.id
        assert [f"{mastodon.url}/@{ACCOUNT}/{status.id}"] == urls

    def test_nothing_has_changed(self, post: int, howdah: Howdah, mastodon: SandboxMastodon) -> None:
        """A light request, and nothing else."""
        an_hour_later(howdah)
        mastodon.requests.clear()
        done = howdah.run("sync", "--json")

        assert (0, "", []) == (done.code, done.out, mastodon.requests)

    def test_a_deletion(
        self, post: int, howdah: Howdah, wordpress: EditableWordPress, mastodon: SandboxMastodon
    ) -> None:
        """Seen twice, an hour apart: the status is gone, and the list says why."""
        wordpress.trash(post)
        an_hour_later(howdah)
        howdah.run("sync")
        assert 2 == len(mastodon.statuses)

        an_hour_later(howdah)
        done = howdah.run("sync", "--json")
        assert ["Another one"] == [status.text.splitlines()[0] for status in mastodon.statuses]
        assert [(post, "skipped")] == [(line["post_id"], line["state"]) for line in done.lines]
        expected = {"url": "", "error": "the post is gone from the site; its status was deleted"}
        assert expected == done.object["share_on_mastodon"]

    def test_a_refused_edit_is_left_undone(
        self, post: int, howdah: Howdah, wordpress: EditableWordPress, mastodon: SandboxMastodon
    ) -> None:
        """Exit code 1, with the instance's words."""
        mastodon.faults.add(match="PUT /api/v1/statuses/*", fault=Status(422, {"error": "not today"}))
        wordpress.edit(post, title="New words")
        an_hour_later(howdah)
        done = howdah.run("sync")

        assert 1 == done.code
        assert "doesn't follow its post: edit: refused (422)" in done.err
        assert "not today" in done.err
        assert f"needs you: {SITE}/{post} on {ACCOUNT} doesn't follow its post: edit: " in howdah.run("status").out
        assert f"{SITE}/{post} on {ACCOUNT}: left as it is\n" == howdah.run("skip", str(post)).out
        assert "nothing needs you\n" in howdah.run("status").out

    def test_a_site_that_closed_its_api(
        self, post: int, howdah: Howdah, wordpress: EditableWordPress, mastodon: SandboxMastodon
    ) -> None:
        """401 for everything is no post gone."""
        closed = Status(401, {"code": "rest_forbidden", "message": "no", "data": {"status": 401}})
        wordpress.faults.add(match="GET /wp-json/wp/v2/*", fault=closed)
        for _ in range(3):
            an_hour_later(howdah)
            howdah.run("sync")

        assert 2 == len(mastodon.statuses)

    def test_the_daemon_follows(
        self, post: int, howdah: Howdah, wordpress: EditableWordPress, mastodon: SandboxMastodon
    ) -> None:
        """By itself, within its tick."""
        wordpress.edit(post, title="New words")
        an_hour_later(howdah)
        with howdah.daemon() as daemon:
            daemon.wait_for("edited: ")
            daemon.signal(signal.SIGTERM)
            done = daemon.end()

        assert 0 == done.code
        assert "New words" == mastodon.statuses[0].text.splitlines()[0]


class TestBoost:
    """`howdah boost`."""

    def test_the_status_is_boosted(self, post: int, howdah: Howdah, mastodon: SandboxMastodon) -> None:
        """Once; the second time that is said, and is no mistake."""
        url = f"{mastodon.url}/@{ACCOUNT}/{mastodon.statuses[0].id}"
        first, second = howdah.run("boost", f"{SITE}/{post}"), howdah.run("boost", str(post), "--account", ACCOUNT)

        assert (0, f"{SITE}/{post} on {ACCOUNT}: boosted {url}\n", "") == (first.code, first.out, first.err)
        assert (0, f"{SITE}/{post} on {ACCOUNT}: was boosted already\n") == (second.code, second.out)
        assert "before" == howdah.run("boost", str(post), "--json").object["boosted"]
        assert [mastodon.statuses[0]] == [status.reblog for status in mastodon.statuses if status.reblog]
        assert "boost: boosted" in howdah.run("show", str(post)).out

    def test_not_shared_yet(self, howdah: Howdah) -> None:
        """Exit code 1, and what to do."""
        howdah.run("sync")
        [line] = howdah.shares("--all")
        done = howdah.run("boost", str(line["post_id"]))

        assert (1, "") == (done.code, done.out)
        assert f"`howdah share {SITE}/{line['post_id']}` shares it" in done.err

    def test_no_answer(self, post: int, howdah: Howdah, mastodon: SandboxMastodon) -> None:
        """Exit code 1: nobody knows; asked again, it is known."""
        mastodon.faults.add(match="POST /api/v1/statuses/*/reblog", fault=LoseAnswer(), times=1)
        done = howdah.run("boost", str(post))

        assert (1, "") == (done.code, done.out)
        assert "nobody knows whether it was boosted" in done.err
        assert "was boosted already" in howdah.run("boost", str(post)).out

    def test_mistakes(self, post: int, howdah: Howdah) -> None:
        """Exit code 2: no such account, no such post's name."""
        assert 2 == howdah.run("boost", str(post), "--account", "nobody").code
        assert 2 == howdah.run("boost", "what?").code
        assert 1 == howdah.run("boost", "https://elsewhere.example/1/").code


class TestMending:
    """`howdah edit` and `howdah delete`."""

    def test_the_words_change(self, post: int, howdah: Howdah, mastodon: SandboxMastodon) -> None:
        """On the account at once, and recorded; as JSON where that is wanted."""
        done = howdah.run("edit", str(post), "--text", "Corrected.", "--json")

        assert (0, "") == (done.code, done.err)
        assert "shared" == done.object["state"]
        assert mastodon.statuses[0].text.startswith("Corrected.\n\nhttp")
        assert "edit: edited" in howdah.run("show", str(post)).out

    def test_the_status_is_deleted(self, post: int, howdah: Howdah, mastodon: SandboxMastodon) -> None:
        """Only with --yes, or where a person agrees; afterwards a sync leaves it so."""
        refused, done = howdah.run("delete", str(post), "--json"), howdah.run("delete", str(post), "--yes")
        howdah.run("sync")

        assert (1, "", 0) == (refused.code, refused.out, done.code)
        assert f"{SITE}/{post} on {ACCOUNT}: http" in refused.err
        assert f"{SITE}/{post} on {ACCOUNT}: deleted\n" == done.out
        assert (1, 1) == (len(mastodon.statuses), len(mastodon.deleted))
        assert ["skipped"] == [line["state"] for line in howdah.shares() if line["post_id"] == post]

    def test_ctrl_c_at_the_question_ends_it(self, post: int, howdah: Howdah, mastodon: SandboxMastodon) -> None:
        """At once: nothing is in hand yet that is to be finished."""
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job has it ignored
        pipe = subprocess.PIPE
        with subprocess.Popen(howdah.command("delete", str(post)), stdin=pipe, stderr=pipe) as process:
            assert process.stderr is not None
            asked = b""
            while not asked.endswith(b"[y/N]: "):
                piece = process.stderr.read(1)
                assert piece, asked
                asked += piece
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)

        assert process.returncode in {130, -signal.SIGINT}  # to a shell both are 130
        assert [] == mastodon.deleted

    def test_what_is_not_shared(self, post: int, howdah: Howdah) -> None:
        """Exit code 1, and why."""
        howdah.run("delete", str(post), "--yes")
        done = howdah.run("edit", str(post), "--text", "x")

        assert 1 == done.code
        assert "isn't shared: there is no status to edit" in done.err
