"""What shells are given, and the man page."""

import shutil
import subprocess

import pytest

from bot.cli import COMMANDS
from tests.unit.cli.conftest import Howdah


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_each_shell(shell: str, howdah: Howdah, tmp_path) -> None:
    """It asks howdah itself what there is; the shell takes it where it is at hand."""
    done = howdah("completion", shell)

    assert 0 == done.exit_code
    assert f"_HOWDAH_COMPLETE={shell}_complete" in done.stdout
    if program := shutil.which(shell):
        (tmp_path / "script").write_text(done.stdout)
        subprocess.run([program, "-n", str(tmp_path / "script")], check=True, timeout=30)


def test_commands_and_options_are_completed(howdah: Howdah, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the script asks for them."""
    monkeypatch.setenv("_HOWDAH_COMPLETE", "bash_complete")
    said = {}
    for words, at in (("howdah pa", 1), ("howdah backfill --s", 2)):
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", str(at))
        said[words] = howdah().stdout.split()

    assert {"howdah pa": ["plain,pause"], "howdah backfill --s": ["plain,--since"]} == said


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("howdah sync --site ", ["de", "uk"]),
        ("howdah sync --site u", ["uk"]),
        ("howdah list --account ", ["herald"]),
        ("howdah adopt ", ["de", "uk"]),
        ("howdah pause ", ["de", "herald", "uk"]),
        ("howdah login ", ["herald"]),
        ("howdah retry --held --site d", ["de"]),
    ],
)
def test_names_are_completed(
    howdah: Howdah, monkeypatch: pytest.MonkeyPatch, tmp_path, *, words: str, expected: list[str]
) -> None:
    """As the config has them, also one that isn't whole yet; where there is none, or it is no TOML, nothing."""
    config = tmp_path / "config.toml"
    monkeypatch.setenv("_HOWDAH_COMPLETE", "bash_complete")
    monkeypatch.setenv("HOWDAH_CONFIG", str(config))
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(words.count(" ")))
    said = []
    for text in (None, "[sites.uk", "[sites.uk]\n[sites.de]\n[accounts.herald]\n"):
        if text is not None:
            config.write_text(text)
        said.append([line.removeprefix("plain,") for line in howdah().stdout.split()])

    assert [[], [], expected] == said


def test_another_shell(howdah: Howdah) -> None:
    """Exit code 2."""
    assert 2 == howdah("completion", "tcsh").exit_code


def test_the_man_page_has_every_command(howdah: Howdah) -> None:
    """With its options and its examples, a line for each; no line is taken for a request that is none."""
    page = howdah("help", "--man").stdout

    for name in COMMANDS:
        assert f"\n.SS howdah {name}".replace("-", r"\-") in page
    for words in (r"\-\-dry\-run", "\nhowdah share uk/393174 \\-\\-account uk\n", ".SH EXIT STATUS"):
        assert words in page
    requests = {line.split()[0] for line in page.splitlines() if line.startswith(".")}
    assert requests <= {".TH", ".SH", ".SS", ".PP", ".TP", ".nf", ".fi"}
