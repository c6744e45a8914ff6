"""Each thing that can be wrong with a config, in the words that a person reads."""

from pathlib import Path

import pytest

from tests.unit.config.files import ACCOUNT, SITE, problems, problems_of_account, problems_of_site

NO_SITE = "there is no site (add one: [sites.blog] with url and accounts)"
NO_ACCOUNT = "there is no account (add one: [accounts.blog] with instance and token_file)"
URL = 'url: is missing (for example: url = "https://www.example.org/blog")'
UNITS = '(write it with a unit, such as "2m", "90s" or "1h30m")'


def only(found: list[str], key: str) -> str:
    """What is said about this key, once."""
    (said,) = [problem for problem in found if problem.startswith(f"{key}:")]
    return said.removeprefix(f"{key}: ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [f"config.toml:1: sites: {NO_SITE}", f"config.toml:1: accounts: {NO_ACCOUNT}"]),
        ("\n[sites]\n[accounts]\n", [f"config.toml:2: sites: {NO_SITE}", f"config.toml:3: accounts: {NO_ACCOUNT}"]),
        (SITE, [f"config.toml:1: accounts: {NO_ACCOUNT}"]),
        (
            SITE.replace("sites", "site") + ACCOUNT,
            ["config.toml:1: site.uk: unknown table (did you mean [sites.uk]?)"],
        ),
        (
            f'[site.uk]\n[site."d e"]\n{ACCOUNT}',
            [
                "config.toml:1: site.uk: unknown table (did you mean [sites.uk]?)",
                'config.toml:2: site."d e": unknown table (did you mean [sites."d e"]?)',
            ],
        ),
        (
            f"{SITE}[account]\ninstance = 1\n",
            ["config.toml:4: account: unknown table (did you mean [accounts.NAME]?)"],
        ),
        (f"{SITE}{ACCOUNT}[stat]\n", ["config.toml:7: stat: unknown table (did you mean [state]?)"]),
        (
            f"{SITE}{ACCOUNT}[mastodon]\n",
            ["config.toml:7: mastodon: unknown table (known: [state], [sites.NAME], [accounts.NAME], [web], [alerts])"],
        ),
        (
            f'visibility = "direct"\n{SITE}{ACCOUNT}',
            ["config.toml:1: visibility: unknown key (it belongs into [accounts.NAME])"],
        ),
        (
            f'url = "https://news.example"\n{SITE}{ACCOUNT}',
            ["config.toml:1: url: unknown key (it belongs into [sites.NAME] or [state])"],
        ),
        (
            f"x = 1\n{SITE}{ACCOUNT}",
            ["config.toml:1: x: unknown key (known here: state, sites, accounts, web, alerts)"],
        ),
        (
            f"[[sites]]\nurl = 1\n{ACCOUNT}",
            ["config.toml:1: sites: must be a table with a name of its own, such as [sites.blog]"],
        ),
        (
            f"[accounts]\nuk = 1\n{SITE}",
            ["config.toml:2: accounts.uk: must be a table with a name of its own, such as [accounts.blog]"],
        ),
        (f"state = 1\n{SITE}{ACCOUNT}", ["config.toml:1: state: must be a table: [state]"]),
        (
            f'[sites."a/b"]\nurl = "https://news.example"\naccounts = ["uk"]\n{ACCOUNT}',
            [
                (
                    'config.toml:1: sites."a/b": isn\'t a name (letters, digits, "_", "." and "-" only, '
                    "and not a mark first, because it stands in SITE/ID)"
                )
            ],
        ),
        (
            f'[sites.-x]\nurl = "https://news.example"\naccounts = ["uk"]\n{ACCOUNT}',
            [
                (
                    'config.toml:1: sites.-x: isn\'t a name (letters, digits, "_", "." and "-" only, '
                    "and not a mark first, because it stands in SITE/ID)"
                )
            ],
        ),
        (
            SITE.replace('["uk"]', '["ukk", "de", 5, "uk"]') + ACCOUNT,
            [
                'config.toml:3: sites.uk.accounts: each item must be text in quotes, such as ["uk"]',
                'config.toml:3: sites.uk.accounts: there is no account "ukk" (did you mean "uk"?)',
                'config.toml:3: sites.uk.accounts: there is no account "de" (there are: "uk")',
            ],
        ),
        (
            SITE.replace('["uk"]', '["ukk"]') + ACCOUNT,
            ['config.toml:3: sites.uk.accounts: there is no account "ukk" (did you mean "uk"?)'],
        ),
        (
            SITE + ACCOUNT + 'token_env = "T"\ntoken = "t"\n',
            [
                "config.toml:7: accounts.uk.token_env: stands beside token_file (keep one of them)",
                "config.toml:8: accounts.uk.token: stands beside token_file (keep one of them)",
            ],
        ),
        (
            f'{SITE}{ACCOUNT}[state]\nurl = "sqlite:///"\n[web]\npassword_file = "w"\nlisten = "8642"\n',
            [
                (
                    "config.toml:8: state.url: names no file, so that howdah would forget what it shared "
                    '(write "sqlite:///howdah.db")'
                ),
                'config.toml:11: web.listen: "8642" isn\'t HOST:PORT (such as "127.0.0.1:8642")',
            ],
        ),
        (f"{SITE}{ACCOUNT}[state]\nurl = 5\n", ["config.toml:8: state.url: must be text in quotes"]),
        (
            f'{SITE}{ACCOUNT}[web]\npassword_file = "w"\nlisten = "::1:99999"\n',
            ['config.toml:9: web.listen: "::1:99999" isn\'t HOST:PORT (such as "127.0.0.1:8642")'],
        ),
        (
            f'{SITE}{ACCOUNT}[web]\npassword_file = "w"\nlisten = "[::1]:99999"\n',
            ['config.toml:9: web.listen: "[::1]:99999" isn\'t HOST:PORT (such as "127.0.0.1:8642")'],
        ),
    ],
)
def test_tables(tmp_path: Path, text: str, expected: list[str]) -> None:
    """Wrong, missing and misnamed tables, and what doesn't fit together."""
    assert expected == problems(tmp_path, text)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('urll = "x"', 'unknown key (did you mean "url"?)'),
        ('instance = "x"', "unknown key (it belongs into [accounts.NAME])"),
        ("allow_private = 1", "must be true or false, without quotes"),
        ('accounts = "uk"', 'must be a list, such as ["uk"]'),
        ("accounts = []", "is empty (name at least one)"),
        ('accounts = ["uk", "uk"]', 'names "uk" more than once (once is enough)'),
        ('tags = [""]', "is empty (leave the key out instead)"),
        ("tags = [1]", 'each item must be text in quotes, such as ["science"]'),
        ("url = 1", 'must be text in quotes, such as "https://www.example.org/blog"'),
        ("poll_every = true", f"true isn't a duration {UNITS}"),
        ('poll_every = "0s"', "0s is out of bounds (from 1ms to 30d)"),
        ('settle = "8d"', "8d is out of bounds (from 0s to 7d)"),
        ('max_age = "36501d"', "36501d is out of bounds (from 1ms to 36500d)"),
        ('first_run = "latesd"', '"latesd" isn\'t known here (did you mean "latest"?)'),
        ('first_run = "xyz"', '"xyz" isn\'t known here (use one of "skip", "latest", "all")'),
        ("first_run = [1]", '[1] isn\'t known here (use one of "skip", "latest", "all")'),
        ("max_burst = true", "must be a whole number, such as 60"),
        ("max_burst = -1", "-1 is out of bounds (at least 0)"),
        ("max_burst = 1000001", "1000001 is out of bounds (at most 1000000)"),
        (
            'post_type = "My Posts"',
            '"My Posts" isn\'t a post type (small letters, digits, "_" and "-", such as "post")',
        ),
        (
            'exclude_title = "("',
            '"(" isn\'t a regular expression (missing ), unterminated subpattern at position 0)',
        ),
        (
            "exclude_title = '[[a]'",
            '"[[a]" isn\'t a regular expression (Possible nested set at position 1)',
        ),
        ('title = "("', '"(" isn\'t a regular expression (missing ), unterminated subpattern at position 0)'),
        ("exclude_sticky = 1", "must be true or false, without quotes"),
        ("min_length = -1", "-1 is out of bounds (at least 0)"),
        ("only = 5", 'must be a table, such as { uk = { authors = ["jane-doe"] } }'),
        ("only.uk = 5", "must be a table: [sites.uk.only.uk]"),
        ("only.uk.authors = 5", 'must be a list, such as ["jane-doe"]'),
        ('only.uk.author = ["x"]', 'unknown key (did you mean "authors"?)'),
        ("write_back = true", "needs a login (add user and password_file)"),
        ('user = "editor"', 'has no password (add password_file = "FILE")'),
        ('password_file = "uk.wp"', "stands without a user (add user)"),
        ('write_back = "true"', "must be true or false, without quotes"),
        ('url = "news.example"', 'has no https:// at its beginning (did you mean "https://news.example"?)'),
    ],
)
def test_site_keys(tmp_path: Path, line: str, sentence: str) -> None:
    """Each key of a site with a value that it can't have."""
    assert sentence == only(problems_of_site(tmp_path, line), line.partition(" ")[0])


def test_the_keys_of_a_site_begin_with_its_address(tmp_path: Path) -> None:
    """Where an unknown key is like none of them, they are named in the order of the docs: filters come last."""
    said = only(problems_of_site(tmp_path, "xyz = 1"), "xyz")

    assert said.startswith("unknown key (known here: url, allow_private, accounts, ")
    assert said.endswith(", min_length, languages)")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('instance = "social.example"', 'has no https:// at its beginning (did you mean "https://social.example"?)'),
        (
            'instance = "https://social.example/@uk"',
            '"https://social.example/@uk" is a profile (give the instance alone: "https://social.example")',
        ),
        ("token = 5", "must be text in quotes"),
        ('token = "a b"', "has spaces or line breaks inside (the token alone, on one line)"),
        (
            'token_env = "my-token"',
            'isn\'t the name of an environment variable (capitals, digits and "_": "HOWDAH_UK_TOKEN")',
        ),
        ('visibility = "publik"', '"publik" isn\'t known here (did you mean "public"?)'),
        ("visibility = 5", '5 isn\'t known here (use one of "public", "unlisted", "private", "direct")'),
        (
            'template = "{title}"',
            "the template has no {link}: every status needs the post's link, so add {link} to it",
        ),
        ('language = "english"', '"english" isn\'t a language code (such as "en" or "pt-BR")'),
        ('sensitive = "no"', "must be true or false, without quotes"),
        ('images = "attached"', '"attached" isn\'t known here (did you mean "attach"?)'),
        ('hashtags = ["x"]', 'must be a table, such as { from = ["tags"], fixed = ["news"], max = 5 }'),
        ("hashtags.max = 101", "101 is out of bounds (at most 100)"),
        ('hashtags.from = ["tag"]', '"tag" isn\'t known here (did you mean "tags"?)'),
        ('hashtags.fixed = ["12"]', '"12" can\'t be a hashtag (it needs a letter, and no sign that would be lost)'),
        ('hashtags.form = ["tags"]', 'unknown key (did you mean "from"?)'),
        ("max_images = 21", "21 is out of bounds (at most 20)"),
        ('media_budget = "cards"', '"cards" isn\'t known here (did you mean "card"?)'),
        ('hashtags.allow = ["12"]', '"12" can\'t be a hashtag (it needs a letter, and no sign that would be lost)'),
        ('hashtags.deny = "news"', 'must be a list, such as ["featured"]'),
        ('hashtags.alias = "KI"', "must be a table: [accounts.uk.hashtags.alias]"),
        (
            'hashtags.alias.AI = "12"',
            '"12" can\'t be a hashtag (it needs a letter, and no sign that would be lost)',
        ),
        (
            "hashtags.alias.AI = 5",
            'must be text in quotes, such as { "Künstliche Intelligenz" = "KI", Uncategorised = "" }',
        ),
        (
            'mentions = ["alice@"]',
            '"alice@" isn\'t a handle (such as "alice@example.org", or "alice" on the instance)',
        ),
        ('author_words = "no"', "must be true or false, without quotes"),
        ('on_edit = "delete"', '"delete" isn\'t known here (use one of "ignore", "edit")'),
        ('on_delete = "deleted"', '"deleted" isn\'t known here (did you mean "delete"?)'),
        ('follow_for = "36501d"', "36501d is out of bounds (from 0s to 36500d)"),
        ('order = "random"', '"random" isn\'t known here (use one of "oldest", "newest")'),
        ("rules = {}", "must be tables, each under a line of its own: [[accounts.uk.rules]]"),
        ('rules = ["a"]', "must be tables, each under a line of its own: [[accounts.uk.rules]]"),
        ('min_interval = "31d"', "31d is out of bounds (from 0s to 30d)"),
        ("timeout = 0", "0s is out of bounds (from 1ms to 1h)"),
        ('answer_deadline = "25h"', "1d1h is out of bounds (from 1ms to 1d)"),
        ('backoff = "61m"', "1h1m is out of bounds (from 1ms to 1h)"),
        ("attempts = 0", "0 is out of bounds (at least 1)"),
        (
            'quiet_hours = "23:00-07:00"',
            '"23:00-07:00" has no time zone (add one: "23:00-07:00 Europe/London")',
        ),
        ('quiet_hours = "at night"', '"at night" aren\'t quiet hours (write them as "23:00-07:00 Europe/London")'),
        ('quiet_hours = "23:00-24:00 UTC"', '"23:00-24:00 UTC" has a time that no clock shows (00:00 to 23:59)'),
        ('quiet_hours = "7:00-07:00 UTC"', '"7:00-07:00 UTC" end when they begin (leave the key out for none)'),
        ('quiet_hours = "1:00-2:00 london"', '"london" isn\'t a time zone (did you mean "Europe/London"?)'),
        (
            'quiet_hours = "1:00-2:00 Europe/Lundon"',
            '"Europe/Lundon" isn\'t a time zone (did you mean "Europe/London"?)',
        ),
        ('quiet_hours = "1:00-2:00 CEST"', '"CEST" isn\'t a time zone (did you mean "Europe/Berlin"?)'),
        ('quiet_hours = "1:00-2:00 XST"', '"XST" isn\'t a time zone (such as Europe/London or UTC)'),
        (
            'template = "%title% {link}"',
            '"%title%" is how the plugin Share on Mastodon writes it (write {title} here)',
        ),
        ('quiet_hours = "1:00-2:00 ../x?y=zz"', '"../x?y=zz" isn\'t a time zone (such as Europe/London or UTC)'),
    ],
)
def test_account_keys(tmp_path: Path, line: str, sentence: str) -> None:
    """Each key of an account with a value that it can't have."""
    assert sentence == only(problems_of_account(tmp_path, line), line.partition(" ")[0])


def test_only_for_another_account(tmp_path: Path) -> None:
    """It has to be one of the site's own accounts."""
    text = f"""{SITE}only.ukk.tags = ["a"]
[sites.uk.only.de]
tags = ["b"]
[sites.uk.only.uk]
tags = ["c"]
{ACCOUNT}[accounts.de]
instance = "https://social.example"
"""

    assert problems(tmp_path, text) == [
        'config.toml:4: sites.uk.only.ukk: isn\'t among the accounts of this site (did you mean "uk"?)',
        'config.toml:5: sites.uk.only.de: isn\'t among the accounts of this site (there are: "uk")',
    ]


def test_rules(tmp_path: Path) -> None:
    """Each problem stands on the line of its own rule, the key being written as in TOML."""
    text = f"""{SITE}{ACCOUNT}
[[accounts.uk.rules]]
sites = ["uk", "ukk"]
visibility = "publik"
[[accounts.uk.rules]]
visibility = "unlisted"
[[accounts.uk.rules]]
tags = ["a"]
sites = []
[[accounts.uk.rules]]
tags = ["a"]
template = "{{title}}"
visibillity = "direct"
instance = "x"
"""

    assert problems(tmp_path, text) == [
        'config.toml:9: accounts.uk.rules.sites: there is no site "ukk" (did you mean "uk"?)',
        'config.toml:10: accounts.uk.rules.visibility: "publik" isn\'t known here (did you mean "public"?)',
        "config.toml:11: accounts.uk.rules: has no condition (add one of sites, categories, tags, authors)",
        (
            "config.toml:13: accounts.uk.rules: has no setting (add one of template, visibility, language, "
            "spoiler_text, sensitive, images)"
        ),
        (
            "config.toml:18: accounts.uk.rules.template: the template has no {link}: every status needs the post's "
            "link, so add {link} to it"
        ),
        'config.toml:19: accounts.uk.rules.visibillity: unknown key (did you mean "visibility"?)',
        "config.toml:20: accounts.uk.rules.instance: unknown key (it belongs into [accounts.NAME])",
    ]


def test_items_of_lists_have_lines(tmp_path: Path) -> None:
    """In a list of several lines the item's own line is named."""
    text = SITE.replace('["uk"]', '[\n  "uk",\n  5,\n  "de",\n]') + ACCOUNT

    assert problems(tmp_path, text) == [
        'config.toml:5: sites.uk.accounts: each item must be text in quotes, such as ["uk"]',
        'config.toml:6: sites.uk.accounts: there is no account "de" (there are: "uk")',
    ]


def test_missing_keys(tmp_path: Path) -> None:
    """A key that has to be there is named on its table's line, with an example."""
    assert problems(tmp_path, "[sites.uk]\n[accounts.uk]\n") == [
        f"config.toml:1: sites.uk.{URL}",
        'config.toml:1: sites.uk.accounts: is missing (for example: accounts = ["uk"])',
        'config.toml:2: accounts.uk.instance: is missing (for example: instance = "https://mastodon.example")',
    ]


def test_long_values_are_cut(tmp_path: Path) -> None:
    """A sentence stays a line, whatever it is about."""
    said = only(problems_of_site(tmp_path, f"post_type = '{'x y ' * 100}'"), "post_type")

    assert said.startswith(f'"{"x y " * 14}x y…')


def test_all_at_once(tmp_path: Path) -> None:
    """Every problem comes out in one go, in the order of the lines, whatever its kind."""
    text = """\
visibility = "public"
[sites.uk]
urll = "https://news.example"
poll_every = -5
accounts = ["uk", "de"]
[accounts.uk]
instance = "http://social.example"
hashtags = {
  fixed = ["1"] }
""".replace("{\n ", "{")

    assert problems(tmp_path, text) == [
        "config.toml:1: visibility: unknown key (it belongs into [accounts.NAME])",
        f"config.toml:2: sites.uk.{URL}",
        'config.toml:3: sites.uk.urll: unknown key (did you mean "url"?)',
        'config.toml:4: sites.uk.poll_every: -5 is negative (a duration is 0 or more, such as "2m", "90s" or "1h30m")',
        'config.toml:5: sites.uk.accounts: there is no account "de" (there are: "uk")',
        (
            "config.toml:7: accounts.uk.instance: is plain http (write https://, or set allow_private = true for a "
            "server of your own)"
        ),
        (
            'config.toml:8: accounts.uk.hashtags.fixed: "1" can\'t be a hashtag (it needs a letter, and no sign that '
            "would be lost)"
        ),
    ]


def test_wrong_allow_private_hides_nothing_else(tmp_path: Path) -> None:
    """Where allow_private itself is wrong, the address isn't blamed for it."""
    found = problems_of_account(tmp_path, 'allow_private = "yes"\ninstance = "http://localhost"')

    assert found == ["allow_private: must be true or false, without quotes"]
