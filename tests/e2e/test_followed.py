"""What a status is made of beyond its first words: several images, what was previewed, edits that follow, boosts."""

import json
import time

import httpx
import pytest

from tests.e2e.howdah import PATIENCE, PAUSE, SITE, Howdah, MakeHowdah
from tests.e2e.instance import Instance, Posted
from tests.e2e.servers.wordpress import Draft, Made, Picture, WordPress

pytestmark = pytest.mark.e2e


def picture_of(wordpress: WordPress, made: Made) -> str:
    """The address of a post's featured image."""
    post = httpx.get(f"{wordpress.url}/wp-json/wp/v2/posts/{made.id}?_embed=wp:featuredmedia", timeout=30).json()
    return str(post["_embedded"]["wp:featuredmedia"][0]["source_url"])


def only(statuses: list[Posted]) -> Posted:
    """The one status."""
    [posted] = statuses
    return posted


class TestSeveralImages:
    """A post has a featured image, and another picture in its text."""

    def test_both_go_along(self, make_howdah: MakeHowdah, wordpress: WordPress, on_snac: Instance) -> None:
        """In this order, the second with the alternative text that stands in the post."""
        [other] = wordpress.publish(Draft(title="Another picture", image=Picture(width=640, height=480, kind="jpg")))
        content = f'<p>Look:</p><img src="{picture_of(wordpress, other)}" alt="The same bank in the evening">'
        howdah = make_howdah(account={"max_images": 4})
        howdah.sync()
        [made] = wordpress.publish(Draft(title="Two pictures", content=content, image=Picture(alt="A bank at noon")))
        howdah.sync()

        descriptions = [media["description"] for media in only(on_snac.about(made.link)).media]
        assert ["A bank at noon", "The same bank in the evening"] == descriptions


class TestThePreview:
    """Somebody asks what a post would be, and then lets it go."""

    def test_is_what_is_sent(self, howdah: Howdah, wordpress: WordPress, on_snac: Instance) -> None:
        """The same text, to the letter."""
        [made] = wordpress.publish(
            Draft(title="Seen before & sent after", excerpt="Words @somebody wrote.", tags=("rock 'n' roll",))
        )
        previewed = json.loads(howdah.run("preview", f"{SITE}/{made.id}", "--json").out)
        howdah.sync()

        assert previewed["text"] == only(on_snac.about(made.link)).source


class TestAnEditThatFollows:
    """on_edit = "edit": a post is shared, and then its author mends the title."""

    def test_the_status_says_what_the_post_says(
        self, make_howdah: MakeHowdah, wordpress: WordPress, on_snac: Instance
    ) -> None:
        """There is one status all the time, in its new words, with its image; the record has its address."""
        howdah = make_howdah(account={"on_edit": "edit"})
        howdah.sync()
        [made] = wordpress.publish(Draft(title="A tilte", excerpt="The same words.", image=Picture(alt="A typewriter")))
        howdah.sync()
        time.sleep(1.1)  # WordPress's clock has whole seconds
        wordpress.edit(made.id, title="A title")
        deadline = time.monotonic() + PATIENCE
        while not only(on_snac.about(made.link)).source.startswith("A title") and time.monotonic() < deadline:
            howdah.sync()
            time.sleep(PAUSE)

        posted = only(on_snac.about(made.link))
        [share] = howdah.shares_of(made.id)
        assert posted.source.startswith("A title\n\nThe same words.")
        assert ["A typewriter"] == [media["description"] for media in posted.media]
        assert 200 == httpx.get(share["share_on_mastodon"]["url"]).status_code
        assert "shared" == share["state"]


class TestABoost:
    """A status exists, and is to be seen once more."""

    def test_makes_no_second_status(self, howdah: Howdah, wordpress: WordPress, on_snac: Instance) -> None:
        """It is boosted; there is one status about the post before and after, and it can be edited and deleted."""
        [made] = wordpress.publish(Draft(title="Seen once more"))
        refused = howdah.run("boost", f"{SITE}/{made.id}")
        howdah.sync()
        done = howdah.run("boost", f"{SITE}/{made.id}")

        assert (1, 0) == (refused.code, done.code)
        assert 1 == len(on_snac.about(made.link))
        howdah.run("edit", f"{SITE}/{made.id}", "--text", "Other words")
        [edited] = on_snac.about(made.link)
        assert edited.source.startswith("Other words")
        howdah.run("delete", f"{SITE}/{made.id}", "--yes")
        assert not on_snac.about(made.link)
