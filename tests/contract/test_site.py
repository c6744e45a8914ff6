"""The contract of the Site port, held by the fake and by the real adapter on a loopback WordPress."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from bot.domain.models import Look, MediaFile, ShareField, SiteInfo, Term
from bot.errors import ImageError, PostGoneError, SiteUnavailableError, WriteRefusedError
from bot.wordpress.http import Http
from tests.contract.sites import NOW, PICTURE, FakeSiteWorld, RestSiteWorld, SiteWorld
from tests.sandbox.wordpress import EditableWordPress

LONG_AGO = NOW - timedelta(days=3)


@pytest.fixture(params=["fake", "rest"])
def world(request: pytest.FixtureRequest) -> Iterator[SiteWorld]:
    """Each implementation in turn."""
    if request.param == "fake":
        yield FakeSiteWorld()
        return
    http = Http(wait=lambda _: None)
    with EditableWordPress(title="The Site", language="en-GB", now=lambda: NOW) as wordpress:
        yield RestSiteWorld(wordpress, http)
        http.close()


def _look(world: SiteWorld, *, after: datetime = LONG_AGO, exclude: tuple[int, ...] = ()) -> Look:
    return world.site.list_new(after=after, exclude=exclude)


def test_a_site_has_its_name(world: SiteWorld) -> None:
    """The name is the config's."""
    assert world.site.name == "uk"


def test_a_site_has_a_title_and_a_language(world: SiteWorld) -> None:
    """The site's own name, as it gives it, and the language that it is in."""
    assert SiteInfo(title="The Site", language="en-GB") == world.site.about()


def test_a_site_says_where_its_posts_are_read(world: SiteWorld) -> None:
    """The REST root, found from the site's address."""
    assert world.root == world.site.discover()


def test_nothing_is_a_complete_look_too(world: SiteWorld) -> None:
    """A site without posts gives an empty look that is complete."""
    assert Look(posts=(), complete=True) == _look(world)


def test_a_look_shows_what_a_plan_needs(world: SiteWorld) -> None:
    """Id, link, title and dates; instants are in UTC and the site's own date is a text."""
    number = world.publish("Hello", at=NOW)

    (listed,) = _look(world).posts

    assert (number, "Hello", NOW, NOW, "") == (
        listed.id,
        listed.title,
        listed.published_at,
        listed.modified_at,
        listed.share_url,
    )
    assert listed.link.startswith(world.url)
    assert "2026-11-22T" == listed.date[:11]


def test_a_look_is_bounded_by_its_instant_exclusively(world: SiteWorld) -> None:
    """A post dated at the instant itself, or before, isn't listed."""
    world.publish("Before", at=NOW - timedelta(hours=2))
    world.publish("At", at=NOW - timedelta(hours=1))
    after = world.publish("After", at=NOW - timedelta(hours=1) + timedelta(seconds=1))

    assert [after] == [post.id for post in _look(world, after=NOW - timedelta(hours=1)).posts]


def test_excluded_posts_are_left_out(world: SiteWorld) -> None:
    """What is excluded isn't listed, however many there are."""
    numbers = [world.publish(f"Post {n}") for n in range(5)]
    unknown = tuple(range(100_000, 104_000))

    found = _look(world, exclude=(*unknown, numbers[1], numbers[3]))

    assert Look(posts=found.posts, complete=True) == found
    assert [numbers[0], numbers[2], numbers[4]] == sorted(post.id for post in found.posts)


def test_more_posts_than_a_page_holds_are_all_listed(world: SiteWorld) -> None:
    """250 posts, many at the same second, are each listed once."""
    numbers = [world.publish(f"Post {n}", at=NOW - timedelta(seconds=n // 40)) for n in range(250)]

    found = _look(world)

    assert found.complete
    assert sorted(numbers) == sorted(post.id for post in found.posts)


def test_a_trashed_post_is_not_listed(world: SiteWorld) -> None:
    """Only public posts are listed."""
    world.trash(world.publish("Gone"))

    assert Look(posts=(), complete=True) == _look(world)


def test_a_post_that_the_plugin_shared_shows_where(world: SiteWorld) -> None:
    """share_on_mastodon.url is in the look and in the post."""
    number = world.publish_shared("https://mastodon.example/@uk/1")

    assert ["https://mastodon.example/@uk/1"] == [post.share_url for post in _look(world).posts]
    assert world.site.read(number).share_url == "https://mastodon.example/@uk/1"


def test_a_post_is_read_with_all_that_a_status_needs(world: SiteWorld) -> None:
    """Title, excerpt, terms, author and featured image."""
    number = world.publish_rich()

    post = world.site.read(number)

    assert (number, "Rich", "<p>Short</p>\n", "publish", False) == (
        post.id,
        post.title,
        post.excerpt,
        post.status,
        post.protected,
    )
    assert (Term(name="World News", slug="world-news"),) == post.categories
    assert (Term(name="kite", slug="kite"),) == post.tags
    assert ("Ann Other", "ann-other") == (post.author, post.author_slug)
    assert NOW == post.published_at
    assert post.image is not None
    assert ("A kite", "<p>In the wind</p>\n") == (post.image.alt, post.image.caption)


def test_a_post_without_an_id_of_wordpress_is_read_by_its_link(world: SiteWorld) -> None:
    """It keeps the id that it is known by."""
    listed = world.site.read(world.publish("Told of by a feed"))

    post = world.site.read(-7, link=listed.link)

    assert (-7, listed.link, listed.title) == (post.id, post.link, post.title)


def test_a_post_is_read_with_its_content_and_what_its_author_wished(world: SiteWorld) -> None:
    """Content, whether it is pinned to the top, its language as a tag, and what was written for the status."""
    post = world.site.read(world.publish_rich())

    assert ("<p>Long</p>\n", True, "de-AT") == (post.content, post.sticky, post.language)
    assert ("Mine: %permalink%", "Heights") == (post.share_text, post.share_cw)


def test_a_post_that_says_nothing_of_itself_has_nothing(world: SiteWorld) -> None:
    """No language, not pinned, nothing written for the status."""
    post = world.site.read(world.publish("Plain"))

    assert (False, "", "", "") == (post.sticky, post.language, post.share_text, post.share_cw)


def test_a_post_is_read_without_its_text(world: SiteWorld) -> None:
    """What needs no rendering: title, link, terms, image. PostGoneError as when it is read whole."""
    number, gone = world.publish_rich(), world.publish("Gone")
    world.trash(gone)

    whole, bare = world.site.read(number), world.site.read_without_text(number)

    assert ("", "", frozenset({"text"}), frozenset()) == (bare.excerpt, bare.content, bare.unread, whole.unread)
    assert (whole.id, whole.link, whole.title, whole.tags) == (bare.id, bare.link, bare.title, bare.tags)
    assert (whole.image, whole.modified_at, whole.protected) == (bare.image, bare.modified_at, bare.protected)
    with pytest.raises(PostGoneError):
        world.site.read_without_text(gone)


def test_several_posts_are_read_at_once(world: SiteWorld) -> None:
    """Each as read() gives it, in the order asked for; what isn't public is missing."""
    plain, rich, gone = world.publish("Plain"), world.publish_rich(), world.publish("Gone")
    world.trash(gone)

    found = world.site.read_several([rich, gone, 424_242, plain])

    assert (world.site.read(rich), world.site.read(plain)) == found
    assert () == world.site.read_several([])


def test_several_posts_are_glanced_at(world: SiteWorld) -> None:
    """As listed, with when they were modified; what isn't public, or was never there, is missing."""
    first, second, third = (world.publish(title) for title in ("One", "Two", "Three"))
    world.trash(second)

    seen = {post.id: post for post in world.site.list_by_id([first, second, third, 4711])}

    assert {first, third} == set(seen)
    assert (NOW, NOW) == (seen[first].modified_at, seen[third].modified_at)
    assert () == world.site.list_by_id([second])


def test_a_post_without_an_image_has_none(world: SiteWorld) -> None:
    """No featured image is no error."""
    assert world.site.read(world.publish("Plain")).image is None


def test_a_protected_post_says_so(world: SiteWorld) -> None:
    """A password is seen, the post stays readable, but for its content."""
    post = world.site.read(world.publish_protected())

    assert (True, "") == (post.protected, post.content)


def test_a_post_that_is_gone_is_named(world: SiteWorld) -> None:
    """Trashed or never there: PostGoneError with the site and the id."""
    number = world.publish("Gone")
    world.trash(number)

    for missing in (number, 424_242):
        with pytest.raises(PostGoneError, match=rf"site uk: .*{missing}"):
            world.site.read(missing)


def test_a_post_is_found_by_its_link(world: SiteWorld) -> None:
    """By the permalink, without its slash, and by the short link."""
    world.publish("First")
    number = world.publish("Second one")
    link = world.site.read(number).link

    assert number == world.site.find_post(link)
    assert number == world.site.find_post(link.rstrip("/"))
    assert number == world.site.find_post(f"{world.url}/?p={number}")


def test_posts_are_listed_by_their_links(world: SiteWorld) -> None:
    """Each under the link that was asked for; what leads nowhere, or to what isn't public, is missing."""
    first, second, third = (world.publish(title) for title in ("First", "Second one", "Third"))
    links = {number: world.site.read(number).link for number in (first, second, third)}
    world.trash(third)
    asked = [links[first].rstrip("/"), f"{world.url}/?p={second}", links[third], f"{world.url}/nowhere/"]

    found = world.site.list_by_link(asked)

    assert {asked[0]: (first, links[first]), asked[1]: (second, links[second])} == {
        link: (post.id, post.link) for link, post in found.items()
    }
    assert {} == world.site.list_by_link([])


@pytest.mark.parametrize("path", ["/nowhere/", "/?p=4711", "/"])
def test_a_link_that_nobody_has_is_found_nowhere(world: SiteWorld, path: str) -> None:
    """None, not an error."""
    world.publish("Hello")

    assert world.site.find_post(world.url + path) is None


def test_an_image_is_fetched(world: SiteWorld) -> None:
    """The original's bytes, known by their beginning."""
    image = world.site.read(world.publish_rich()).image
    assert image is not None

    file = world.site.fetch_image(image.sizes[0].url, max_bytes=len(PICTURE))

    assert MediaFile(data=PICTURE, mime_type="image/png") == file


def test_an_image_that_is_too_big_is_refused(world: SiteWorld) -> None:
    """One byte more than allowed is too many."""
    image = world.site.read(world.publish_rich()).image
    assert image is not None

    with pytest.raises(ImageError):
        world.site.fetch_image(image.sizes[0].url, max_bytes=len(PICTURE) - 1)


def test_what_is_no_image_is_refused(world: SiteWorld) -> None:
    """A page, or nothing at all, is an ImageError: the share goes on without it."""
    for url in (world.page_url(), f"{world.url}/wp-content/uploads/none.png"):
        with pytest.raises(ImageError, match="site uk: "):
            world.site.fetch_image(url, max_bytes=1_000_000)


def test_a_site_that_fails_is_unavailable(world: SiteWorld) -> None:
    """Every question raises, and says how long the site asked to wait."""
    number = world.publish("Hello")
    world.fail()

    for ask in (
        world.site.discover,
        lambda: _look(world),
        lambda: world.site.read(number),
        lambda: world.site.read_several([number]),
        lambda: world.site.find_post(f"{world.url}/hello/"),
    ):
        with pytest.raises(SiteUnavailableError, match="site uk: ") as caught:
            ask()
        assert caught.value.retry_after == 600


def test_a_root_that_has_moved_is_found_again(world: SiteWorld) -> None:
    """Whatever is asked first gets its answer from the new place."""
    number = world.publish_shared("https://mastodon.example/@uk/1")
    link = world.site.read(number).link

    for ask in (
        lambda: [post.id for post in _look(world).posts],
        lambda: [world.site.read(number).id],
        lambda: [post.id for post in world.site.read_several([number])],
        lambda: [post.id for post in world.site.list_by_id([number])],
        lambda: [world.site.find_post(link)],
    ):
        world.move()
        assert [number] == ask()


def test_a_root_that_is_nowhere_is_a_site_that_is_unavailable(world: SiteWorld) -> None:
    """No REST API where it was, and none elsewhere: nothing is concluded from it."""
    number = world.publish("Hello")
    world.close()

    with pytest.raises(SiteUnavailableError, match="site uk: "):
        _look(world)
    with pytest.raises(SiteUnavailableError, match="site uk: "):
        world.site.read(number)


def test_more_posts_than_a_page_holds_are_glanced_at(world: SiteWorld) -> None:
    """100 at a time."""
    ids = [world.publish(f"Number {number}") for number in range(120)]

    assert set(ids) == {post.id for post in world.site.list_by_id(ids)}


def test_several_threads_may_use_one_site(world: SiteWorld) -> None:
    """Reads and looks side by side get in nobody's way."""
    numbers = [world.publish(f"Post {n}") for n in range(12)]
    with ThreadPoolExecutor(4) as pool:
        read = list(pool.map(lambda number: world.site.read(number).id, numbers))
        looks = list(pool.map(lambda _: len(_look(world).posts), range(4)))

    assert numbers == read
    assert [12] * 4 == looks


def test_terms_that_a_site_does_not_have(world: SiteWorld) -> None:
    """One is known by its name or slug, whatever the case, and by the whole of it."""
    world.publish_rich()

    assert ("World", "kite") == world.site.unknown_terms("categories", ["world NEWS", "World", "kite"])
    assert () == world.site.unknown_terms("tags", ["Kite"])
    assert () == world.site.unknown_terms("tags", [])


def test_a_site_says_which_plugins_answer(world: SiteWorld) -> None:
    """The namespaces of its REST index."""
    assert "howdah/v1" not in world.site.namespaces()

    world.add_companion()

    assert {"wp/v2", "howdah/v1"} <= world.site.namespaces()


@pytest.mark.parametrize(
    "field", [ShareField(url="https://mastodon.example/@uk/1"), ShareField(error="no"), ShareField()]
)
def test_what_is_written_is_there(world: SiteWorld, field: ShareField) -> None:
    """The field is as it was written, for readers too."""
    world.add_companion()
    number = world.publish("Hello")
    world.site.write_field(number, ShareField(url="https://mastodon.example/@uk/0"))

    world.site.write_field(number, field)

    assert field == world.site.read_field(number)
    assert field.url == world.site.read(number).share_url


def test_a_field_that_nobody_wrote_is_empty(world: SiteWorld) -> None:
    """Also where the site shows no such field at all."""
    assert ShareField() == world.site.read_field(world.publish("Hello"))


def test_who_may_not_write_is_refused(world: SiteWorld) -> None:
    """A login that the site doesn't take."""
    world.add_companion()
    number = world.publish("Hello")
    world.forbid_writing()

    with pytest.raises(WriteRefusedError, match="site uk"):
        world.site.write_field(number, ShareField(url="https://mastodon.example/@uk/1"))


def test_nothing_is_written_to_a_post_that_is_not_there(world: SiteWorld) -> None:
    """The site says that it has no such post."""
    world.add_companion()

    with pytest.raises(PostGoneError):
        world.site.write_field(404, ShareField(error="no"))
