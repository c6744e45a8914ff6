"""A post that is published in WordPress becomes a status."""

import httpx
import pytest

from tests.e2e.howdah import ACCOUNT, SITE, MakeHowdah, ShareLine, shared
from tests.e2e.instance import Instance, Posted
from tests.e2e.servers.wordpress import Draft, Made, Picture, WordPress

pytestmark = pytest.mark.e2e

Story = tuple[Made, Posted, ShareLine]

ARTICLE = Draft(
    title="Elephants cross the river",
    content="The whole article, which is much longer than what is shared of it.",
    excerpt="Nobody had expected them before the rains.",
    tags=("elephants", "river crossing"),
    categories=("Wildlife",),
    image=Picture(alt="Three elephants in brown water, seen from the bank"),
)


@pytest.fixture(scope="module")
def story(wordpress: WordPress, on_snac: Instance, make_howdah: MakeHowdah) -> Story:
    """The post, the one status about it, and howdah's record of it."""
    howdah = make_howdah()
    howdah.sync()
    with howdah.daemon():
        [made] = wordpress.publish(ARTICLE)
        howdah.wait_until(shared(made.id))
    [posted] = on_snac.about(made.link)
    [share] = howdah.shares_of(made.id)
    return made, posted, share


class TestAPublishedPost:
    """The daemon runs; somebody publishes a post with everything that a post can have."""

    def test_the_status_says_what_the_post_says(self, story: Story) -> None:
        """Title, excerpt and link stand in it, in this order, with an empty line between them."""
        made, posted, _ = story

        assert [
            "Elephants cross the river",
            "Nobody had expected them before the rains.",
            made.link,
        ] == posted.source.split("\n\n")[:3]

    def test_the_hashtags_are_the_posts_terms(self, story: Story) -> None:
        """Tags and categories are hashtags, and the server understood them as such."""
        _, posted, _ = story

        assert {"elephants", "rivercrossing", "wildlife"} == set(posted.hashtags)

    def test_the_featured_image_is_attached(self, story: Story) -> None:
        """The image is there with its alternative text, and the server hands it out."""
        _, posted, _ = story
        [image] = posted.media

        assert "image" == image["type"]
        assert "Three elephants in brown water, seen from the bank" == image["description"]
        assert b"\x89PNG" == httpx.get(image["url"]).raise_for_status().content[:4]

    def test_the_record_has_the_shape_of_wordpress(self, story: Story) -> None:
        """`list --json` names post and account, and holds the status's url in share_on_mastodon."""
        made, posted, share = story

        assert (SITE, made.id, made.link, ACCOUNT) == (
            share["site"],
            share["post_id"],
            share["link"],
            share["account"],
        )
        assert ("shared", 1, 1) == (share["state"], share["number"], share["attempts"])
        assert {"url": posted.url, "error": ""} == share["share_on_mastodon"]

    def test_the_recorded_url_answers(self, story: Story) -> None:
        """Who opens the url that howdah recorded finds the post's title there."""
        _, _, share = story
        page = httpx.get(share["share_on_mastodon"]["url"])

        assert 200 == page.status_code
        assert "Elephants cross the river" in page.text


class TestTheFirstLook:
    """Howdah is set up for a site that has posts already."""

    def test_what_was_there_before_is_left_alone(
        self, wordpress: WordPress, on_snac: Instance, make_howdah: MakeHowdah
    ) -> None:
        """With first_run = "skip" no old post is shared, however often howdah looks."""
        [made] = wordpress.publish(Draft(title="Old news"))
        howdah = make_howdah()
        howdah.sync()
        howdah.sync()

        assert [] == on_snac.about(made.link)

    def test_the_latest_post_can_be_the_first(
        self, wordpress: WordPress, on_snac: Instance, make_howdah: MakeHowdah
    ) -> None:
        """With first_run = "latest" the newest post is shared, and only that."""
        older, newest = wordpress.publish(Draft(title="Before", seconds=60), Draft(title="Latest"))
        howdah = make_howdah(site={"first_run": "latest"})
        howdah.sync()

        assert 1 == len(on_snac.about(newest.link))
        assert [] == on_snac.about(older.link)
