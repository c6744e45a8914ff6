"""A site's secrets: read from files, the environment and systemd, and never shown."""

import base64
from pathlib import Path

import pytest

from bot.config.credentials import find_hook_key, find_password
from bot.config.site_tables import SiteTable
from bot.config.validation import validated
from tests.unit.config.files import ACCOUNT, SITE, loaded

KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()


def site(**keys: object) -> SiteTable:
    """A site with these keys."""
    return validated(SiteTable, {"url": "https://news.example", "accounts": ["uk"], **keys})


def private(path: Path, text: str) -> Path:
    """A file that only its owner may read."""
    path.touch(mode=0o600)
    path.write_text(text)
    return path


def test_a_password_as_wordpress_shows_it(tmp_path: Path) -> None:
    """Spaces belong to it; what stands around it doesn't."""
    private(tmp_path / "wp", "  abcd EFGH 1234 \n")
    found = find_password(site(user="editor", password_file="wp"), folder=tmp_path, environ={})

    assert found is not None
    assert "abcd EFGH 1234" == found.reveal()
    assert "abcd" not in repr(found)


def test_a_password_from_the_environment(tmp_path: Path) -> None:
    """In the variable that password_env names."""
    keys = {"user": "editor", "password_env": "HOWDAH_WP"}
    found = find_password(site(**keys), folder=tmp_path, environ={"HOWDAH_WP": "abcd efgh"})

    assert found is not None
    assert "abcd efgh" == found.reveal()
    with pytest.raises(ValueError, match="HOWDAH_WP isn't set"):
        find_password(site(**keys), folder=tmp_path, environ={})


def test_a_systemd_credential_comes_first(tmp_path: Path) -> None:
    """By the name of the file."""
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "wp").write_text("from systemd")
    environ = {"CREDENTIALS_DIRECTORY": str(folder)}
    found = find_password(site(user="editor", password_file="wp"), folder=tmp_path, environ=environ)

    assert found is not None
    assert "from systemd" == found.reveal()


def test_so_does_one_of_the_page_and_of_the_alerts(tmp_path: Path) -> None:
    """The page's password and the alerts' addresses, though nothing stands beside the config."""
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "web.password").write_text("open sesame")
    (folder / "alerts.urls").write_text("ntfy://topic")
    tables = '[web]\npassword_file = "web.password"\n[alerts]\nurls_file = "alerts.urls"\n'
    config = loaded(tmp_path, f"{SITE}{ACCOUNT}{tables}")
    environ = {"CREDENTIALS_DIRECTORY": str(folder)}

    assert "open sesame" == config.web_password(environ).reveal()
    assert ["ntfy://topic"] == [address.reveal() for _, address in config.alert_addresses(environ)]


@pytest.mark.parametrize("text", ["\n", "pass\nword"])
def test_what_is_no_password(tmp_path: Path, text: str) -> None:
    """A sentence that names the file and not what is in it."""
    private(tmp_path / "wp", text)
    with pytest.raises(ValueError, match="one line") as caught:
        find_password(site(user="editor", password_file="wp"), folder=tmp_path, environ={})

    assert str(tmp_path / "wp") in str(caught.value)
    assert "word" not in str(caught.value).replace("Password", "").replace("password", "")


def test_a_file_that_others_may_read(tmp_path: Path) -> None:
    """Is refused, as a token's is."""
    (tmp_path / "wp").write_text("abcd efgh")
    (tmp_path / "wp").chmod(0o644)
    with pytest.raises(ValueError, match="is open to others"):
        find_password(site(user="editor", password_file="wp"), folder=tmp_path, environ={})


def test_without_a_user_there_is_no_password(tmp_path: Path) -> None:
    """And without a file no key."""
    assert find_password(site(), folder=tmp_path, environ={}) is None
    assert find_hook_key(site(), folder=tmp_path, environ={}) is None


def test_a_hook_secret(tmp_path: Path) -> None:
    """The bytes that stand in it as base64."""
    private(tmp_path / "hook", f"{SECRET}\n")

    assert KEY == find_hook_key(site(hook_secret_file="hook"), folder=tmp_path, environ={})


@pytest.mark.parametrize("text", [SECRET.removeprefix("whsec_"), "whsec_", "whsec_c2hvcnQ=", "whsec_!" + "A" * 40])
def test_what_is_no_hook_secret(tmp_path: Path, text: str) -> None:
    """Says how to make one, and doesn't repeat it."""
    private(tmp_path / "hook", text)
    with pytest.raises(ValueError, match="make one"):
        find_hook_key(site(hook_secret_file="hook"), folder=tmp_path, environ={})
