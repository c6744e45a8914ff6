"""Images from a site to an instance over real HTTP: fetched, fitted, uploaded."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.crosspost.attach import Attached, attach
from bot.crosspost.context import Context, Posting, Watched
from bot.crosspost.draft import Draft, draft
from bot.crosspost.lane import Lane
from bot.domain.models import Image, ImageSize, MediaFile, Post, Status
from bot.images import PillowFitter
from bot.mastodon import MastodonAccount
from bot.sandbox.mastodon import SandboxMastodon
from bot.sandbox.wordpress import SandboxWordPress
from bot.wordpress import Http, RestSite
from bot.wordpress.client import Client
from tests.fakes.clock import FakeClock
from tests.fakes.store import FakeStore
from tests.makers import account_policy, share, site_policy
from tests.pictures import PLACE, bomb, looked_at, moving, picture, saved, told


class World:
    """A site, an instance, and a lane between them."""

    def __init__(self, wordpress: SandboxWordPress, mastodon: SandboxMastodon, http: Http) -> None:
        self.wordpress = wordpress
        self.mastodon = mastodon
        token = mastodon.add_account("uk")
        self.account = MastodonAccount(
            "uk", mastodon.url, read_token=lambda: token, timeout=timedelta(seconds=10), allow_private=True
        )
        self.policy = account_policy(max_images=9)
        context = Context(
            store=FakeStore(),
            clock=FakeClock(),
            sites={
                "uk": Watched(
                    site=RestSite(Client(site="uk", home=wordpress.url, http=http, allow_private=True)),
                    policy=site_policy(),
                )
            },
            accounts={"uk": Posting(account=self.account, policy=self.policy, instance=mastodon.url)},
            fitter=PillowFitter(),
            owner="this",
            jitter=lambda: 0.0,
        )
        self.lane = Lane(context, context.accounts["uk"])

    def address(self, file: MediaFile) -> str:
        """Where the site has this file."""
        post_id = self.wordpress.publish(title="Where it was first", image=(file.data, ""))
        media = self.wordpress.media[self.wordpress.posts[post_id].featured_media]
        return f"{self.wordpress.url}/wp-content/uploads/{media.file}"

    def share(self, *addresses: str, alt: str = "", focus: tuple[float, float] | None = None) -> list[MediaFile]:
        """Share a post with these images, the first featured; the files that hang on the status then."""
        featured = Image(sizes=(ImageSize(url=addresses[0]),), alt=alt, focus=focus)
        content = "".join(f'<p><img src="{address}" alt="Shown"></p>' for address in addresses)
        post = Post(id=7, link=f"{self.wordpress.url}/7/", image=featured, content=content)
        made = draft(self.lane.context, share(), post, self.account.limits())
        assert isinstance(made, Draft)
        attached = attach(self.lane, share(), made)
        assert isinstance(attached, Attached)
        self.account.publish(Status(text="Seven"), media_ids=attached.media_ids, key="k1")
        return [MediaFile(data=one.data, mime_type=one.mime_type) for one in self.mastodon.statuses[-1].media]


@pytest.fixture
def world() -> Iterator[World]:
    """The real adapters between the two sandboxes."""
    http = Http(wait=lambda _: None)
    with SandboxWordPress() as wordpress, SandboxMastodon() as mastodon:
        made = World(wordpress, mastodon, http)
        yield made
        made.account.close()
    http.close()


def test_a_photo_from_a_phone(world: World) -> None:
    """It stands upright, is as large as it will be seen, and tells nobody where it was taken."""
    address = world.address(saved(picture(4000, 3000), exif=told(orientation=6)))

    [file] = world.share(address, alt="A kite", focus=(0.25, -1.0))

    assert ("image/jpeg", (1920, 2560)) == (file.mime_type, looked_at(file).size)
    assert PLACE not in file.data
    [media] = world.mastodon.media
    assert ("A kite", "0.25,-1.0") == (media.description, media.focus)


def test_the_good_ones_of_many(world: World) -> None:
    """A page instead of an image, a bomb and half a file cost themselves alone; alt comes from the content."""
    good = [saved(picture(300, 200), "PNG"), moving(), saved(picture(301, 200))]
    half = saved(picture(900, 900), quality=95)
    addresses = [
        f"{world.wordpress.url}/",
        world.address(bomb()),
        world.address(MediaFile(data=half.data[:2_000], mime_type=half.mime_type)),
        *map(world.address, good),
    ]
    world.mastodon.max_media_attachments = 9

    files = world.share(*addresses)

    assert [good[0], good[2]] == [files[0], files[2]]
    assert 1 == getattr(looked_at(files[1]), "n_frames", 1)
    assert {"Shown"} == {media.description for media in world.mastodon.media}


def test_an_animation_alone(world: World) -> None:
    """It goes as it is, and nothing beside it."""
    file = moving()

    assert [file] == world.share(world.address(file), world.address(saved(picture(300, 200))))
