"""The companion plugin's parts belong together: its version, its words, and the translators' template."""

import re
from pathlib import Path

PLUGIN = Path(__file__).parents[2] / "deploy/wordpress/howdah"
WORDS = re.compile(r"(?:__|esc_html__|esc_html_e)\( '((?:[^'\\]|\\.)*)', 'howdah' \)")


def php() -> str:
    """All of its PHP."""
    return "\n".join(file.read_text() for file in sorted(PLUGIN.rglob("*.php")))


def test_one_version() -> None:
    """The header, the constant and readme.txt say the same."""
    main, readme = (PLUGIN / "howdah.php").read_text(), (PLUGIN / "readme.txt").read_text()
    versions = (
        re.search(r"\* Version: +(\S+)", main),
        re.search(r"const VERSION += '(\S+)'", main),
        re.search(r"Stable tag: (\S+)", readme),
    )

    assert 1 == len({found[1] for found in versions if found})
    assert all(versions)


def test_every_word_can_be_translated() -> None:
    """The template has each text that people see, and no other."""
    template = (PLUGIN / "languages/howdah.pot").read_text()
    listed = re.findall(r'^msgid "(.+)"$', template, re.MULTILINE)

    assert sorted({text.replace('"', '\\"') for text in WORDS.findall(php())}) == sorted(listed)


def test_no_file_shows_itself_to_the_web() -> None:
    """Each part ends where WordPress isn't there."""
    for file in sorted(PLUGIN.rglob("*.php")):
        assert re.search(r"! defined\( '(ABSPATH|WP_UNINSTALL_PLUGIN)' \)", file.read_text()), file
