"""The process that makes images anew: bounded in memory, and the only one that a file can bring down."""

import struct
import subprocess
import sys

import pytest
from msgspec.structs import replace
from PIL import Image

from bot.domain.models import Limits, MediaFile
from bot.errors import ImageError
from bot.images import PillowFitter, memory
from bot.images.blocks import PNG_SIGNATURE
from bot.images.header import Header
from bot.images.process import Task, made_by_child, task_of
from tests.pictures import chunk, looked_at, picture, saved

MIB = 1024 * 1024
TASK = Task(
    mime_type="image/webp",
    types=("image/jpeg",),
    max_bytes=8 * MIB,
    max_pixels=4096 * 4096,
    max_side=2560,
    memory=128 * MIB,
)


def test_a_picture() -> None:
    """It comes back as it was asked for."""
    found = made_by_child(saved(picture(), "WEBP").data, TASK)

    assert ("image/jpeg", (80, 60)) == (found.mime_type, looked_at(found).size)


def test_what_takes_more_than_there_is() -> None:
    """An ImageError and nothing worse, where the file's head doesn't tell; this process stays as small as it was."""
    large = saved(Image.new("L", (6000, 4000)), "PNG").data

    with pytest.raises(ImageError, match="more memory"):
        made_by_child(large, replace(TASK, mime_type="image/png", memory=64 * MIB))


def test_what_was_said_of_a_broken_file() -> None:
    """It comes back as it was said there."""
    with pytest.raises(ImageError, match="the image is broken, or no WEBP"):
        made_by_child(b"RIFF....WEBP", TASK)


def test_a_child_that_can_not_start() -> None:
    """An ImageError as well."""
    with pytest.raises(ImageError, match="more memory"):
        made_by_child(b"x", replace(TASK, memory=1))


def test_it_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in howdah's environment isn't handed on to what unpacks strangers' files."""
    monkeypatch.setenv("HOWDAH_UK_TOKEN", "s3cret")
    code = "import os; from bot.images.process import environment; print(environment())"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert "s3cret" not in told


def test_a_task_travels_as_a_line() -> None:
    """Nothing of it is lost."""
    assert task_of(TASK.line()) == TASK


class TestMemory:
    """What is worth starting a process for."""

    @pytest.mark.parametrize(
        ("header", "mime_type", "mib"),
        [
            (Header(width=4000, height=3000), "image/webp", 240),
            (Header(width=6000, height=4000), "image/webp", 440),
            (Header(width=4000, height=3000), "image/jpeg", 155),
            (Header(width=6000, height=4000), "image/jpeg", 120),
            (Header(width=6000, height=4000, scans=10), "image/jpeg", 165),
            (Header(width=1, height=50_000_000), "image/png", 620),
            (Header(width=50_000_000, height=1), "image/png", 240),
        ],
    )
    def test_what_is_needed(self, header: Header, mime_type: str, mib: int) -> None:
        """About as much as was measured; for each row of pixels a little more than the pixels."""
        found = memory.needed(header, replace(TASK, mime_type=mime_type)) / MIB

        assert 0.9 * mib < found <= mib

    def test_what_there_is(self) -> None:
        """Within bounds, whatever the machine."""
        assert 96 * MIB <= memory.room() <= 256 * MIB

    def test_a_picture_of_one_by_fifty_million(self) -> None:
        """Nothing is started for it."""
        header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 50_000_000, 8, 0, 0, 0, 0))
        tall = MediaFile(data=PNG_SIGNATURE + header + chunk(b"IDAT", b"") + chunk(b"IEND", b""), mime_type="image/png")

        with pytest.raises(ImageError, match=r"too many pixels to be unpacked in [0-9]+ MiB: 1 × 50000000"):
            PillowFitter().remade(tall, Limits())

    def test_a_smaller_picture_rather_than_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where there isn't the memory for a large one."""
        monkeypatch.setattr("bot.images.fitter.room", lambda: 100 * MIB)
        found = PillowFitter().remade(saved(picture(4000, 3000)), Limits())

        assert (1920, 1440) == looked_at(found).size

    @pytest.mark.parametrize(
        ("line", "files"),
        [
            (
                "0::/system.slice/howdah.service",
                ["system.slice/howdah.service/memory.max", "system.slice/memory.max", "memory.max"],
            ),
            ("0::/", ["memory.max"]),
            (
                "4:memory:/docker/1a",
                [f"memory/{group}memory.limit_in_bytes" for group in ("docker/1a/", "docker/", "")],
            ),
            ("8:pids:/docker/1a", []),
        ],
    )
    def test_where_the_limits_stand(self, line: str, files: list[str]) -> None:
        """Those of a service, of a container, and of what is above them, in either version of control groups."""
        assert [f"/sys/fs/cgroup/{file}" for file in files] == list(map(str, memory._limit_files(line)))
