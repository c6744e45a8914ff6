"""What the fitter makes of real images."""

import struct
import subprocess
import sys

import pytest
from msgspec.structs import replace
from PIL import Image, ImageCms

from bot.domain.models import Limits, MediaFile
from bot.errors import ImageError
from bot.images import PillowFitter
from tests.pictures import PLACE, bomb, chunk, looked_at, moving, noise, picture, saved, taken, told

ALL = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/heic")
MASTODON = Limits(supported_mime_types=ALL, image_size_limit=16 * 1024 * 1024, image_matrix_limit=33_177_600)
RED, BLUE = (255, 0, 0), (0, 0, 255)
# Sixteen bits of grey, from black to white.
DEEP = Image.linear_gradient("L").convert("I").point(lambda value: value * 257).convert("I;16")


def fitted(file: MediaFile, limits: Limits = MASTODON) -> MediaFile:
    """The file as an instance takes it."""
    return taken(file, limits)


def colour(image: Image.Image, x: int, y: int) -> tuple[int, ...]:
    """The colour at a place, roughly: JPEG mixes a little."""
    pixel = image.convert("RGB").getpixel((x, y))
    assert isinstance(pixel, tuple)
    return tuple(255 if value > 127 else 0 for value in pixel)


class TestUnchanged:
    """What the instance takes as it is."""

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
    def test_a_clean_file(self, kind: str) -> None:
        """Not a byte is touched."""
        file = saved(picture(), kind)

        assert file == fitted(file)

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF"])
    def test_where_nothing_is_said_of_types(self, kind: str) -> None:
        """These are taken everywhere."""
        file = saved(picture(), kind)

        assert file == fitted(file, Limits())

    def test_the_metadata_goes_and_the_picture_stays(self) -> None:
        """A JPEG is not encoded once more for it."""
        clean, spoken = saved(picture(), quality=91), saved(picture(), quality=91, exif=told())

        assert PLACE in spoken.data
        assert clean == fitted(spoken)


class TestMetadata:
    """Where, when and with what a picture was taken."""

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
    @pytest.mark.parametrize("size", [80, 3000])
    def test_it_is_taken_out(self, kind: str, size: int) -> None:
        """Whether the picture has to be made anew or not; no program's name and no place is left."""
        file = saved(picture(size, 60), kind, exif=told())
        assert PLACE in file.data

        found = fitted(file)

        assert PLACE not in found.data
        assert not looked_at(found).getexif()

    def test_of_what_moves(self) -> None:
        """It goes on moving."""
        file = moving("WEBP", exif=told().tobytes())

        found = fitted(file)

        assert (PLACE in file.data, PLACE in found.data) == (True, False)
        assert (True, 3) == (found.animated, getattr(looked_at(found), "n_frames", 1))

    def test_comments(self) -> None:
        """They go as well, when a picture is made anew too."""
        file = saved(picture(3000), comment=PLACE)

        assert PLACE in file.data
        assert PLACE not in fitted(file).data

    def test_the_colour_profile_stays(self) -> None:
        """It is part of the picture; one of other colours than the new file's goes."""
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

        assert profile == looked_at(fitted(saved(picture(), icc_profile=profile, exif=told()))).info["icc_profile"]
        assert profile == looked_at(fitted(saved(picture(3000), icc_profile=profile))).info["icc_profile"]
        assert "icc_profile" not in looked_at(fitted(saved(picture(3000, mode="L"), icc_profile=profile))).info
        assert "icc_profile" not in looked_at(fitted(saved(picture(3000), icc_profile=b"p" * 1_000_001))).info


class TestOrientation:
    """Cameras save a picture as they were held, and say so beside it."""

    @pytest.mark.parametrize(
        ("orientation", "red"),
        [
            (2, "top right"),
            (3, "bottom right"),
            (4, "bottom left"),
            (5, "top left"),
            (6, "top right"),
            (7, "bottom right"),
            (8, "bottom left"),
        ],
    )
    def test_it_is_turned(self, orientation: int, red: str) -> None:
        """The picture stands upright without it."""
        found = looked_at(fitted(saved(picture(), exif=told(orientation=orientation))))

        assert (found.size == (60, 80)) == (orientation > 4)
        x, y = found.width // 4, found.height // 4
        places = {
            "top left": (x, y),
            "top right": (3 * x, y),
            "bottom left": (x, 3 * y),
            "bottom right": (3 * x, 3 * y),
        }
        assert [red] == [name for name, place in places.items() if colour(found, *place) == RED]

    @pytest.mark.parametrize("orientation", [0, 1, 9, 65535])
    def test_what_means_nothing(self, orientation: int) -> None:
        """Strange numbers turn nothing."""
        assert saved(picture()) == fitted(saved(picture(), exif=told(orientation=orientation)))

    def test_what_is_broken(self) -> None:
        """A picture isn't lost for what a camera said of it."""
        spoiled = saved(picture(), exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01\x12\0\3" + b"\xff" * 40)

        assert saved(picture()) == fitted(spoiled)


class TestSmaller:
    """Pixels and bytes."""

    @pytest.mark.parametrize(
        ("size", "most", "expected"),
        [
            ((2560, 100), 33_177_600, (2560, 100)),
            ((5120, 200), 33_177_600, (2560, 100)),
            ((100, 4000), 33_177_600, (64, 2560)),
            ((400, 400), 10_000, (100, 100)),
            ((400, 400), 0, (400, 400)),
            ((9000, 2), 33_177_600, (2560, 1)),
        ],
    )
    @pytest.mark.parametrize("kind", ["JPEG", "PNG"])
    def test_pixels(self, kind: str, size: tuple[int, int], most: int, expected: tuple[int, int]) -> None:
        """No longer than it will be seen, and no more than the instance takes."""
        found = fitted(saved(picture(*size), kind), replace(MASTODON, image_matrix_limit=most))

        assert expected == looked_at(found).size

    def test_bytes(self) -> None:
        """In lower quality first, then smaller; never larger than the instance takes."""
        file = saved(noise(800, 600), quality=95)
        sizes = []
        for most in (len(file.data) + 1, len(file.data), 300_000, 20_000, 2_000):
            found = fitted(file, replace(MASTODON, image_size_limit=most))
            assert len(found.data) < most
            sizes.append(looked_at(found).size)

        assert (800, 600) == sizes[0] == sizes[1] == sizes[2]
        assert sizes[2] > sizes[3] > sizes[4]

    def test_what_can_not_be_so_small(self) -> None:
        """There is an end to it."""
        with pytest.raises(ImageError, match="can't be made into a file that the instance takes"):
            fitted(saved(noise(800, 600)), replace(MASTODON, image_size_limit=100))

    def test_a_transparent_one(self) -> None:
        """It stays transparent where that is small enough; else it is on white."""
        image = noise(300, 300).convert("RGBA")
        image.putalpha(Image.linear_gradient("L").resize((300, 300)))
        file = saved(image, "PNG", exif=told(orientation=3))

        clear = fitted(file)
        flat = fitted(file, replace(MASTODON, image_size_limit=60_000))

        assert ("image/png", "RGBA") == (clear.mime_type, looked_at(clear).mode)
        assert ("image/jpeg", "RGB") == (flat.mime_type, looked_at(flat).mode)
        assert (255, 255, 255) == colour(looked_at(flat), 150, 298)


class TestTypes:
    """What the instance doesn't take, and what is seldom."""

    @pytest.mark.parametrize("kind", ["WEBP", "AVIF"])
    @pytest.mark.parametrize("types", [(), ("image/jpeg", "image/png")])
    def test_a_modern_one(self, kind: str, types: tuple[str, ...]) -> None:
        """It becomes a JPEG, also where nobody knows what the instance takes."""
        found = fitted(saved(picture(), kind), Limits(supported_mime_types=types))

        assert ("image/jpeg", (80, 60)) == (found.mime_type, looked_at(found).size)

    def test_an_avif_that_is_taken(self) -> None:
        """It becomes a JPEG all the same: nothing can be taken out of it."""
        assert "image/jpeg" == fitted(saved(picture(), "AVIF")).mime_type

    @pytest.mark.parametrize(
        ("file", "mode"),
        [
            (saved(picture(3000), "PNG"), "RGB"),
            (saved(picture(3000, mode="L")), "L"),
            (saved(picture(3000, mode="CMYK")), "RGB"),
            (saved(picture(mode="CMYK")), "RGB"),
            (saved(picture(3000).quantize(4), "PNG"), "RGB"),
            (saved(picture(3000, mode="1"), "PNG"), "L"),
            (saved(picture(3000, mode="LA"), "PNG"), "RGB"),
            (saved(DEEP.resize((3000, 100)), "PNG"), "L"),
        ],
        ids=["plain", "grey", "large cmyk", "cmyk", "palette", "black and white", "opaque", "16 bits"],
    )
    def test_colours(self, file: MediaFile, mode: str) -> None:
        """Whatever they are kept in, they come out in what everybody can show."""
        assert mode == looked_at(fitted(file)).mode

    def test_the_colours_themselves(self) -> None:
        """Red stays red, printers' red too; sixteen bits keep their range."""
        cmyk = looked_at(fitted(saved(picture(mode="CMYK"))))
        deep = looked_at(fitted(saved(DEEP.resize((3000, 3000)), "PNG")))

        assert (RED, BLUE) == (colour(cmyk, 10, 10), colour(cmyk, 70, 50))
        assert ((0, 0, 0), (255, 255, 255)) == (colour(deep, 10, 10), colour(deep, 10, deep.height - 10))

    def test_few_colours_stay_sharp(self) -> None:
        """A drawing stays a PNG where that is small; a transparent palette stays transparent."""
        drawn = fitted(saved(picture(3000).quantize(4), "PNG"))
        clear = fitted(saved(picture(3000).quantize(4), "PNG", transparency=0))

        assert ("image/png", "image/png") == (drawn.mime_type, clear.mime_type)
        assert "RGBA" == looked_at(clear).mode

    def test_an_instance_without_jpeg(self) -> None:
        """There is PNG then; and where there is neither, there is no image."""
        photo = saved(picture())

        assert "image/png" == fitted(photo, Limits(supported_mime_types=("image/png",))).mime_type
        with pytest.raises(ImageError):
            fitted(photo, Limits(supported_mime_types=("video/mp4",)))

    def test_several_pictures_in_a_jpeg(self) -> None:
        """It is no animation: the first is the picture, the others go."""
        file = saved(picture(), "MPO", save_all=True, append_images=[picture(90, 90)])

        found = fitted(file)

        assert (False, (80, 60), 1) == (found.animated, looked_at(found).size, getattr(looked_at(found), "n_frames", 1))
        assert len(found.data) < len(file.data)


class TestAnimations:
    """What moves."""

    @pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
    def test_it_goes_on_moving(self, kind: str) -> None:
        """Where the instance takes it, as it is; and it is said that it moves."""
        file = moving(kind)

        assert replace(file, animated=True) == fitted(file)

    @pytest.mark.parametrize(
        "limits",
        [
            Limits(supported_mime_types=("image/jpeg",)),
            replace(MASTODON, image_size_limit=400),
            replace(MASTODON, image_matrix_limit=1_000),
        ],
    )
    def test_where_it_is_not_taken_whole(self, limits: Limits) -> None:
        """Its first frame goes."""
        found = fitted(moving(), limits)

        assert (False, 1) == (found.animated, getattr(looked_at(found), "n_frames", 1))
        assert RED == colour(looked_at(found), 20, 20)

    @pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "AVIF"])
    def test_a_still_of_it(self, kind: str) -> None:
        """Its first frame, where that is asked for; what doesn't move stays as it is."""
        found = taken(moving(kind), MASTODON, still=True)
        photo = saved(picture())

        assert (False, 1) == (found.animated, getattr(looked_at(found), "n_frames", 1))
        assert RED == colour(looked_at(found), 20, 20)
        assert photo == taken(photo, MASTODON, still=True)


class TestBroken:
    """What can't be used is an ImageError, whatever it is."""

    @pytest.mark.parametrize(
        "file",
        [
            MediaFile(data=b"", mime_type=""),
            MediaFile(data=b"", mime_type="image/jpeg"),
            MediaFile(data=b"<!DOCTYPE html><html>", mime_type="image/jpeg"),
            MediaFile(data=saved(picture(), "PNG").data, mime_type="image/jpeg"),
            MediaFile(data=b"\xff\xd8\xff" + b"\0" * 100, mime_type="image/jpeg"),
            MediaFile(data=saved(noise(200, 200)).data[:-5_000], mime_type="image/jpeg"),
            MediaFile(data=saved(noise(200, 200), "PNG").data[:-5_000], mime_type="image/png"),
            MediaFile(data=saved(noise(200, 200), "WEBP").data[:-5_000], mime_type="image/webp"),
            MediaFile(data=saved(noise(200, 200), "AVIF").data[:-5_000], mime_type="image/avif"),
            MediaFile(data=b"%!PS-Adobe-3.0 EPSF-3.0\n", mime_type="application/postscript"),
            MediaFile(data=b"\0\0\0\x18ftypheic" + b"\0" * 40, mime_type="image/heic"),
        ],
        ids=["empty", "no byte", "html", "wrong type", "noise", "jpeg", "png", "webp", "avif", "postscript", "heic"],
    )
    def test_what_is_no_image(self, file: MediaFile) -> None:
        """Nothing else is ever raised."""
        with pytest.raises(ImageError):
            fitted(file)

    @pytest.mark.parametrize("side", [7_100, 50_000, 2**31 - 1])
    def test_a_bomb(self, side: int) -> None:
        """A file that claims more pixels than can be unpacked isn't."""
        with pytest.raises(ImageError, match="too many pixels"):
            PillowFitter().remade(bomb(side), MASTODON)

    def test_a_jpeg_of_many_scans(self) -> None:
        """Each would go over the whole picture once more."""
        file = saved(picture(2_000, 2_000), progressive=True)
        end = file.data.rindex(b"\xff\xda")
        slow = replace(file, data=file.data[:end] + file.data[end:-2] * 400 + b"\xff\xd9")

        with pytest.raises(ImageError, match="too many scans"):
            PillowFitter().remade(slow, MASTODON)

    def test_a_dot(self) -> None:
        """However small, it is the author's choice."""
        assert fitted(saved(picture(1, 1), "GIF")).mime_type == "image/gif"

    def test_broken_metadata_of_a_sound_picture(self) -> None:
        """Where it can't be taken out, the picture is made anew."""
        file = saved(picture(), "PNG")
        unended = replace(file, data=file.data[:-12])

        assert PLACE not in fitted(replace(unended, data=unended.data + struct.pack(">I", 999) + b"tEXt")).data

    def test_what_stands_in_chunks(self) -> None:
        """A text chunk of a PNG goes."""
        file = saved(picture(), "PNG")
        spoken = replace(file, data=file.data[:-12] + chunk(b"tEXt", b"Comment\0" + PLACE) + file.data[-12:])

        assert file == fitted(spoken)


def test_pillow_is_imported_with_the_first_image() -> None:
    """Starting doesn't wait for it."""
    code = "import sys, bot.wiring, bot.images; bot.images.PillowFitter(); sys.exit('PIL' in sys.modules)"

    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode
