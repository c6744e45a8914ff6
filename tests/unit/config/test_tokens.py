"""Where tokens come from, and what is said where they don't."""

import os
from pathlib import Path

import pytest

from bot.config import Config
from bot.errors import ConfigError
from tests.unit.config.files import ACCOUNT, SITE, loaded, problems

BARE = SITE + '[accounts.uk]\ninstance = "https://social.example"\n'


def put(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file with this mode."""
    path.write_bytes(content)
    path.chmod(mode)


def sentence(config: Config, environ: dict[str, str] | None = None) -> str:
    """What is said when the token is asked for, without the folder's name."""
    with pytest.raises(ConfigError) as caught:
        config.token("uk", environ or {})
    return str(caught.value).replace(f"{config.folder}/", "")


def test_file_beside_the_config(tmp_path: Path) -> None:
    """A token file is relative to the config file; space around the token and a byte order mark are left out."""
    put(tmp_path / "uk.token", b"\xef\xbb\xbf s3cret\r\n")

    assert loaded(tmp_path).token("uk", {}).reveal() == "s3cret"


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o610, 0o666])
def test_open_file(tmp_path: Path, mode: int) -> None:
    """A token file that others may touch is refused, with the command that mends it."""
    put(tmp_path / "uk.token", b"s3cret", mode)

    assert (
        "config.toml:6: accounts.uk.token_file: the token file uk.token is open to others (run: chmod 600 uk.token)"
    ) == sentence(loaded(tmp_path))


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"", "is empty (it has to hold the access token; the instance makes one)"),
        (
            b"\n \n",
            "is empty (it has to hold the access token; the instance makes one)",
        ),
        (b"one two", "has spaces or line breaks inside (the token alone, on one line)"),
        (b"one\ntwo\n", "has spaces or line breaks inside (the token alone, on one line)"),
        (b"one\x00two", "has spaces or line breaks inside (the token alone, on one line)"),
        ("tökén".encode(), "has characters outside ASCII, which no token has (copy the token anew)"),
        (b'"s3cret"\n', "stands in quotes (write the token alone)"),
        ("“s3cret”".encode(), "stands in quotes (write the token alone)"),
        (b"\xff\xfes\x00", "has characters outside ASCII, which no token has (copy the token anew)"),
    ],
)
def test_unusable_content(tmp_path: Path, content: bytes, wrong: str) -> None:
    """A file that doesn't hold one token is refused, whatever is wrong with it."""
    put(tmp_path / "uk.token", content)

    assert f"config.toml:6: accounts.uk.token_file: the token file uk.token {wrong}" == sentence(loaded(tmp_path))


def test_no_file(tmp_path: Path) -> None:
    """A file that isn't there, or isn't a file, is named."""
    config = loaded(tmp_path)

    assert (
        "config.toml:6: accounts.uk.token_file: the token file uk.token can't be read (No such file or directory)"
    ) == sentence(config)
    (tmp_path / "uk.token").mkdir(mode=0o700)
    assert (
        "config.toml:6: accounts.uk.token_file: the token file uk.token isn't a file "
        "(a file with the token alone is meant)"
    ) == sentence(config)


def test_environment(tmp_path: Path) -> None:
    """token_env names the variable; one that isn't set, or is unusable, is named."""
    config = loaded(tmp_path, BARE + 'token_env = "HOWDAH_TOKEN"\n')
    place = "config.toml:6: accounts.uk.token_env: the environment variable HOWDAH_TOKEN"

    assert config.token("uk", {"HOWDAH_TOKEN": "s3cret"}).reveal() == "s3cret"
    assert f"{place} isn't set (set it to the access token)" == sentence(config)
    assert f"{place} has spaces or line breaks inside (the token alone, on one line)" == sentence(
        config, {"HOWDAH_TOKEN": "a b"}
    )


@pytest.mark.parametrize(("text", "name"), [(SITE + ACCOUNT, "uk.token"), (BARE, "uk")])
def test_credential(tmp_path: Path, text: str, name: str) -> None:
    """A systemd credential comes first: named as the token file, or else as the account; its mode is systemd's."""
    put(tmp_path / "uk.token", b"from-file")
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    put(credentials / name, b"from-systemd", 0o440)
    token = loaded(tmp_path, text).token("uk", {"CREDENTIALS_DIRECTORY": str(credentials)})

    assert token.reveal() == "from-systemd"


def test_no_credential_of_that_name(tmp_path: Path) -> None:
    """Without a credential of that name the file is read."""
    put(tmp_path / "uk.token", b"from-file")

    assert loaded(tmp_path).token("uk", {"CREDENTIALS_DIRECTORY": str(tmp_path / "none")}).reveal() == "from-file"


def test_unusable_credential(tmp_path: Path) -> None:
    """An empty credential isn't passed over for the file: it is named."""
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    put(credentials / "uk.token", b"")

    assert (
        "config.toml:6: accounts.uk.token_file: the token file credentials/uk.token is empty "
        "(it has to hold the access token; the instance makes one)"
    ) == sentence(loaded(tmp_path), {"CREDENTIALS_DIRECTORY": str(credentials)})


def test_no_source(tmp_path: Path) -> None:
    """An account without any source of a token says how to get one."""
    assert ('config.toml:4: accounts.uk: has no token (add token_file = "FILE"; the instance makes one)') == sentence(
        loaded(tmp_path, BARE)
    )


def test_unknown_account(tmp_path: Path) -> None:
    """Asking for an account that isn't in the config is the caller's mistake."""
    with pytest.raises(KeyError):
        loaded(tmp_path).token("de", {})


def test_pasted_token(tmp_path: Path) -> None:
    """A token in place of its file's name isn't repeated."""
    pasted = "Rk4-mJ2wq_8ZtVbXo71sHdYpLcRk4-mJ2wq_8ZtVbXo"
    config = loaded(tmp_path, BARE + f'token_file = "{pasted}"\n')

    assert sentence(config) == (
        "config.toml:6: accounts.uk.token_file: seems to hold the token itself "
        "(put it into a file of its own, and name that)"
    )


def test_version(tmp_path: Path) -> None:
    """It stays while nothing changes, and is another one for another time, file, or token; None without a token."""
    config, file = loaded(tmp_path), tmp_path / "uk.token"
    versions = [config.token_version("uk", {})]
    put(file, b"s3cret")
    versions.append(config.token_version("uk", {}))
    assert config.token_version("uk", {}) == versions[-1]
    os.utime(file, ns=(1, 1))
    versions.append(config.token_version("uk", {}))
    put(tmp_path / "new", b"s3cret")
    os.utime(tmp_path / "new", ns=(1, 1))
    (tmp_path / "new").replace(file)
    versions.append(config.token_version("uk", {}))
    put(file, b"0ther1")
    os.utime(file, ns=(1, 1))
    versions.append(config.token_version("uk", {}))

    assert None is versions[0]
    assert len(versions) == len(set(versions))


def test_version_of_a_variable(tmp_path: Path) -> None:
    """Without a file, the token alone counts."""
    config = loaded(tmp_path, BARE + 'token_env = "HOWDAH_TOKEN"\n')

    one, same, other = (config.token_version("uk", {"HOWDAH_TOKEN": token}) for token in ("a1", "a1", "b2"))
    assert one == same != other


def test_a_mark_changes_with_the_token(tmp_path: Path) -> None:
    """Whatever its file's time; it is short, and nothing of the token is in it."""
    config = loaded(tmp_path)
    marks = [config.token_mark("uk", {})]
    for content in (b"s3cret-s3cret", b" s3cret-s3cret\n", b"another"):
        put(tmp_path / "uk.token", content)
        marks.append(config.token_mark("uk", {}))

    none, first, same, other = marks
    assert ("", first, True) == (none, same, other not in (none, first))
    assert 16 == len(first)
    assert "s3cret" not in first


def test_a_backslash_that_became_a_control_character(tmp_path: Path) -> None:
    """TOML reads a tab and a line break there: the sentence says so, and shows neither."""
    account = ACCOUNT.replace('"uk.token"', '"C:\\tok\\new.txt"')

    [said] = problems(tmp_path, SITE + account)
    assert said == (
        "config.toml:6: accounts.uk.token_file: has a control character (between double quotes a backslash is written "
        "twice, between single ones once: 'a\\b')"
    )
