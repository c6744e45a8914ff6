"""Files that only their owner may read."""

import stat
from pathlib import Path

import pytest

from bot.config.private_files import create_private, replace_private


def mode(path: Path) -> int:
    """The file's rights."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("write", [create_private, replace_private])
def test_a_new_file_is_its_owners_alone(write, tmp_path):
    """And nothing else is left beside it."""
    write(tmp_path / "uk.token", "sesame\n")

    assert ("sesame\n", 0o600) == ((tmp_path / "uk.token").read_text(), mode(tmp_path / "uk.token"))
    assert ["uk.token"] == [path.name for path in tmp_path.iterdir()]


def test_an_old_file_is_replaced_with_its_rights(tmp_path):
    """One that was open to others isn't any more; a link stays a link."""
    (tmp_path / "kept").write_text("old")
    (tmp_path / "uk.token").symlink_to("kept")
    replace_private(tmp_path / "uk.token", "new")

    assert (tmp_path / "uk.token").is_symlink()
    assert ("new", 0o600) == ((tmp_path / "kept").read_text(), mode(tmp_path / "kept"))


def test_what_exists_is_not_created(tmp_path):
    """FileExistsError, the file as it was, and nothing left beside it."""
    (tmp_path / "config.toml").write_text("mine")

    with pytest.raises(FileExistsError):
        create_private(tmp_path / "config.toml", "other")
    assert ["config.toml"] == [path.name for path in tmp_path.iterdir()]
    assert "mine" == (tmp_path / "config.toml").read_text()


def test_a_file_system_without_hard_links(tmp_path, monkeypatch):
    """The file is made in the other way."""

    def no_links(*_arguments: object) -> None:
        raise PermissionError

    monkeypatch.setattr("os.link", no_links)
    create_private(tmp_path / "config.toml", "mine")

    assert ("mine", 0o600) == ((tmp_path / "config.toml").read_text(), mode(tmp_path / "config.toml"))


def test_a_folder_that_is_not_there(tmp_path):
    """OSError, for the caller's sentence."""
    with pytest.raises(FileNotFoundError):
        replace_private(tmp_path / "no" / "uk.token", "x")
