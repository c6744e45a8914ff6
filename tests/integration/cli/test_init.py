"""`howdah init` between a small WordPress and a small Mastodon."""

import re
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from tests.integration.cli.conftest import ACCOUNT, PATIENCE, TOKEN
from tests.integration.mastodon.raw import RawServer, bad_request
from tests.sandbox.faults import Status
from tests.sandbox.oauth import approve


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to begin in, with a token at hand."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HOWDAH_CONFIG", raising=False)
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "my.token").touch(mode=0o600)
    (tmp_path / "my.token").write_text(TOKEN)
    return tmp_path


def howdah(*arguments: str, answers: str = "") -> Result:
    """What a command leaves behind."""
    done = CliRunner().invoke(cli, arguments, prog_name="howdah", input=answers)
    assert TOKEN not in done.output
    return done


@pytest.fixture
def said(wordpress, mastodon) -> list[str]:
    """The options that leave nothing to ask."""
    return ["--site", wordpress.url, "--instance", mastodon.url, "--token-file", "my.token", "--allow-private", "--yes"]


def left_in(folder: Path) -> set[str]:
    """The files there."""
    return {path.name for path in folder.iterdir()}


def test_everything_as_options(folder, said):
    """It shows what it found and the first status, and writes a config that works; the next command is said."""
    done = howdah("init", "--name", "blog", *said)

    assert 0 == done.exit_code, done.output
    for words in ("Sandbox", "mastodon 4.5.0", f"@{ACCOUNT}", "Yesterday’s news", "\n    howdah run\n"):
        assert words in done.stdout
    assert 0o600 == stat.S_IMODE((folder / "config.toml").stat().st_mode)
    assert 0 == howdah("check").exit_code
    assert 'token_file = "my.token"' in (folder / "config.toml").read_text()


def test_a_site_whose_rest_api_is_closed(folder, said, wordpress, mastodon):
    """It is read by its feed, as the config does that is written; a new post is shared."""
    closed = Status(401, {"code": "rest_forbidden", "message": "no", "data": {"status": 401}})
    for route in ("*wp-json*", "*?*rest_route*"):
        wordpress.faults.add(match=f"GET {route}", fault=closed)
    done = howdah("init", "--name", "blog", *said)

    assert 0 == done.exit_code, done.output
    assert f"read at {wordpress.url}/feed/" in done.stdout
    assert "Yesterday’s news" in done.stdout
    assert 0 == howdah("sync").exit_code

    wordpress.publish(title="By the feed")
    assert 0 == howdah("share", wordpress.link(2)).exit_code
    assert ["By the feed"] == [status.text.splitlines()[0] for status in mastodon.statuses]


def test_a_config_that_exists_is_left_alone(folder, said):
    """Exit code 1, with what to do, and nothing is asked of anybody."""
    (folder / "config.toml").write_text("mine")
    done = howdah("init", *said)

    assert (1, "") == (done.exit_code, done.stdout)
    assert "config.toml exists" in done.stderr
    assert "--config" in done.stderr
    assert "mine" == (folder / "config.toml").read_text()


def test_another_place(folder, said):
    """Where --config says; the token file is named from there, and the next command names the config."""
    (folder / "etc").mkdir()
    done = howdah("--config", "etc/howdah.toml", "init", *said)

    assert 0 == done.exit_code, done.output
    assert f"howdah --config {folder}/etc/howdah.toml run" in done.stdout
    assert f'token_file = "{folder}/my.token"' in (folder / "etc" / "howdah.toml").read_text()


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"--site": "http://127.0.0.1:9"}, 1, "127.0.0.1:9"),
        ({"--site": "no address"}, 2, "isn't an address"),
        ({"--instance": "http://127.0.0.1:9"}, 1, "refuses the connection"),
        ({"--token-file": "none.token"}, 2, "none.token can't be read"),
        ({"--allow-private": None}, 2, "--allow-private permits it"),
        ({"--token-file": None}, 2, "--yes asks nothing: give --site, --instance and --token-file"),
        ({"--name": "a/b"}, 2, "isn't a name"),
    ],
)
def test_answers_that_can_not_be_right(folder, said, *, change, code, words):
    """End it with what is wrong; nothing is written."""
    for option, value in change.items():
        if option in said:
            at = said.index(option)
            said[at : at + (1 if option == "--allow-private" else 2)] = [option, value] if value else []
        else:
            said += [option, value]
    done = howdah("init", *said)

    assert code == done.exit_code, done.output
    assert words in done.stderr
    assert {"my.token"} == left_in(folder)


def test_a_site_that_speaks_no_https(folder, said):
    """An address without a scheme is tried over https; what to write is said."""
    with RawServer(bad_request) as server:
        said[said.index("--site") + 1] = f"127.0.0.1:{server.port}"
        done = howdah("init", *said)

    assert 1 == done.exit_code
    assert "where it speaks no https, write http:// before it" in done.stderr


@pytest.mark.parametrize("below", ["/wp-admin/post.php?post=1&action=edit", "/wp-login.php", "/feed/", "/wp-json/", ""])
def test_a_page_of_the_site(folder, said, wordpress, below):
    """Leads to the site: people copy what their browser shows."""
    said[said.index("--site") + 1] = wordpress.url + below if below else wordpress.link(1)
    done = howdah("init", "--name", "blog", *said)

    assert 0 == done.exit_code, done.output
    assert f'\nurl = "{wordpress.url}"\n' in (folder / "config.toml").read_text()


@pytest.mark.parametrize("below", [f"/@{ACCOUNT}", "/deck/@someone@elsewhere.example/1"])
def test_a_page_of_the_instance(folder, said, mastodon, below):
    """Leads to the instance."""
    said[said.index("--instance") + 1] = mastodon.url + below
    done = howdah("init", "--name", "blog", *said)

    assert 0 == done.exit_code, done.output
    assert f'\ninstance = "{mastodon.url}"\n' in (folder / "config.toml").read_text()


def test_an_address_where_no_instance_is(folder, said, wordpress):
    """Is no answer, though what is there answers every request."""
    said[said.index("--instance") + 1] = wordpress.url
    done = howdah("init", *said)

    assert 1 == done.exit_code
    assert f"{wordpress.url} is no instance" in done.stderr
    assert {"my.token"} == left_in(folder)


def test_an_instance_that_tells_strangers_nothing(folder, said, mastodon):
    """Its limits need a token, as everything does where it federates with a list of others alone."""
    mastodon.faults.add(match="GET /api/*/instance", fault=Status(401, {"error": "a user is required"}))
    done = howdah("init", "--name", "blog", *said)

    assert 0 == done.exit_code, done.output
    assert "tells strangers nothing" in done.stdout
    assert f"@{ACCOUNT}" in done.stdout


def test_a_token_that_is_refused(folder, said, mastodon):
    """Ends it too."""
    mastodon.revoke(TOKEN)
    done = howdah("init", *said)

    assert 1 == done.exit_code
    assert {"my.token"} == left_in(folder)


def test_questions(folder, wordpress, mastodon):
    """What can't be right is asked again; the person signs in, and agrees to what will be written."""
    command = [sys.executable, "-m", "bot", "init", "--allow-private", "--name", "blog"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"no address\n{mastodon.url}\n{wordpress.url}\n@{ACCOUNT}@\n{mastodon.url}\n")
        process.stdin.flush()
        address = next(line.strip() for line in process.stdout if "/oauth/authorize" in line)
        out, err = process.communicate(f"{approve(address, username=ACCOUNT)}\nmaybe\ny\n", PATIENCE)

    assert 0 == process.returncode, err
    assert f"@{ACCOUNT}" in out
    assert 4 == err.count("Error: ")
    assert "'maybe' is neither yes nor no" in err
    assert {"config.toml", "blog.token", "my.token"} == left_in(folder)
    assert 0o600 == stat.S_IMODE((folder / "blog.token").stat().st_mode)
    assert 0 == howdah("check").exit_code


@pytest.mark.parametrize("answers", ["n\n", ""], ids=["no", "nobody there"])
def test_a_person_who_does_not_agree(folder, said, answers):
    """Has nothing written."""
    done = howdah("init", *said[:-1], answers=answers)

    assert 1 == done.exit_code
    assert re.search("nothing was (written|done)", done.stderr)
    assert {"my.token"} == left_in(folder)


def test_ctrl_c_leaves_nothing(folder, wordpress):
    """Wherever it is pressed: everything is written at the end."""
    # A shell's background job has it ignored, and hands that on.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-m", "bot", "init", "--allow-private"], stdin=pipe, stdout=pipe) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{wordpress.url}\n".encode())
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)

    # Python ends by the signal itself where it met it in code that a library makes from text, as for a class of values:
    # to a shell both are 130.
    assert process.returncode in {130, -signal.SIGINT}
    assert {"my.token"} == left_in(folder)
