"""Finding the config file, and files that can't be read as TOML."""

import os
from pathlib import Path

import pytest

from bot.config import find, load, places, reading
from bot.config.files import as_it_is, read_small
from bot.errors import ConfigError
from tests.unit.config.files import ACCOUNT, SITE, problems, write


def said(path: Path) -> str:
    """What is said instead of loading this file, without its folder's name."""
    with pytest.raises(ConfigError) as caught:
        load(path)
    return str(caught.value).replace(f"{path.parent}/", "")


def test_named_one(tmp_path: Path) -> None:
    """--config comes before $HOWDAH_CONFIG, and that before every usual place; neither is looked at yet."""
    write(tmp_path)

    assert find(Path("a.toml"), {"HOWDAH_CONFIG": "b.toml"}, tmp_path) == tmp_path / "a.toml"
    assert find(None, {"HOWDAH_CONFIG": "/b.toml"}, tmp_path) == Path("/b.toml")
    assert find(None, {"HOWDAH_CONFIG": ""}, tmp_path) == tmp_path / "config.toml"


def test_usual_places(tmp_path: Path) -> None:
    """The working folder, then the user's own config, then the system's; a relative XDG_CONFIG_HOME doesn't count."""
    here, system = tmp_path / "config.toml", Path("/etc/howdah/config.toml")
    home = Path("/home/me/.config/howdah/config.toml")

    assert (here, home, system) == places({"HOME": "/home/me"}, tmp_path)
    assert (here, home, system) == places({"HOME": "/home/me", "XDG_CONFIG_HOME": "x"}, tmp_path)
    assert (here, Path("/x/howdah/config.toml"), system) == places({"XDG_CONFIG_HOME": "/x", "HOME": "/"}, tmp_path)
    assert (here, system) == places({}, tmp_path)


def test_first_that_is_there(tmp_path: Path) -> None:
    """The first place that has a config is taken."""
    (tmp_path / "howdah").mkdir()
    path = write(tmp_path / "howdah")

    assert path == find(None, {"XDG_CONFIG_HOME": str(tmp_path)}, tmp_path / "elsewhere")


def test_nowhere(tmp_path: Path) -> None:
    """Without any config, the places and the ways to begin are named."""
    with pytest.raises(ConfigError) as caught:
        find(None, {"HOME": str(tmp_path)}, tmp_path)

    assert (
        "There is no config: neither --config nor $HOWDAH_CONFIG names one, and there is none at "
        f"{tmp_path}/config.toml, {tmp_path}/.config/howdah/config.toml, /etc/howdah/config.toml. To begin, run "
        "`howdah init`, which makes one, or `howdah demo`, which needs none."
    ) == str(caught.value)


@pytest.mark.parametrize("data", [f"\ufeff{SITE}{ACCOUNT}".encode(), (SITE + ACCOUNT).replace("\n", "\r\n").encode()])
def test_marks_of_other_systems(tmp_path: Path, data: bytes) -> None:
    """A byte order mark and Windows line ends do no harm."""
    path = tmp_path / "config.toml"
    path.write_bytes(data)

    assert load(path).sites["uk"].accounts == ("uk",)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("x = 1".encode("utf-16"), "config.toml:1: is UTF-16 (save it as UTF-8)"),
        ('# fine\nx = "é"'.encode("latin-1"), "config.toml:2: isn't UTF-8 (save it as UTF-8)"),
        (b"x = 1\0", "config.toml:1: isn't TOML: Expected newline or end of document after a statement at column 6"),
        (b"[" + b"[" * 99_999, None),
    ],
)
def test_unreadable_bytes(tmp_path: Path, data: bytes, sentence: str | None) -> None:
    """Bytes that aren't UTF-8 text are refused with the line they are on."""
    path = tmp_path / "config.toml"
    path.write_bytes(data)

    assert said(path) == sentence if sentence else said(path).startswith("config.toml:1: isn't TOML: ")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "\nurl = news.example",
            'config.toml:2: isn\'t TOML: Invalid value at column 7 (text stands in quotes: key = "text")',
        ),
        ("\n\nurl =", 'config.toml:3: isn\'t TOML: Invalid value (text stands in quotes: key = "text")'),
        ("a = 1\na = 2", "config.toml:2: isn't TOML: Cannot overwrite a value (the same key stands there twice)"),
        (
            "[a]\n[a]",
            (
                "config.toml:2: isn't TOML: Cannot declare ('a',) twice at column 3 "
                "(this table stands there twice: join the two, or give one another name)"
            ),
        ),
        ("a = True", "config.toml:1: isn't TOML: Invalid value at column 5 (write true)"),
        ("a = yes # please", "config.toml:1: isn't TOML: Invalid value at column 5 (write true)"),
        (
            "a = “b”",
            "config.toml:1: isn't TOML: Invalid value at column 5 (typographic quotes: write straight ones, \")",
        ),
        (
            'a = "b\nc = 1',
            "config.toml:1: isn't TOML: Illegal character '\\n' at column 7 (the quotes aren't closed)",
        ),
        ("a = 'b", "config.toml:1: isn't TOML: Expected \"'\" (the quotes aren't closed)"),
        (
            '{"sites": {}}',
            (
                "config.toml:1: isn't TOML: Invalid statement at column 1 "
                '(this is JSON: TOML has [sites.NAME] on a line of its own, and key = "text" below it)'
            ),
        ),
        (
            "sites:\n  uk:\n",
            (
                "config.toml:1: isn't TOML: Expected '=' after a key in a key/value pair at column 6 "
                '(this looks like YAML: TOML has [sites.NAME] on a line of its own, and key = "text" below it)'
            ),
        ),
        (
            'a = "C:\\dir"',
            (
                "config.toml:1: isn't TOML: Unescaped '\\' in a string at column 10 "
                "(between double quotes a backslash is written twice, between single ones once: 'a\\b')"
            ),
        ),
        (
            'a = "C:\\Users"',
            (
                "config.toml:1: isn't TOML: Invalid hex value at column 10 "
                "(between double quotes a backslash is written twice, between single ones once: 'a\\b')"
            ),
        ),
        (f"a = {'[' * 5000}", "config.toml:1: isn't TOML: lists or tables are too deep in each other"),
    ],
)
def test_syntax(tmp_path: Path, text: str, sentence: str) -> None:
    """A text that isn't TOML is refused with the line where it stops being so."""
    assert [sentence] == problems(tmp_path, text)


def test_no_file_to_read(tmp_path: Path) -> None:
    """A path that leads to no file says where it leads."""
    (tmp_path / "loop").symlink_to(tmp_path / "loop")

    assert said(tmp_path / "x") == "x: there is no such file (`howdah init` makes one)"
    assert said(tmp_path / "loop") == "loop: can't be read (Too many levels of symbolic links)"
    (tmp_path / "folder").mkdir()
    assert said(tmp_path / "folder") == "folder: is a folder (name the config file in it)"


@pytest.mark.parametrize("mode", [0o602, 0o620, 0o666, 0o664])
def test_others_may_write(tmp_path: Path, mode: int) -> None:
    """What other users may write says where tokens go: it is refused, unless a person names it now."""
    path = write(tmp_path)
    path.chmod(mode)

    assert f"config.toml: may be written by other users (run: chmod go-w {path})".replace(f"{tmp_path}/", "") == said(
        path
    )
    assert load(path, named=True).sites


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_another_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A config of another user is refused, but for the system's, where only root can have put it."""
    path = write(tmp_path)
    os.chown(path, 4242, -1)

    assert "config.toml: belongs to another user (uid 4242; it has to be yours, or root's)" == said(path)
    assert load(path, named=True).sites
    monkeypatch.setattr(reading, "_SYSTEM", path)
    assert load(path).sites
    path.chmod(0o646)
    assert "may be written by other users" in said(path)


def test_roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A config of root's is anybody's to read."""
    path = write(tmp_path)
    owner = path.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)

    if owner:
        assert f"config.toml: belongs to another user (uid {owner}; it has to be yours, or root's)" == said(path)
    else:
        assert load(path).sites


@pytest.mark.timeout(10)
def test_no_end(tmp_path: Path) -> None:
    """A pipe that nobody writes to, a device without an end, and a file that is far too long are refused at once."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "long").write_bytes(b"#" * 1_000_001)

    assert "pipe: isn't a file (no pipe and no device is read)" == said(tmp_path / "pipe")
    assert "zero: isn't a file (no pipe and no device is read)" == said(Path("/dev/zero"))
    assert "long: is longer than 1 MB (is it the right file?)" == said(tmp_path / "long")


@pytest.mark.parametrize("length", [0, 4_095, 4_096, 4_097, 1_000_000])
def test_whole_files(tmp_path: Path, length: int) -> None:
    """A file of up to 1 MB is read to its end."""
    (tmp_path / "file").write_bytes(b"#" * length)

    assert length == len(read_small(tmp_path / "file", check=as_it_is))
