"""Which site's posts go to which account, in pairs: two with the same post and account would share it twice."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

from bot.config.account_tables import AccountTable
from bot.config.model import Settings
from bot.config.problems import Problem
from bot.config.site_tables import FilterTable
from bot.config.toml_text import dotted
from bot.domain.text.links import normalise

# What people copy along with a site's address.
_BELOW = re.compile(r"/(?:index\.php|wp-json(?:/.*)?|feed(?:/(?:rss2|atom))?|wp-admin(?:/.*)?|wp-login\.php)/?\Z")
_PLAIN_ROOT = re.compile(r"\?rest_route=[^&]*\Z")
# Who an account of the config is, by its name: two that are equal are one on their instance. None: nobody knows.
Who = Callable[[str], object]


def doubled_pairs(settings: Settings, who: Who) -> Iterator[Problem]:
    """Each two pairs that bring one post to one account twice, at the second one's key."""
    for (first, one), (second, other) in _pairs_of_one_site(settings):
        is_one_account = one == other or who(one) == who(other) is not None
        if is_one_account and _meets(settings, (first, one), (second, other)):
            yield _problem(settings, (first, one), (second, other))


def met_before(settings: Settings) -> dict[str, tuple[str, ...]]:
    """For each account those of its instance that the config names before it, and that the same post may go to."""
    order = list(settings.accounts)
    met: dict[str, dict[str, None]] = {}
    for one, other in _pairs_of_one_site(settings):
        first, second = sorted((one[1], other[1]), key=order.index)
        is_one_instance = settings.accounts[first].instance == settings.accounts[second].instance
        if first != second and is_one_instance and _meets(settings, one, other):
            met.setdefault(second, {})[first] = None
    return {name: tuple(others) for name, others in met.items()}


def shared_limits(settings: Settings, who: Who) -> Iterator[Problem]:
    """Each pair of accounts that are one on their instance, though no post goes to both."""
    doubled = {problem.key[1] for problem in doubled_pairs(settings, who) if problem.key[0] == "accounts"}
    for one, other in _pairs_of_one_account(settings.accounts, who):
        if other not in doubled:
            yield Problem(
                ("accounts", other),
                f"is the same account as [{dotted(('accounts', one))}] (its limits are shared, while min_interval and "
                f"max_per_day count for each by itself)",
            )


def _pairs_of_one_site(settings: Settings) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Each two (site, account) whose sites have one address: of a thousand sites that is hardly any.

    An account that isn't in the config is left out: that is a problem of its own.
    """
    homes: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for site, table in settings.sites.items():
        homes[_home(table.url)] += [(site, account) for account in table.accounts if account in settings.accounts]
    for pairs in homes.values():
        yield from combinations(pairs, 2)


def _pairs_of_one_account(names: Iterable[str], who: Who) -> Iterator[tuple[str, str]]:
    """Each two names that are one account on their instance."""
    known: dict[object, list[str]] = defaultdict(list)
    for name in names:
        known[who(name)].append(name)
    known.pop(None, None)
    for those in known.values():
        yield from combinations(those, 2)


def as_written(settings: Settings) -> Who:
    """Who the accounts are by what the config says: an instance, and where the token is, which isn't read."""

    def who(name: str) -> object:
        account = settings.accounts[name]
        source = _source(account)
        return source and (account.instance, *source)

    return who


def _source(account: AccountTable) -> tuple[str, str] | None:
    for kind, written in (("env", account.token_env), ("file", account.token_file), ("", account.token.reveal())):
        if written:
            return kind, written
    return None


def _meets(settings: Settings, one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether any post could be of both of these pairs of one site."""
    first, second = settings.sites[one[0]], settings.sites[other[0]]
    if not set(first.post_type) & set(second.post_type):
        return False
    if any(_exclude_each_other(a, b) for a, b in _filters(settings, one, other)):
        return False
    # A post may have several authors. One account doesn't share it again under the other site's name; two don't know.
    return one[1] != other[1] or not _differ_in_authors(settings, one, other)


def _filters(settings: Settings, one: tuple[str, str], other: tuple[str, str]) -> list[tuple[FilterTable, FilterTable]]:
    """Each filter of the one pair with each of the other."""
    first, second = settings.sites[one[0]], settings.sites[other[0]]
    mine = [table for table in (first, first.only.get(one[1])) if table is not None]
    theirs = [table for table in (second, second.only.get(other[1])) if table is not None]
    return [(a, b) for a in mine for b in theirs]


def _home(url: str) -> str:
    """A site's address in one form, however much of its API's or its feed's address was given with it."""
    return normalise(_BELOW.sub("", _PLAIN_ROOT.sub("", url)))


def _exclude_each_other(one: FilterTable, other: FilterTable) -> bool:
    """Whether no post can pass the filters of both: another language, or what the other one leaves out."""
    if one.languages and other.languages and not _share_a_language(one.languages, other.languages):
        return True
    return _leaves_out(one, other) or _leaves_out(other, one)


def _differ_in_authors(settings: Settings, one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether only a post by several authors could be of both of these pairs."""
    authors = [(_folded(a.authors), _folded(b.authors)) for a, b in _filters(settings, one, other)]
    return any(mine and theirs and not mine & theirs for mine, theirs in authors)


def _share_a_language(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether a post may be in a language of both: "de-AT" is "de" as well."""
    spoken = [(f"{mine}-", f"{theirs}-") for mine in _folded(one) for theirs in _folded(other)]
    return any(mine.startswith(theirs) or theirs.startswith(mine) for mine, theirs in spoken)


def _leaves_out(one: FilterTable, other: FilterTable) -> bool:
    """Whether all that the other one wants by title, category or tag is left out by this one."""
    if other.title and other.title == one.exclude_title:
        return True
    pairs = ((other.categories, one.exclude_categories), (other.tags, one.exclude_tags))
    return any(wanted and _folded(wanted) <= _folded(excluded) for wanted, excluded in pairs)


def _folded(names: Iterable[str]) -> set[str]:
    """Names as filters compare them."""
    return {name.casefold() for name in names}


def _problem(settings: Settings, one: tuple[str, str], other: tuple[str, str]) -> Problem:
    (first, account), (second, twin) = one, other
    if account != twin and _differ_in_authors(settings, one, other):
        return Problem(
            ("accounts", twin),
            f"is the same account as [{dotted(('accounts', account))}], and only other authors keep the posts of "
            f"{settings.sites[second].url} apart: one by authors of both would be shared twice (keep one of the two; "
            f"rules under [[{dotted(('accounts', account, 'rules'))}]] can tell authors, categories and tags apart)",
        )
    if account != twin:
        return Problem(
            ("accounts", twin),
            f"is the same account as [{dotted(('accounts', account))}], and both get the posts of "
            f"{settings.sites[second].url}: each would be shared twice (remove one of the two; the "
            f"other one's rules can tell authors, categories and tags apart)",
        )
    return Problem(
        ("sites", second, "accounts"),
        f"leads the posts of {settings.sites[second].url} to account {account}, as [{dotted(('sites', first))}] does: "
        f"each would be shared twice (remove one of the two, or let their filters exclude each other: categories here, "
        f"exclude_categories there)",
    )
