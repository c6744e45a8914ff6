"""What is allowed in a config and unwise, and what its tables need beside."""

import sys
from pathlib import Path

import pytest

from tests.unit.config.files import ACCOUNT, SITE, loaded, problems


def test_warnings(tmp_path: Path) -> None:
    """What works but is probably not meant is a warning, with its place."""
    web = '[web]\nlisten = "0.0.0.0:1"\npassword_file = "w"\n'
    text = f'{SITE}{ACCOUNT}[accounts.de]\ninstance = "https://social.example"\ntoken = "s3cret"\n{web}'

    assert loaded(tmp_path, text).warnings == (
        f"{tmp_path}/config.toml:7: accounts.de: no site uses this account (add it to a site's accounts, or remove it)",
        (
            f"{tmp_path}/config.toml:9: accounts.de.token: a token in the config is easily shown to others "
            "(put it into a file of its own: token_file)"
        ),
        (
            f"{tmp_path}/config.toml:11: web.listen: is reached from other machines without TLS, which shows them the "
            "password (listen on 127.0.0.1, behind a proxy that has TLS, and name the proxy in trusted_proxies)"
        ),
    )
    assert loaded(tmp_path).warnings == ()


def test_a_page_for_this_machine_alone_is_no_concern(tmp_path: Path) -> None:
    """Nor is one behind a proxy that was named."""
    local = f'{SITE}{ACCOUNT}[web]\npassword_file = "w"\nlisten = "[::1]:1"\n'
    behind = f'{SITE}{ACCOUNT}[web]\npassword_file = "w"\nlisten = "web.example:1"\ntrusted_proxies = ["10.0.0.0/8"]\n'

    assert () == loaded(tmp_path, local).warnings == loaded(tmp_path, behind).warnings


def test_a_table_whose_extra_is_missing_names_the_line_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of the extra is imported to find out."""
    monkeypatch.setattr("bot.config.reading.find_spec", lambda _module: None)

    found = problems(tmp_path, f'{SITE}{ACCOUNT}[web]\npassword_file = "w"\n')

    line = f"{sys.executable} -m pip install 'howdah[web]'"
    assert [f"config.toml:7: web: needs more than is installed (run: {line})"] == found
    assert () == loaded(tmp_path).warnings
