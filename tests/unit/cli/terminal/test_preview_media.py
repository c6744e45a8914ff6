"""What a preview says of a post's images, as attaching would have them."""

from bot.cli.terminal.preview_media import media_of
from bot.domain.composing.attachments import Attachment
from bot.domain.models import Image, ImageSize, Limits, MediaFile
from tests.fakes.fitter import PRINT
from tests.unit.crosspost.stage import PNG, Stage

SITE = "https://news.example"
MOVING = b"GIF89a NETSCAPE2.0"
ANY = Limits()


def attachment(*names: str, mime_type: str = "image/png") -> Attachment:
    """An image with these files."""
    sizes = tuple(ImageSize(url=f"{SITE}/{name}", mime_type=mime_type) for name in names)
    return Attachment(image=Image(sizes=sizes), description=names[0])


def fates(files: dict[str, MediaFile], *wanted: Attachment, limits: Limits = ANY) -> list[str]:
    """What becomes of each, where the site has these files."""
    stage = Stage()
    stage.site.images |= {f"{SITE}/{name}": file for name, file in files.items()}
    return [media.outcome() for media in media_of(stage.context, "uk", wanted, limits)]


def picture(data: bytes = PNG, mime_type: str = "image/png") -> MediaFile:
    """A file."""
    return MediaFile(data=data, mime_type=mime_type)


def test_as_it_is_or_made_anew() -> None:
    """What the instance doesn't take is developed for it."""
    jpeg_alone = Limits(supported_mime_types=("image/jpeg",))

    assert ["sent as it is"] == fates({"a": picture()}, attachment("a"))
    assert [f"sent as image/jpeg, {len(PRINT.data)} bytes"] == fates(
        {"a": picture()}, attachment("a"), limits=jpeg_alone
    )


def test_another_file_of_the_same_image() -> None:
    """Where one can't be had, the next is taken; where none can, the first is named with what is wrong."""
    assert ["sent as it is"] == fates({"b": picture()}, attachment("a", "b"))
    assert [f"left out: site uk: {SITE}/a is no image that can be used"] == fates({}, attachment("a", "b"))


def test_an_image_without_a_usable_file() -> None:
    """Nothing is fetched of what nobody can make a picture of."""
    drawing = attachment("a.svg", mime_type="image/svg+xml")

    assert ["left out: none of its files is an image that can be used"] == fates({}, drawing)


def test_each_picture_once() -> None:
    """The same bytes under another address are left out."""
    other = picture(PNG + b"other")
    wanted = (attachment("a"), attachment("b"), attachment("c"))

    assert ["sent as it is", "left out: it is the same picture once more", "sent as it is"] == fates(
        {"a": picture(), "b": picture(), "c": other}, *wanted
    )


def test_an_animation_goes_alone() -> None:
    """What comes after it is left out; one that isn't the first stands still."""
    moving = picture(MOVING, "image/gif")
    first = fates({"a": moving, "b": picture()}, attachment("a"), attachment("b"))
    second = fates({"a": moving, "b": picture()}, attachment("b"), attachment("a"))

    assert ["sent as it is", "left out: an animation goes alone"] == first
    assert ["sent as it is", f"sent as image/jpeg, {len(PRINT.data)} bytes"] == second


def test_what_the_file_is() -> None:
    """Its measures where the site tells them, its type and its size."""
    stage = Stage()
    stage.site.images[f"{SITE}/a"] = picture()
    size = ImageSize(url=f"{SITE}/a", width=1600, height=900)
    [media] = media_of(stage.context, "uk", [Attachment(image=Image(sizes=(size,)))], ANY)
    [lost] = media_of(stage.context, "uk", [attachment("b")], ANY)

    assert f"1600 × 900, image/png, {len(PNG)} bytes" == media.facts()
    assert "" == lost.facts()
