"""`howdah check`: what works, what doesn't, what to do."""

from bot.sandbox.mastodon import SandboxMastodon
from bot.sandbox.mastodon_entities import App
from bot.sandbox.wordpress import SandboxWordPress
from tests.integration.cli.conftest import ACCOUNT, SITE, Howdah
from tests.sandbox.faults import Status


class TestAllIsWell:
    """Everything works."""

    def test_is_said_line_by_line(self, howdah: Howdah, mastodon: SandboxMastodon) -> None:
        """Exit code 0."""
        done = howdah.run("check")

        assert (0, "") == (done.code, done.err)
        assert ["config", "store:", "site", "account"] == [line.split()[1] for line in done.out.splitlines()]
        assert all(line.startswith("✓ ") for line in done.out.splitlines())
        assert f"@{ACCOUNT}" in done.out
        assert "500 characters" in done.out
        assert f"its rules: {mastodon.url}/about" in done.out

    def test_what_a_person_lets_rest(self, howdah: Howdah) -> None:
        """It works, and is said to rest."""
        howdah.run("pause", SITE)
        howdah.run("pause", ACCOUNT)
        said = howdah.run("check")

        assert 0 == said.code
        for name in (f"site {SITE}", f"account {ACCOUNT}"):
            assert f"✓ {name}: paused by hand; `howdah resume {name.split()[1]}` ends it" in said.out

    def test_posts_that_lie_elsewhere(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """Where url is the address of a page: all can be read, but no link in a status leads to a post of it."""
        howdah.set(f"sites.{SITE}", {"url": f"{wordpress.url}/wp-json"})
        link = wordpress.link(wordpress.publish(title="Here"))
        done = howdah.run("check")

        assert (0, True) == (done.code, f"Its posts lie elsewhere ({link})" in done.out)

    def test_json(self, howdah: Howdah) -> None:
        """One object with every finding."""
        said = howdah.run("check", "--json").object

        assert ["ok", "checks"] == list(said)
        assert said["ok"]
        assert {"kind", "name", "ok", "message", "advice"} == set(said["checks"][0])
        assert [("config", True), ("store", True), ("site", True), ("account", True)] == [
            (check["kind"], check["ok"]) for check in said["checks"]
        ]


class TestSomethingIsWrong:
    """Exit code 1, and the rest is looked at all the same."""

    def test_a_site_that_is_down(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """With what to do."""
        wordpress.faults.add(fault=Status(503))
        done = howdah.run("check")

        assert 1 == done.code
        assert f"✗ site {SITE}: " in done.out
        assert "Open the site's address in a browser" in done.out
        assert f"✓ account {ACCOUNT}: " in done.out

    def test_a_token_that_is_refused(self, howdah: Howdah, mastodon: SandboxMastodon) -> None:
        """With what to do."""
        mastodon.tokens.clear()
        done = howdah.run("check")

        assert 1 == done.code
        assert f"✗ account {ACCOUNT}: " in done.out
        assert "Make a new token" in done.out

    def test_an_instance_that_is_away(self, howdah: Howdah, mastodon: SandboxMastodon) -> None:
        """With what to do."""
        mastodon.stop()
        done = howdah.run("check")

        assert 1 == done.code
        assert "can be reached from this machine" in done.out

    def test_a_token_file_that_others_can_read(self, howdah: Howdah) -> None:
        """It is the account's finding; its instance isn't asked."""
        howdah.token_file.chmod(0o644)
        done = howdah.run("check")

        assert 1 == done.code
        assert f"✗ account {ACCOUNT}: " in done.out
        assert "chmod 600" in done.out

    def test_a_store_that_cannot_be_used(self, howdah: Howdah) -> None:
        """The sites and the accounts are looked at without it."""
        (howdah.folder / "howdah.db").write_text("this is not a database, and never was one")
        done = howdah.run("check")

        assert 1 == done.code
        assert "✗ store: " in done.out
        assert f"✓ account {ACCOUNT}: " in done.out

    def test_a_wrong_config(self, howdah: Howdah) -> None:
        """Exit code 2, every problem, as JSON too."""
        howdah.set(f"sites.{SITE}", {"poll_every": "often", "max_burst": -1})
        done = howdah.run("check", "--json")

        assert (2, False) == (done.code, done.object["ok"])
        assert ["config", "config"] == [check["kind"] for check in done.object["checks"]]


class TestScopes:
    """What a token may do is asked before it is needed."""

    def test_one_that_lacks_some(self, howdah: Howdah, mastodon: SandboxMastodon) -> None:
        """It is said which, and how to get another token."""
        app = App(id="9", name="Too little", scopes=frozenset({"profile", "read:statuses", "write:statuses"}))
        token = mastodon.issue(app, app.scopes, account=mastodon.accounts[ACCOUNT])
        (howdah.folder / "herald.token").write_text(token)
        done = howdah.run("check")

        assert 1 == done.code
        assert f"account {ACCOUNT}: @{ACCOUNT} at {mastodon.url}: its token lacks write:media" in done.out
        assert f"`howdah login {ACCOUNT}`" in done.out
        assert done.out.endswith("1 of 4 checks went wrong\n")


class TestMended:
    """An account rested, and works again."""

    def test_its_pause_ends(self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon) -> None:
        """The next pass shares what waited."""
        mastodon.disable(ACCOUNT)
        howdah.run("share", str(wordpress.publish(title="Waiting")))
        mastodon.enable(ACCOUNT)
        paused = howdah.run("status", "--json").object["accounts"][0]["paused_until"]
        howdah.run("check")
        howdah.run("sync")

        assert paused is not None
        assert 1 == len(mastodon.statuses)

    def test_a_firewall_that_takes_no_status(
        self, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon
    ) -> None:
        """The account works, and yet nothing goes out: it stays wrong until something does, but is tried at once."""
        howdah.run("sync")
        page = Status(403, "<title>Just a moment...</title>")
        mastodon.faults.add(fault=page, match="POST /api/v1/statuses")
        for title in "ABC":
            wordpress.publish(title=title)
        passed, checked = howdah.run("sync"), howdah.run("check")
        status = howdah.run("status", "--check")
        said = f"account {ACCOUNT}: the instance refuses one status after another (403): "
        mastodon.faults.clear()
        howdah.run("sync")

        assert (1, 1, 1) == (passed.code, checked.code, status.code)
        assert all(said in text and "Just a moment" in text for text in (passed.err, checked.out, status.out))
        assert 0 == howdah.run("status", "--check").code
        assert 1 <= len(mastodon.statuses)
