"""What becomes of a post's images before anything is uploaded: for a preview as for a send."""

from collections.abc import Sequence

from bot.crosspost.pictures import Fitted, NotNow, Picture, TrialMaker, pictures
from bot.domain.composing.attachments import Attachment
from bot.domain.models import Attempt, Image, ImageSize, Limits, MediaFile
from bot.errors import SiteUnavailableError
from tests.fakes.fitter import REMADE
from tests.makers import NOON, share
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
    return [fate(picture) for picture in found(stage, *wanted, limits=limits)]


def found(stage: Stage, *wanted: Attachment, limits: Limits = ANY, history: Sequence[Attempt] = ()) -> list[Picture]:
    """The pictures of a share that is only looked at."""
    return list(pictures(stage.context, share(), wanted, limits, maker=TrialMaker(history)))


def fate(picture: Picture) -> str:
    """What becomes of one."""
    if isinstance(picture, Fitted):
        return "made anew" if picture.anew else "as it is"
    return picture.reason


def picture(data: bytes = PNG, mime_type: str = "image/png") -> MediaFile:
    """A file."""
    return MediaFile(data=data, mime_type=mime_type)


def test_as_it_is_or_made_anew() -> None:
    """What the instance doesn't take is made anew for it."""
    jpeg_alone = Limits(supported_mime_types=("image/jpeg",))

    assert ["as it is"] == fates({"a": picture()}, attachment("a"))
    assert ["made anew"] == fates({"a": picture()}, attachment("a"), limits=jpeg_alone)


def test_another_file_of_the_same_image() -> None:
    """Where one can't be had, the next is taken; where none can, the first is named with what is wrong."""
    assert ["as it is"] == fates({"b": picture()}, attachment("a", "b"))
    assert [f"site uk: {SITE}/a is no image that can be used"] == fates({}, attachment("a", "b"))


def test_an_image_without_a_usable_file() -> None:
    """Nothing is fetched of what nobody can make a picture of."""
    drawing = attachment("a.svg", mime_type="image/svg+xml")

    assert ["none of its files is an image that can be used"] == fates({}, drawing)


def test_each_picture_once() -> None:
    """The same bytes under another address are left out."""
    other = picture(PNG + b"other")
    wanted = (attachment("a"), attachment("b"), attachment("c"))

    assert ["as it is", "it is the same picture once more", "as it is"] == fates(
        {"a": picture(), "b": picture(), "c": other}, *wanted
    )


def test_an_animation_goes_alone() -> None:
    """What comes after it is left out; one that isn't the first stands still."""
    moving = picture(MOVING, "image/gif")
    first = fates({"a": moving, "b": picture()}, attachment("a"), attachment("b"))
    second = fates({"a": moving, "b": picture()}, attachment("b"), attachment("a"))

    assert ["as it is", "an animation goes alone"] == first
    assert ["as it is", "made anew"] == second


def test_what_is_known_of_each() -> None:
    """Its file at the site, what it was there, and what goes of it."""
    stage = Stage()
    stage.site.images[f"{SITE}/a"] = picture()
    [going, lost] = found(stage, attachment("a"), attachment("b"), limits=Limits(supported_mime_types=("image/jpeg",)))

    assert (f"{SITE}/a", picture(), REMADE) == (going.size.url, going.found, going.file)
    assert (f"{SITE}/b", None, None) == (lost.size.url, lost.found, lost.file)


def test_a_site_in_trouble() -> None:
    """Other sizes of the image aren't asked for then."""
    stage = Stage()
    stage.site.errors["fetch_image"] = SiteUnavailableError("site uk: 503")
    [waiting] = found(stage, attachment("a", "b"))

    assert isinstance(waiting, NotNow)
    assert "site uk: 503" == waiting.reason
    assert 1 == len(stage.site.calls)


def test_what_stopped_howdah_once() -> None:
    """It isn't made again, not even to be looked at."""
    stage = Stage()
    stage.site.images[f"{SITE}/a"] = picture()
    begun = Attempt(at=NOON, step="image", outcome="begun", detail=f"{SITE}/a")
    [left] = found(stage, attachment("a"), limits=Limits(supported_mime_types=("image/jpeg",)), history=[begun])

    assert f"howdah was stopped while it made {SITE}/a anew" == fate(left)
