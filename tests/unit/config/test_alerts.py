"""[alerts] in the config."""

from pathlib import Path

import pytest

from bot.config import load
from bot.config.showing import effective
from bot.errors import ConfigError
from tests.unit.config.files import ACCOUNT, SITE, loaded, problems

SECRET = "s3cr3t"


def test_addresses_are_secrets(tmp_path: Path) -> None:
    """None is shown; those in the file are read after those in the config, but for comments."""
    urls = tmp_path / "alerts.urls"
    urls.touch(mode=0o600)
    urls.write_text(f"# phones\n\nntfy://{SECRET}2\n")
    config = loaded(
        tmp_path,
        f'{SITE}{ACCOUNT}[alerts]\nurls = ["ntfy://{SECRET}1"]\nurls_file = "alerts.urls"\n'
        f'heartbeat = "https://hc.example/{SECRET}"\n',
    )
    found = [(place, address.reveal()) for place, address in config.alert_addresses()]

    assert [("alerts.urls[0]", f"ntfy://{SECRET}1"), ("alerts.urls_file line 3", f"ntfy://{SECRET}2")] == found
    assert SECRET not in repr(config) + effective(config)
    assert "# urls = … (not shown)" in effective(config)


def test_without_the_table_there_are_none(tmp_path: Path) -> None:
    """Nor where it names nobody."""
    assert () == loaded(tmp_path).alert_addresses()
    assert () == loaded(tmp_path, f"{SITE}{ACCOUNT}[alerts]\n").alert_addresses()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (f'urls = ["{SECRET}"]', 'alerts.urls: isn\'t an Apprise address (such as "ntfy://topic"'),
        ('on = ["fail"]', 'alerts.on: "fail" isn\'t known here (did you mean "failed"?)'),
        ("on = []", "alerts.on: is empty"),
        ('remind_every = "1s"', "alerts.remind_every: 1s is out of bounds"),
        (
            f'heartbeat = "http://127.0.0.1/{SECRET}"',
            "alerts.heartbeat: isn't an address to call (write it as https://HOST/PATH; one in your own",
        ),
        (f'heartbeat = "hc.example/{SECRET}"', "alerts.heartbeat: isn't an address to call"),
    ],
)
def test_what_is_wrong_is_said_without_the_address(tmp_path: Path, line: str, sentence: str) -> None:
    """Each with its place."""
    (found,) = problems(tmp_path, f"{SITE}{ACCOUNT}[alerts]\n{line}\n")

    assert sentence in found
    assert SECRET not in found


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """With what to do."""
    (tmp_path / "alerts.urls").write_text("ntfy://x\n")
    (tmp_path / "alerts.urls").chmod(0o644)
    config = loaded(tmp_path, f'{SITE}{ACCOUNT}[alerts]\nurls_file = "alerts.urls"\n')

    with pytest.raises(ConfigError, match="is open to others"):
        load(config.path).alert_addresses()
