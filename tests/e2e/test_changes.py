"""What happens to posts around their publication: edited, scheduled, trashed, twins."""

import pytest

from tests.e2e.howdah import Howdah, MakeHowdah
from tests.e2e.instance import Instance
from tests.e2e.servers.wordpress import Draft, WordPress

pytestmark = pytest.mark.e2e


class TestAnEditedPost:
    """A post is shared, and then its author changes it."""

    def test_is_not_shared_again(self, howdah: Howdah, wordpress: WordPress, on_snac: Instance) -> None:
        """There is one status before and after, and howdah touches nothing."""
        [made] = wordpress.publish(Draft(title="First version"))
        howdah.sync()
        wordpress.edit(made.id, title="Second version")

        assert [] == howdah.sync()
        [posted] = on_snac.about(made.link)
        assert posted.source.startswith("First version")


class TestAScheduledPost:
    """A post was to appear at a moment; cron runs late, and a younger post has been shared by then."""

    def test_is_not_missed(self, howdah: Howdah, wordpress: WordPress, on_snac: Instance) -> None:
        """Nothing is shared before cron has run; after it the late post is, though it is dated in the past."""
        [late] = wordpress.publish(Draft(title="Late by cron", status="future", seconds=-3600))
        wordpress.let_time_pass(late.id, seconds=900)
        [younger] = wordpress.publish(Draft(title="On time"))
        before = howdah.sync()
        wordpress.run_cron()
        after = howdah.sync()

        assert [younger.id] == [share["post_id"] for share in before]
        assert [(late.id, "shared")] == [(share["post_id"], share["state"]) for share in after]
        assert 1 == len(on_snac.about(after[0]["link"]))


class TestATrashedPost:
    """A post is published, howdah sees it and waits for it to settle; meanwhile its author regrets it."""

    def test_is_not_shared(self, make_howdah: MakeHowdah, wordpress: WordPress, on_snac: Instance) -> None:
        """No status appears, and the record says that it was skipped, and why."""
        howdah = make_howdah(site={"settle": "2s"})
        howdah.sync()
        [made] = wordpress.publish(Draft(title="Regretted"))
        howdah.sync("--no-wait")
        wordpress.trash(made.id)
        howdah.sync()
        [share] = howdah.shares_of(made.id)

        assert [] == on_snac.about(made.link)
        assert "skipped" == share["state"]
        assert "" != share["share_on_mastodon"]["error"]


class TestTwins:
    """Two posts carry the same second as their date."""

    def test_are_both_shared(self, howdah: Howdah, wordpress: WordPress, on_snac: Instance) -> None:
        """Each gets its status, be they seen together or one after the other."""
        [first] = wordpress.publish(Draft(title="Twin one"))
        howdah.sync()
        twins = wordpress.publish(
            Draft(title="Twin two", date_gmt=first.date_gmt), Draft(title="Twin three", date_gmt=first.date_gmt)
        )
        howdah.sync()

        assert [1, 1, 1] == [len(on_snac.about(made.link)) for made in (first, *twins)]
