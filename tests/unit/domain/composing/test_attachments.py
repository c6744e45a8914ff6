"""Which images of a post go along, in which order their files are tried, and what their texts say."""

import pytest
from msgspec.structs import replace

from bot.domain.composing.attachments import Attachment, attachments, image_candidates, names_of
from bot.domain.models import Image, ImageSize, Limits, Post
from bot.domain.policy import AccountPolicy, Images

LINK = "https://example.com/2026/11/a-post/"
POLICY = AccountPolicy(name="main")
MASTODON = Limits(max_characters=500, software="mastodon", version="4.4.1")
KITE = '<img src="/wp-content/uploads/2026/03/kite-1024x768.jpg" alt="A kite over a lake">'
LAKE = '<img src="/wp-content/uploads/2026/03/lake.jpg" alt="A lake at dawn">'


def size(width: int, height: int = 0, *, mime_type: str = "image/jpeg") -> ImageSize:
    """A file of an image."""
    height = height or width // 2
    return ImageSize(url=f"https://example.com/{width}x{height}.jpg", width=width, height=height, mime_type=mime_type)


def widths(image: Image, limits: Limits = MASTODON) -> list[int]:
    """The candidates, by their widths."""
    return [candidate.width for candidate in image_candidates(image, limits)]


def featured(*, alt: str = "", caption: str = "") -> Image:
    """The picture of a kite, as the library has it."""
    url = "https://example.com/wp-content/uploads/2026/03/kite.jpg"
    return Image(sizes=(ImageSize(url=url, width=2560, height=1920),), alt=alt, caption=caption)


def attached(
    image: Image | None = None, content: str = "", *, limits: Limits = MASTODON, max_images: int = 1
) -> tuple[Attachment, ...]:
    """What goes along with a post of this featured image and this content."""
    post = Post(id=1, link=LINK, image=image, content=content)
    return attachments(post, policy=replace(POLICY, max_images=max_images), limits=limits)


def descriptions(
    image: Image | None = None, content: str = "", *, limits: Limits = MASTODON, max_images: int = 1
) -> list[str]:
    """The alternative texts of these."""
    return [attachment.description for attachment in attached(image, content, limits=limits, max_images=max_images)]


# --- which files --------------------------------------------------------------------------------------------------


def test_candidates() -> None:
    """Largest up to 2560 px, unknown size, larger ones, what is too many pixels, thumbnails."""
    image = Image(sizes=tuple(size(width) for width in (150, 300, 1024, 2560, 4000, 6000, 0, 2048)))

    assert [2560, 2048, 1024, 0, 4000, 6000, 300, 150] == widths(image)


def test_candidates_by_the_instances_limit() -> None:
    """Where the instance says how many pixels it takes, that holds."""
    image = Image(sizes=(size(2560), size(1024), size(6000)))

    assert [1024, 2560, 6000] == widths(image, replace(MASTODON, image_matrix_limit=1_000_000))
    assert [2560, 1024, 6000] == widths(image, replace(MASTODON, image_matrix_limit=33_177_600))


def test_candidates_by_type() -> None:
    """What has to be made anew comes behind what needn't be; drawings are left out, and a file listed twice."""
    sizes = (size(900, mime_type="image/svg+xml"), size(800, mime_type="image/avif"), size(700, mime_type=""))
    image = Image(sizes=(*sizes, size(600), size(600)))

    assert [700, 600, 800] == widths(image, replace(MASTODON, supported_mime_types=("image/jpeg",)))
    assert [800, 700, 600] == widths(image)


def test_candidates_of_half_known_size() -> None:
    """A width alone is taken for the size."""
    image = Image(sizes=(ImageSize(url="a", width=300), ImageSize(url="b", width=1024), ImageSize(url="c", width=9000)))

    assert [1024, 9000, 300] == widths(image)


# --- which images -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("images", "most", "taken", "sizes"),
    [
        (Images.CARD, 1, 4, (size(800),)),
        (Images.ATTACH, 1, 0, (size(800),)),
        (Images.ATTACH, 0, 4, (size(800),)),
        (Images.ATTACH, 1, 4, ()),
    ],
)
def test_no_image(images: Images, most: int, taken: int, sizes: tuple[ImageSize, ...]) -> None:
    """No image where the card is wanted, nobody wants one, the instance takes none, or there is no file."""
    post = Post(id=1, link=LINK, image=Image(sizes=sizes, alt="A lake"))
    policy = replace(POLICY, images=images, max_images=most)

    assert () == attachments(post, policy=policy, limits=replace(MASTODON, max_media_attachments=taken))


def test_the_featured_image_comes_first() -> None:
    """Then those in the content, in their order; the featured one isn't shown twice."""
    content = f"{LAKE}<p>Words</p>{KITE}"

    assert ["A kite", "A lake at dawn"] == descriptions(featured(alt="A kite"), content, max_images=4)


def test_without_a_featured_image() -> None:
    """The first in the content stands in."""
    assert ["A lake at dawn"] == descriptions(None, LAKE + KITE)
    assert ["A lake at dawn"] == descriptions(Image(sizes=()), LAKE + KITE)


def test_a_featured_image_that_nobody_can_read() -> None:
    """It is among them without a file, so that it is told of; unless another picture stands in for it."""
    post = Post(id=1, link=LINK, featured_media=77)

    assert [()] == [found.image.sizes for found in attachments(post, policy=POLICY, limits=MASTODON)]
    assert () == attachments(replace(post, featured_media=0), policy=POLICY, limits=MASTODON)
    [found] = attachments(replace(post, content=LAKE), policy=POLICY, limits=MASTODON)
    assert "A lake at dawn" == found.description


@pytest.mark.parametrize(("most", "taken", "expected"), [(1, 4, 1), (2, 4, 2), (9, 4, 4), (9, 16, 6), (9, -1, 0)])
def test_how_many(most: int, taken: int, expected: int) -> None:
    """As many as wanted, no more than the instance takes, no more than there are."""
    content = "".join(f'<img src="/{number}.jpg">' for number in range(5))

    found = attached(featured(), content, max_images=most, limits=replace(MASTODON, max_media_attachments=taken))

    assert expected == len(found)


# --- their texts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("alt", "limit", "expected"),
    [
        ("A lake\n at  dawn", 1500, "A lake at dawn"),
        ("A lake at dawn", 9, "A lake…"),
        ("word " * 400, 0, "word " * 299 + "word…"),
        ("👩‍👩‍👧‍👦" * 3, 8, "👩‍👩‍👧‍👦…"),
        ("", 1500, ""),
    ],
)
def test_description(alt: str, limit: int, expected: str) -> None:
    """The alternative text is one line, and no longer than the instance takes: 1500 where it doesn't say."""
    image = featured(alt=alt)

    found = attached(image, limits=replace(MASTODON, description_limit=limit))

    assert (Attachment(image=image, description=expected),) == found


def test_alternative_text_is_decoded_and_keeps_what_the_author_typed() -> None:
    """WordPress keeps it as text: entities come in by accident, tags are the author's own characters."""
    image = featured(alt="Salt &amp; <b>pepper</b>\n“here”")

    assert ["Salt & <b>pepper</b> “here”"] == descriptions(image)


def test_an_entity_of_any_length() -> None:
    """Numbers that Python refuses to read are text like any other."""
    assert [f"&#{'1' * 900};"] == descriptions(featured(alt=f"&#{'1' * 900};"))
    assert descriptions(featured(alt=f"&#{'1' * 5000};")) != [""]


@pytest.mark.parametrize(
    ("alt", "caption", "content", "expected"),
    [
        ("From the library", "Caption", KITE, "From the library"),
        ("", "Caption", KITE, "A kite over a lake"),
        ("IMG_2041.JPG", "Caption", KITE, "A kite over a lake"),
        ("", "<p>The <em>caption</em> &amp; more</p>", LAKE, "The caption & more"),
        ("", "<p>Caption</p>", KITE.replace("A kite over a lake", "kite-1024.jpg"), "Caption"),
        ("", "", f"<figure>{KITE}<figcaption>Theirs</figcaption></figure>".replace("A kite over a lake", ""), "Theirs"),
        ("IMG_2041.jpg", "", "", ""),
        ("", "", LAKE, ""),
    ],
)
def test_where_the_text_comes_from(alt: str, caption: str, content: str, expected: str) -> None:
    """The library's, else what the post says of the same picture, else its caption; a file's name is none."""
    assert [expected] == descriptions(featured(alt=alt, caption=caption), content)


def test_focus_goes_along() -> None:
    """The point that matters stays with its image."""
    image = replace(featured(), focus=(0.5, -0.25))

    assert (0.5, -0.25) == attached(image, KITE)[0].image.focus


def test_names_of_images() -> None:
    """Another file or another alternative text is another name."""
    one, two = (Image(sizes=(ImageSize(url=f"https://news.example/{number}.png"),)) for number in (1, 2))
    names = names_of([Attachment(image=one), Attachment(image=two), Attachment(image=one, description="A")])

    assert 3 == len(set(names))
    assert names[:1] == names_of([Attachment(image=one)])
