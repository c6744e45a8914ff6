"""The images in a post's content: which are pictures, which are the same, and what is said of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.composing.content_images import content_images, picture_keys
from bot.domain.models import Image, ImageSize

BASE = "https://news.example/2026/03/a-post/"
UPLOADS = "https://news.example/wp-content/uploads/2026/03"
KITE = f"{UPLOADS}/kite.jpg"


def images(html: str) -> tuple[Image, ...]:
    """The pictures in a content."""
    return content_images(html, base=BASE)


def addresses(html: str) -> list[list[str]]:
    """The files of each picture, without what all have in common."""
    return [[size.url.removeprefix(UPLOADS + "/") for size in image.sizes] for image in images(html)]


def test_a_block() -> None:
    """An image block: its files with their sizes, its alt, its caption."""
    [image] = images(f"""
        <figure class="wp-block-image size-large">
          <a href="{KITE}"><img decoding="async" width="1024" height="768" src="{UPLOADS}/kite-1024x768.jpg"
            alt="A kite &#8211; red &amp; high" class="wp-image-12"
            srcset="{UPLOADS}/kite-1024x768.jpg 1024w, {UPLOADS}/kite-300x225.jpg 300w, {KITE} 2048w"
            sizes="auto, (max-width: 1024px) 100vw, 1024px" /></a>
          <figcaption class="wp-element-caption">Over the <em>lake</em> &lt;here&gt;</figcaption>
        </figure>""")

    assert (
        ImageSize(url=KITE, width=2048, height=1536),
        ImageSize(url=f"{UPLOADS}/kite-1024x768.jpg", width=1024, height=768),
        ImageSize(url=f"{UPLOADS}/kite-300x225.jpg", width=300, height=225),
    ) == image.sizes
    assert ("A kite – red & high", "Over the lake &lt;here&gt;") == (image.alt, image.caption)


def test_the_classic_editor() -> None:
    """Its captions stand in a paragraph of their own."""
    [image] = images(f"""<div id="attachment_3" class="wp-caption alignnone"><img src="{KITE}" alt="">
        <p id="caption-attachment-3" class="wp-caption-text">By the lake</p></div>""")

    assert "By the lake" == image.caption


def test_a_gallery() -> None:
    """Each image has its own caption, and none has the gallery's."""
    found = images(f"""<figure class="wp-block-gallery">
        <figure><img src="{UPLOADS}/a.jpg"><figcaption>First</figcaption></figure>
        <figure><img src="{UPLOADS}/b.jpg"></figure>
        <figcaption class="blocks-gallery-caption">All of them</figcaption></figure>""")

    assert ["First", ""] == [image.caption for image in found]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<img src="{u}/kite-300x200.jpg"><img src="{u}/kite.jpg">', [["kite.jpg", "kite-300x200.jpg"]]),
        ('<img src="{u}/a-scaled.jpg"><img src="{u}/a-1-300x200.jpg">', [["a-scaled.jpg"], ["a-1-300x200.jpg"]]),
        ('<img src="{u}/a.jpg" class="wp-image-7 x"><img src="{u}/b.webp" class="wp-image-7">', [["b.webp", "a.jpg"]]),
        ('<img src="{u}/a.jpg?w=600&amp;ssl=1"><img src="{u}/a.jpg?w=900">', [["a.jpg?w=900", "a.jpg?w=600&ssl=1"]]),
        (
            '<img src="https://i0.wp.com/news.example/wp-content/uploads/2026/03/a.jpg"><img src="{u}/a.jpg">',
            [["a.jpg", "https://i0.wp.com/news.example/wp-content/uploads/2026/03/a.jpg"]],
        ),
        ('<img src="{u}/pic.php?id=1"><img src="{u}/pic.php?id=2">', [["pic.php?id=1"], ["pic.php?id=2"]]),
        ('<img src="{u}/a.jpg"><noscript><img src="{u}/a.jpg"></noscript>', [["a.jpg"]]),
    ],
)  # fmt: skip
def test_the_same_picture(html: str, expected: list[list[str]]) -> None:
    """By its name without size, or the library's number; whatever host shows it."""
    assert expected == addresses(html.replace("{u}", UPLOADS))


def test_what_is_said_once_holds_for_all() -> None:
    """A picture shown twice has the first text that there is."""
    [image] = images(f'<img src="{KITE}"><img src="{UPLOADS}/kite-300x200.jpg" alt="A kite">')

    assert "A kite" == image.alt


def test_lazy_images() -> None:
    """What a lazy loader will show counts, not what it shows meanwhile; Jetpack names the original."""
    assert [["kite-1.jpg", "kite-600x400.jpg"], ["b.jpg"]] == addresses(
        f'<img src="data:image/gif;base64,R0lGOD" data-lazy-src="{UPLOADS}/kite-600x400.jpg" class="wp-image-1"'
        f' data-orig-file="{UPLOADS}/kite-1.jpg"><img src="/x.svg" data-src="{UPLOADS}/b.jpg">'
    )
    assert [["c.jpg"]] == addresses(f'<img src="/1x1.gif" data-original="{UPLOADS}/c.jpg">')


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (KITE, ["kite.jpg", "kite-300x200.jpg"]),
        ("https://elsewhere.example/s1600/kite.jpg", ["https://elsewhere.example/s1600/kite.jpg", "kite-300x200.jpg"]),
        (f"{UPLOADS}/other.jpg", ["kite-300x200.jpg"]),
        ("https://news.example/kite/", ["kite-300x200.jpg"]),
        ("javascript:kite.jpg", ["kite-300x200.jpg"]),
    ],
)
def test_a_linked_image(link: str, expected: list[str]) -> None:
    """The file behind a thumbnail is one of its files, if it is the same picture."""
    assert [expected] == addresses(f'<a href="{link}"><span><img src="{UPLOADS}/kite-300x200.jpg"></span></a>')


@pytest.mark.parametrize(
    "tag",
    [
        '<img src="https://pixel.wp.com/b.gif?v=noscript">',
        '<img src="/a.gif" width="1" height="1">',
        '<img src="/line.png" width="600px" height="2">',
        '<img src="/button-88x31.png">',
        '<img src="https://s.w.org/images/core/emoji/15/72x72/1f600.png" alt="😀" class="wp-smiley">',
        '<img src="/a.png" class="emoji">',
        '<img src="/me.jpg" class="alignleft avatar-96 photo">',
        '<img src="https://secure.gravatar.com/avatar/12?s=300">',
        '<img src="data:image/png;base64,iVBOR">',
        '<img src="/logo.svg?v=2">',
        '<img src="ftp://news.example/a.jpg">',
        '<img src="http://[a.jpg">',
        f'<img src="/{"a" * 2_000}.jpg">',
        '<img src="">',
        '<img src="#">',
        '<img src="/img/blank.gif">',
        '<img src="/lazyload.png?v=1">',
        "<img>",
        "<p>No image, but an &lt;img&gt;</p>",
    ],
)
def test_what_is_no_picture(tag: str) -> None:
    """Tracking pixels, lines, buttons, emoji, avatars, data, drawings, and what is no web address."""
    assert () == images(tag)


@pytest.mark.parametrize(
    ("src", "expected"),
    [
        ("/a.jpg", "https://news.example/a.jpg"),
        ("//cdn.example/a.jpg", "https://cdn.example/a.jpg"),
        ("b/a.jpg", BASE + "b/a.jpg"),
        ("https://upload.example/4162b22b", "https://upload.example/4162b22b"),
    ],
)
def test_addresses(src: str, expected: str) -> None:
    """Relative ones are the post's; a name needn't look like an image."""
    [image] = images(f'<img src="{src}" width="100%" height="auto">')

    assert (ImageSize(url=expected),) == image.sizes


def test_a_set_of_files() -> None:
    """Widths are taken from srcset, with a space behind the comma or without; densities tell nothing."""
    [image] = images(f'<img srcset="{KITE} 2x, {UPLOADS}/a.jpg 640w,{UPLOADS}/b.jpg 800w" class="wp-image-3">')

    assert [(f"{UPLOADS}/a.jpg", 640), (f"{UPLOADS}/b.jpg", 800)] == [(size.url, size.width) for size in image.sizes]


def test_shown_smaller_than_it_is() -> None:
    """The set of files knows better than the measures that one is shown with; those give the other side."""
    [image] = images(f'<img src="{KITE}" width="300" height="150" srcset="{KITE} 2048w">')

    assert (ImageSize(url=KITE, width=2048, height=1024),) == image.sizes


def test_keys() -> None:
    """All files of a picture have one key, unless their addresses are no files'."""
    sizes = tuple(ImageSize(url=f"{UPLOADS}/kite{end}") for end in (".jpg", "-300x200.jpg", "-scaled.jpg", ".jpg.webp"))

    assert frozenset({"2026/03/kite"}) == picture_keys(Image(sizes=sizes))
    assert frozenset({"https://a.example/x?1"}) == picture_keys(
        Image(sizes=(ImageSize(url="https://a.example/x?1#y"),))
    )


@pytest.mark.parametrize(
    "html",
    [
        "<img " * 40_000,
        '<img src="/a.jpg">' * 10_000,
        "<figure>" * 10_000 + '<img src="/a.jpg">',
        "<a><b>" * 10_000 + '<img src="/a.jpg">' * 50,
        '<img src="/a.jpg" srcset="' + "a 1w, " * 15_000 + '">',
        '<img src="' + "a" * 90_000 + '.jpg">',
        '<img src="/' + "-1x1" * 400 + '.jpg">',
        '<img alt="&#' + "1" * 10_000 + ';" src="/a.jpg">',
        "<figcaption>" * 10_000 + '<img src="/a.jpg">',
        "<!--" * 20_000 + "<img src=/a.jpg>",
        "<b>" * 20_000 + "</i>" * 5_000 + '<img src="/a.jpg">',
    ],
)  # fmt: skip
@pytest.mark.timeout(20)
def test_hostile_content(html: str) -> None:
    """Much of anything is read in bounds, and once."""
    assert len(images(html)) <= 1


PIECES = st.sampled_from(
    ["<img", "<IMG ", " src=", '"', "/a.jpg", " ", ">", "<figure>", "</figure>", "<figcaption>", "&amp;", "&#9;", "<",
     "a 300w", ", ", " srcset=", " width=", "300", "http://[", "<!--", "<![CDATA[", "\0", "-1x1.png", " class=", "x"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
def test_whatever_the_content(html: str) -> None:
    """It never raises, and every file has a web address."""
    for image in images(html):
        assert image.sizes
        assert all(size.url.startswith("https://") for size in image.sizes)
