"""What a running daemon knows a changed token file by."""

import os
from pathlib import Path

import pytest

from tests.unit.config.files import loaded


def _newer(path: Path) -> None:
    os.utime(path, ns=(1, 1))


def _moved_in(path: Path) -> None:
    other = path.with_name("other")
    other.write_text(path.read_text())
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)


def _other_content(path: Path) -> None:
    at = path.stat()
    path.write_text("another")
    os.utime(path, ns=(at.st_atime_ns, at.st_mtime_ns))


@pytest.mark.parametrize("change", [_newer, _moved_in, _other_content, Path.unlink])
def test_a_changed_file_has_another_stamp(change, tmp_path):
    """By its time, its inode or its content; one that is gone too."""
    token = tmp_path / "uk.token"
    token.write_text("s3cret")
    config = loaded(tmp_path)
    before = config.token_stamps()
    change(token)

    assert [token] == list(before)
    assert before != config.token_stamps()
