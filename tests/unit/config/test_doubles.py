"""Two pairs of site and account that would share one post twice are refused, by what the config says."""

from pathlib import Path

import pytest

from bot.config import doubles, load
from tests.unit.config.files import problems, write

ACCOUNTS = """
[accounts.uk]
instance = "https://social.example"
token_file = "uk.token"
[accounts.de]
instance = "https://social.example"
token_file = "de.token"
"""


def site(name: str, lines: str = "", *, url: str = "https://news.example/uk", accounts: str = '"uk"') -> str:
    """A site's table."""
    return f'[sites.{name}]\nurl = "{url}"\naccounts = [{accounts}]\n{lines}\n'


def test_two_sites_of_one_address(tmp_path: Path) -> None:
    """Whether with www. or without; the sentence says what to do."""
    text = site("uk") + site("again", url="https://www.news.example/uk/") + ACCOUNTS

    [said] = problems(tmp_path, text)
    assert said == (
        "config.toml:7: sites.again.accounts: leads the posts of https://www.news.example/uk to account uk, as "
        "[sites.uk] does: each would be shared twice (remove one of the two, or let their filters exclude each other: "
        "categories here, exclude_categories there)"
    )


def test_a_misspelt_account_beside_another(tmp_path: Path) -> None:
    """Is said as that; who it is isn't asked."""
    [said] = problems(tmp_path, site("uk", accounts='"uk", "dee"') + ACCOUNTS)

    assert said == 'config.toml:3: sites.uk.accounts: there is no account "dee" (did you mean "de"?)'


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('categories = ["Sport"]', 'exclude_categories = ["sport", "ads"]'),
        ('exclude_tags = ["a", "b"]', 'tags = ["a"]'),
        ('authors = ["jane"]', 'authors = ["john"]'),
        ('languages = ["de"]', 'languages = ["fr"]'),
        ('title = "^Sport"', 'exclude_title = "^Sport"'),
        ("", 'post_type = "page"'),
        ('only.uk.tags = ["a"]', 'exclude_tags = ["a"]'),
    ],
)
def test_filters_that_exclude_each_other(tmp_path: Path, one: str, other: str) -> None:
    """No post is of both pairs, then."""
    assert load(write(tmp_path, site("uk", one) + site("again", other) + ACCOUNTS)).sites


@pytest.mark.parametrize(
    ("lines", "url"),
    [
        ('post_type = ["page", "post"]', "https://news.example/uk"),
        ("", "http://news.example/uk/index.php"),
        ("", "https://news.example/uk/wp-json/wp/v2"),
        ("", "https://news.example/uk/feed/"),
        ("", "https://news.example/uk/?rest_route=/"),
    ],
)
def test_one_site_in_other_words(tmp_path: Path, lines: str, url: str) -> None:
    """Types that overlap, and addresses of what lies below the site, are no other road."""
    text = site("uk") + site("again", f"allow_private = true\n{lines}", url=url) + ACCOUNTS

    assert 1 == len(problems(tmp_path, text))


@pytest.mark.parametrize(
    ("one", "other"),
    [('categories = ["a"]', 'categories = ["b"]'), ('languages = ["de"]', 'languages = ["de-AT", "fr"]')],
)
def test_filters_that_do_not(tmp_path: Path, one: str, other: str) -> None:
    """A post may have two categories, and is in a language of which it names a regional form."""
    text = site("uk", one) + site("again", other) + ACCOUNTS

    assert 1 == len(problems(tmp_path, text))


def test_other_sites_and_accounts(tmp_path: Path) -> None:
    """Many sites may feed one account, and one site many accounts."""
    text = site("uk", accounts='"uk", "de"') + site("de", url="https://news.example/de") + ACCOUNTS

    assert () == load(write(tmp_path, text)).warnings


def test_two_accounts_of_one_token(tmp_path: Path) -> None:
    """Refused where a post goes to both; where none does, only their limits are shared, which is told."""
    accounts = ACCOUNTS.replace("de.token", "uk.token")
    doubled = problems(tmp_path, site("uk", accounts='"uk", "de"') + accounts)
    apart = load(write(tmp_path, site("uk") + site("de", url="https://news.example/de", accounts='"de"') + accounts))

    assert 1 == len(doubled)
    assert "accounts.de: is the same account as [accounts.uk], and both get the posts of" in doubled[0]
    assert "accounts.de: is the same account as [accounts.uk] (its limits are shared" in apart.warnings[0]


def test_two_accounts_of_one_token_for_different_authors(tmp_path: Path) -> None:
    """A post may have several authors: it would go to both. One account shares it once, whatever its sites' names."""
    only = 'only.uk.authors = ["jane"]\nonly.de.authors = ["john"]'
    accounts = ACCOUNTS.replace("de.token", "uk.token")
    [said] = problems(tmp_path, site("uk", only, accounts='"uk", "de"') + accounts)

    assert said.endswith(
        "one by authors of both would be shared twice (keep one of the two; rules under [[accounts.uk.rules]] can tell "
        "authors, categories and tags apart)"
    )
    assert {"de": ("uk",)} == load(write(tmp_path, site("uk", only, accounts='"uk", "de"') + ACCOUNTS)).met_before()


def test_by_what_is_found_out(tmp_path: Path) -> None:
    """Tokens that are found to be of one account, whatever their files are called."""
    config = load(write(tmp_path, site("uk", accounts='"uk", "de"') + ACCOUNTS))

    assert () == config.doubled(lambda _name: None)
    assert 1 == len(config.doubled({"uk": 1, "de": 1}.get))
    assert () == config.shared_limits({"uk": 1, "de": 1}.get)


def test_which_accounts_meet(tmp_path: Path) -> None:
    """Those of one instance that the same post may go to, each with those that the config names before it."""
    both = site("uk", accounts='"de", "uk"')
    there = ACCOUNTS.replace("social.example", "other.example", 1)
    apart = site("uk") + site("de", url="https://news.example/de", accounts='"de"')

    assert {"de": ("uk",)} == load(write(tmp_path, both + ACCOUNTS)).met_before()
    assert {} == load(write(tmp_path, both + there)).met_before()
    assert {} == load(write(tmp_path, apart + ACCOUNTS)).met_before()


def test_many_sites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each site's address is put into its one form a few times, not once for each other site: 300, not 90,000."""
    formed: list[str] = []

    def normalise(link: str) -> str:
        formed.append(link)
        return link

    monkeypatch.setattr(doubles, "normalise", normalise)
    text = "".join(site(f"s{number}", url=f"https://news.example/s{number}") for number in range(300))

    assert load(write(tmp_path, text + ACCOUNTS)).sites
    assert len(formed) <= 3 * 300


def test_many_accounts(tmp_path: Path) -> None:
    """Who each account is is asked once, not once for each other account; each two that are one are named."""
    accounts = [f"a{number}" for number in range(300)]
    tables = "".join(
        f'[accounts.{account}]\ninstance = "https://social.example"\ntoken_file = "{account}"\n' for account in accounts
    )
    config = load(write(tmp_path, site("uk", accounts='"a0"') + tables))
    asked: list[str] = []

    def who(name: str) -> str | None:
        asked.append(name)
        return {"a1": "a person", "a7": "a person"}.get(name)

    assert "accounts.a7: is the same account as [accounts.a1]" in config.shared_limits(who)[0]
    assert asked == accounts
