"""How the commands are called, and what they answer to a call that makes no sense."""

from importlib.metadata import version
from pathlib import Path

import click
import pytest

from bot.cli import COMMANDS, cli, main
from tests.unit.cli.conftest import Howdah
from tests.unit.config.files import ACCOUNT, SITE, write


class TestHelp:
    """What a newcomer reads first."""

    def test_lists_every_command(self, howdah: Howdah) -> None:
        """Each with a line about what it does."""
        said = howdah("--help").output

        width = max(map(len, COMMANDS))
        for name, place in COMMANDS.items():
            assert f"{name:<{width}}  {place.does}" in said

    @pytest.mark.parametrize("name", COMMANDS)
    def test_a_commands_line_is_the_first_of_its_own_help(self, name: str, howdah: Howdah) -> None:
        """The list, which imports no command, says the same as the command itself."""
        command = cli.get_command(click.Context(cli), name)

        assert command is not None
        assert COMMANDS[name].does == (command.help or "").splitlines()[0]
        assert 0 == howdah(name, "--help").exit_code

    @pytest.mark.parametrize("name", COMMANDS)
    def test_every_option_is_explained(self, name: str) -> None:
        """No option without a line of its own."""
        command = cli.get_command(click.Context(cli), name)

        assert command is not None
        assert [] == [option.name for option in command.params if isinstance(option, click.Option) and not option.help]

    def test_fits_a_terminal(self, howdah: Howdah) -> None:
        """No line of any help is wider than 80 columns."""
        for command in ([], *([name] for name in COMMANDS)):
            wide = [line for line in howdah(*command, "--help").output.splitlines() if len(line) > 80]
            assert [] == wide

    def test_says_its_version(self, howdah: Howdah) -> None:
        """`howdah --version` names the installed version."""
        assert f"howdah {version('howdah')}\n" == howdah("--version").output


class TestTheGroup:
    """What shells ask for completion."""

    def test_knows_its_commands(self) -> None:
        """And none else."""
        context = click.Context(cli)

        assert sorted(COMMANDS) == cli.list_commands(context)
        assert cli.get_command(context, "shaer") is None


class TestAWrongCall:
    """A person mistypes."""

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["shaer"], "Did you mean 'share'?"),
            (["frobnicate"], "No such command 'frobnicate'."),
            (["--verbose", "--quiet", "list"], "exclude each other"),
            (["--log-format", "xml", "list"], "xml"),
            (["share"], "Missing argument 'POST...'"),
            (["retry"], "Say which: POST…, --failed or --held."),
            (["skip"], "Say which: POST… or --held."),
            (["share", "7", "--text", " "], "--text is empty."),
            (["share", "7", "--text", "Look: {title|upper}"], "{title} isn't filled in"),
            (["edit", "7", "--text", ""], "--text is empty."),
            (["edit", "7", "--text", " \u3164 \u200b"], "--text is empty."),
            (["edit", "7", "--text", "{excerpt}"], "{excerpt} isn't filled in"),
            (["share", "7", "8", "--now", "--every", "2h"], "exclude each other"),
            (["share", "7", "8", "--every", "often"], "--every: "),
            (["share", "7", "8", "--every", "9999999d"], "--every: 9999999d is out of bounds (from 0s to 30d)"),
            (["preview"], "either a POST or --latest"),
            (["preview", "1", "--latest", "2"], "either a POST or --latest"),
            (["preview", "--latest", "0"], "0"),
            (["list", "--state", "lost"], "lost"),
            (["list", "--limit", "0"], "0"),
            (["list", "--limit", "99999999999999999999"], "99999999999999999999"),
            (["config"], "Usage: howdah config"),
        ],
        ids=" ".join,
    )
    def test_is_answered_with_what_is_wrong(self, arguments: list[str], said: str, howdah: Howdah) -> None:
        """Exit code 2, a sentence on stderr, nothing on stdout, no traceback."""
        done = howdah(*arguments)

        assert (2, "") == (done.exit_code, done.stdout)
        assert said in done.stderr
        assert "Traceback" not in done.stderr

    def test_a_config_that_is_not_there(self, howdah: Howdah, tmp_path: Path) -> None:
        """Exit code 2, and the file is named."""
        done = howdah("--config", str(tmp_path / "none.toml"), "list")

        assert (2, "") == (done.exit_code, done.stdout)
        assert f"Error: {tmp_path}/none.toml: there is no such file" in done.stderr

    def test_every_problem_of_a_config_has_its_line(self, howdah: Howdah, tmp_path: Path) -> None:
        """All at once, each with file, line and key."""
        config = tmp_path / "config.toml"
        config.write_text(
            '[sites.uk]\nurl = "https://uk.example"\npoll_evry = "2m"\naccounts = ["uk"]\n[accounts.uk]\n'
        )
        done = howdah("--config", str(config), "status")

        assert 2 == done.exit_code
        lines = done.stderr.splitlines()
        assert len(lines) > 1
        assert all(line.startswith(f"Error: {config}:") for line in lines)
        assert any("poll_every" in line for line in lines)

    def test_alerts_that_cannot_be_read(self, howdah: Howdah, tmp_path: Path) -> None:
        """A pass that couldn't tell anybody isn't begun: not even its store is opened."""
        (tmp_path / "uk.token").write_text("token\n")
        (tmp_path / "uk.token").chmod(0o600)
        path = write(tmp_path, f'{SITE}{ACCOUNT}[state]\nurl = "sqlite:///s.db"\n[alerts]\nurls_file = "alerts.urls"\n')
        done = howdah("--config", str(path), "sync")

        assert (2, "") == (done.exit_code, done.stdout)
        assert "alerts.urls_file" in done.stderr
        assert not (tmp_path / "s.db").exists()


def test_bytes_that_are_no_text(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """They are refused before anything is done: a status could have them, but nothing could record it."""
    monkeypatch.setattr("sys.argv", ["howdah", "edit", "7", "--text", "Gr\udcfc\udcdfe"])

    with pytest.raises(SystemExit) as exited:
        main()

    assert 2 == exited.value.code
    assert "Error: argument 4 isn't UTF-8: 'Gr??e'\n" == capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [["backfill", "uk", "--since", "90d"], ["adopt", "uk"], ["import", "feed2toot", "state", "--site", "uk"]],
    ids=lambda command: command[0],
)
def test_an_account_of_another_site(
    command: list[str], howdah: Howdah, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would be queued there would only be skipped."""
    monkeypatch.chdir(tmp_path)
    Path("state").write_text("https://news.example/uk/1\n", encoding="utf-8")
    path = write(tmp_path, SITE + ACCOUNT + (SITE + ACCOUNT).replace("uk", "eu"))
    done = howdah("--config", str(path), *command, "--account", "eu")

    assert (2, "Error: account eu isn't among the accounts of site uk, which has uk\n") == (done.exit_code, done.stderr)


class TestOptionsBehindTheCommand:
    """A person writes them where they come to mind."""

    @pytest.mark.parametrize("behind", [["list", "--config"], ["config", "show", "--config"], ["db", "--config"]])
    def test_the_config(self, howdah: Howdah, behind: list[str], tmp_path: Path) -> None:
        """It is the one that is named last."""
        path = tmp_path / "other.toml"
        more = ["backup", "x"] if behind[0] == "db" else []
        done = howdah("--config", "elsewhere.toml", *behind, str(path), *more)

        assert (2, f"Error: {path}: there is no such file (`howdah init` makes one)\n") == (
            done.exit_code,
            done.stderr,
        )

    def test_they_exclude_each_other_there_too(self, howdah: Howdah) -> None:
        """Wherever the two stand."""
        assert "exclude each other" in howdah("--verbose", "check", "--quiet").stderr

    def test_a_text_of_the_same_words_is_a_text(self, howdah: Howdah) -> None:
        """What another option takes stays its own."""
        said = howdah("--config", "none.toml", "share", "7", "--text", "--quiet").stderr

        assert "none.toml: there is no such file" in said


class TestHelpInWords:
    """`howdah help`."""

    @pytest.mark.parametrize("path", [[], ["share"], ["db", "backup"]])
    def test_is_the_same_as_the_option(self, howdah: Howdah, path: list[str]) -> None:
        """For the whole, a command, and a command of a group."""
        assert howdah(*path, "--help").stdout == howdah("help", *path).stdout

    @pytest.mark.parametrize("path", [["shaer"], ["share", "now"], ["db", "burn"]])
    def test_of_what_is_not_there(self, howdah: Howdah, path: list[str]) -> None:
        """It is said so."""
        assert 2 == howdah("help", *path).exit_code
