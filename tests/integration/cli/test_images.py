"""A post with several images, from the config to the status."""

from bot.domain.models import MediaFile
from bot.sandbox.mastodon import SandboxMastodon
from bot.sandbox.wordpress import SandboxWordPress
from tests.integration.cli.conftest import ACCOUNT, Howdah
from tests.pictures import PLACE, looked_at, picture, saved, told


def test_the_whole_road(howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon) -> None:
    """The featured one and one from the content go along, made to measure; the page among them is left out."""
    howdah.set(f"accounts.{ACCOUNT}", {"max_images": 4})
    howdah.run("sync")
    draft = wordpress.publish(
        title="Elsewhere", status="draft", image=(saved(picture(3000, 2000), exif=told(orientation=8)).data, "")
    )
    photo = f"{wordpress.url}/wp-content/uploads/{wordpress.media[wordpress.posts[draft].featured_media].file}"
    post_id = wordpress.publish(
        title="Three images",
        content=f'<p>Look:</p><p><img src="{wordpress.url}/" alt="No image"></p>'
        f'<figure><img src="{photo}" alt=""><figcaption>A lake</figcaption></figure>',
        image=(saved(picture(300, 200), "PNG").data, "A kite"),
    )

    done = howdah.run("sync")

    assert 0 == done.code
    [status] = mastodon.statuses
    assert ["A kite", "A lake"] == [media.description for media in status.media]
    assert (1706, 2560) == looked_at(MediaFile(data=status.media[1].data, mime_type="image/jpeg")).size
    assert PLACE not in b"".join(media.data for media in status.media)
    assert "image: left out: " in howdah.run("show", str(post_id)).out
