"""`howdah share`: a person shares a post by hand."""

import pytest

from tests.e2e.howdah import SITE, Howdah, MakeHowdah, ShareLine, shared
from tests.e2e.instance import Instance
from tests.e2e.servers.wordpress import Draft, Made, WordPress

pytestmark = pytest.mark.e2e


@pytest.fixture
def howdah(make_howdah: MakeHowdah) -> Howdah:
    """One that has looked once, and shares by itself what is no older than two days."""
    howdah = make_howdah(site={"max_age": "2d"})
    howdah.sync()
    return howdah


@pytest.fixture
def old_post(wordpress: WordPress, howdah: Howdah, on_snac: Instance) -> Made:
    """A post that howdah doesn't know: it is dated so long ago that no look reaches back to it."""
    [made] = wordpress.publish(Draft(title="By hand", date_gmt="2020-02-29 12:00:00"))
    return made


class TestNamingAPost:
    """A post can be named in three ways."""

    @pytest.mark.parametrize("form", ["{link}", f"{SITE}/{{id}}", "{id}"])
    def test_each_way_shares_it(self, form: str, old_post: Made, howdah: Howdah, on_snac: Instance) -> None:
        """By its address, by SITE/ID, and by the bare ID where there is one site."""
        done = howdah.run("share", form.format(link=old_post.link, id=old_post.id), "--json")

        assert (0, ["shared"]) == (done.code, [line["state"] for line in done.lines]), done.err
        [posted] = on_snac.about(old_post.link)
        assert {"url": posted.url, "error": ""} == done.lines[0]["share_on_mastodon"]

    @pytest.mark.parametrize("form", ["{url}/no/such/post/", f"{SITE}/999999", "999999"])
    def test_an_unknown_post_is_refused(self, form: str, howdah: Howdah, wordpress: WordPress) -> None:
        """Exit code 1, nothing on stdout, and one sentence on stderr that names the post."""
        post = form.format(url=wordpress.url)
        done = howdah.run("share", post, "--json")

        assert (1, "") == (done.code, done.out)
        assert post.removeprefix(f"{SITE}/") in done.err
        assert "Traceback" not in done.err


class TestAPostThatIsSharedAlready:
    """Somebody shares it once more."""

    @pytest.fixture
    def first(self, old_post: Made, howdah: Howdah) -> ShareLine:
        """The share that there is."""
        return howdah.run("share", old_post.link, "--json").lines[0]

    def test_is_refused_with_its_url(self, first: ShareLine, old_post: Made, howdah: Howdah, on_snac: Instance) -> None:
        """Exit code 1 with the status's url on stderr; no second status appears."""
        done = howdah.run("share", old_post.link)

        assert 1 == done.code
        assert first["share_on_mastodon"]["url"] in done.err
        assert 1 == len(on_snac.about(old_post.link))

    def test_is_shared_again_where_asked_for(
        self, first: ShareLine, old_post: Made, howdah: Howdah, on_snac: Instance
    ) -> None:
        """--again makes a second status with a url of its own, and both shares stay on record."""
        done = howdah.run("share", old_post.link, "--again", "--json")

        assert (0, [2]) == (done.code, [line["number"] for line in done.lines]), done.err
        assert 2 == len(on_snac.about(old_post.link))
        assert [2, 1] == [share["number"] for share in howdah.shares_of(old_post.id)]
        assert first["share_on_mastodon"]["url"] != done.lines[0]["share_on_mastodon"]["url"]


class TestATextOfOnesOwn:
    """A person writes the status."""

    def test_is_what_is_published(self, old_post: Made, howdah: Howdah, on_snac: Instance) -> None:
        """--text replaces the text; the link is still there."""
        done = howdah.run("share", old_post.link, "--text", "Read this one.")

        assert 0 == done.code, done.err
        [posted] = on_snac.about(old_post.link)
        assert posted.source.startswith("Read this one.")


class TestADryRun:
    """A person wants to see first."""

    def test_sends_nothing(self, old_post: Made, howdah: Howdah, on_snac: Instance) -> None:
        """The text is shown, no status appears, and no share is recorded."""
        done = howdah.run("share", old_post.link, "--dry-run")

        assert 0 == done.code, done.err
        assert old_post.link in done.out
        assert [] == on_snac.about(old_post.link)
        assert [] == howdah.shares_of(old_post.id)


class TestBesideTheDaemon:
    """`share` is used while the daemon runs on the same store."""

    def test_both_do_their_work(self, old_post: Made, howdah: Howdah, wordpress: WordPress, on_snac: Instance) -> None:
        """The post by hand and the post by the daemon each get one status."""
        with howdah.daemon():
            [new] = wordpress.publish(Draft(title="By the daemon"))
            done = howdah.run("share", old_post.link)
            howdah.wait_until(shared(old_post.id, new.id))

        assert 0 == done.code, done.err
        assert [1, 1] == [len(on_snac.about(made.link)) for made in (old_post, new)]
