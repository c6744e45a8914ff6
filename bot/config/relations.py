"""What holds between keys. Looked for in the config as it was read, whatever else is wrong with it."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.config.model import Settings
from bot.config.problems import Problem
from bot.config.rules import suggestion
from bot.config.toml_text import quoted

_TOKEN_KEYS = ("token_file", "token_env", "token")


def contradictions(raw: Mapping[str, Any]) -> list[Problem]:
    """Sites that name accounts which aren't there, and accounts with more than one source of their token."""
    return [*_unknown_accounts(raw), *_several_tokens(raw)]


def warnings_about(settings: Settings) -> Iterator[Problem]:
    """What works, but is probably not what is meant."""
    used = {name for site in settings.sites.values() for name in site.accounts}
    for name, account in settings.accounts.items():
        if name not in used:
            yield Problem(("accounts", name), "no site uses this account (add it to a site's accounts, or remove it)")
        if account.token.reveal():
            yield Problem(
                ("accounts", name, "token"),
                "a token in the config is easily shown to others (put it into a file of its own: token_file)",
            )
    if settings.web is not None:
        yield Problem(("web",), "the status page isn't in this version yet (the table does nothing)")


def _unknown_accounts(raw: Mapping[str, Any]) -> Iterator[Problem]:
    known = tuple(_tables(raw, "accounts"))
    if not known:  # that is a problem of its own, which is reported once
        return
    for site, table in _tables(raw, "sites").items():
        names = table.get("accounts")
        for name in names if isinstance(names, list) else ():
            if isinstance(name, str) and name.strip() and name not in known:
                near = suggestion(name, known)
                meant = f"did you mean {quoted(near)}?" if near else f"there are: {', '.join(map(quoted, known))}"
                yield Problem(("sites", site, "accounts"), f"there is no account {quoted(name)} ({meant})")


def _several_tokens(raw: Mapping[str, Any]) -> Iterator[Problem]:
    for name, table in _tables(raw, "accounts").items():
        first, *others = [key for key in _TOKEN_KEYS if key in table] or [""]
        for other in others:
            yield Problem(("accounts", name, other), f"stands beside {first} (keep one of them)")


def _tables(raw: Mapping[str, Any], group: str) -> dict[str, dict[str, Any]]:
    """The tables of a group, leaving out what isn't one."""
    tables = raw.get(group)
    if not isinstance(tables, dict):
        return {}
    return {name: table for name, table in tables.items() if isinstance(table, dict)}
