"""What holds between keys. Looked for in the config as it was read, whatever else is wrong with it."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.config.account_tables import CONDITIONS, SETTINGS
from bot.config.checks import suggestion
from bot.config.doubles import as_written, shared_limits
from bot.config.model import Settings
from bot.config.problems import Problem
from bot.config.toml_text import Key, quoted

_PASSWORD_KEYS = ("password_file", "password_env")
_TOKEN_KEYS = ("token_file", "token_env", "token")


def contradictions(raw: Mapping[str, Any]) -> list[Problem]:
    """Names of accounts and sites which aren't there, halves of logins, several sources of one token, idle rules."""
    return [
        *_unknown_accounts(raw),
        *_strange_onlys(raw),
        *_half_logins(raw),
        *_several_tokens(raw),
        *_rules_problems(raw),
    ]


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
    yield from shared_limits(settings, as_written(settings))
    web = settings.web
    if web is not None and not web.is_local and not web.trusted_proxies:
        yield Problem(
            ("web", "listen"),
            "is reached from other machines without TLS, which shows them the password (listen on 127.0.0.1, behind a "
            "proxy that has TLS, and name the proxy in trusted_proxies)",
        )


def _unknown_accounts(raw: Mapping[str, Any]) -> Iterator[Problem]:
    known = tuple(_tables(raw, "accounts"))
    if not known:  # that is a problem of its own, which is reported once
        return
    for site, table in _tables(raw, "sites").items():
        for number, name in _named(table.get("accounts")):
            if name not in known:
                yield Problem(("sites", site, "accounts", number), _there_is_no("account", name, known))


def _strange_onlys(raw: Mapping[str, Any]) -> Iterator[Problem]:
    """What is said of an account that doesn't get the site's posts anyway."""
    for site, table in _tables(raw, "sites").items():
        known = tuple(name for _, name in _named(table.get("accounts")))
        for name in _tables(table, "only") if known else ():
            if name not in known:
                meant = _meant(name, known)
                yield Problem(("sites", site, "only", name), f"isn't among the accounts of this site ({meant})")


def _half_logins(raw: Mapping[str, Any]) -> Iterator[Problem]:
    """A user without a password, a password without a user, and something to write without either."""
    for name, table in _tables(raw, "sites").items():
        passwords = [key for key in _PASSWORD_KEYS if key in table]
        for other in passwords[1:]:
            yield Problem(("sites", name, other), f"stands beside {passwords[0]} (keep one of them)")
        if table.get("user") and not passwords:
            yield Problem(("sites", name, "user"), 'has no password (add password_file = "FILE")')
        if passwords and not table.get("user"):
            yield Problem(("sites", name, passwords[0]), "stands without a user (add user)")
        if table.get("write_back") is True and not table.get("user"):
            yield Problem(("sites", name, "write_back"), "needs a login (add user and password_file)")


def _several_tokens(raw: Mapping[str, Any]) -> Iterator[Problem]:
    for name, table in _tables(raw, "accounts").items():
        first, *others = [key for key in _TOKEN_KEYS if key in table] or [""]
        for other in others:
            yield Problem(("accounts", name, other), f"stands beside {first} (keep one of them)")


def _rules_problems(raw: Mapping[str, Any]) -> Iterator[Problem]:
    known = tuple(_tables(raw, "sites"))
    for account, table in _tables(raw, "accounts").items():
        written = table.get("rules")
        for number, rule in enumerate(written if isinstance(written, list) else ()):
            key: Key = ("accounts", account, "rules", number)
            if isinstance(rule, dict):
                yield from _idle(key, rule)
                yield from _unknown_sites(key, rule, known)


def _idle(key: Key, rule: Mapping[str, Any]) -> Iterator[Problem]:
    """A rule without a condition would be the account's own setting; one without a setting does nothing."""
    conditions = [name for name in CONDITIONS if rule.get(name)]
    settings = [name for name in rule if name not in CONDITIONS]
    if not conditions:
        yield Problem(key, f"has no condition (add one of {', '.join(CONDITIONS)})")
    if not settings:
        yield Problem(key, f"has no setting (add one of {', '.join(SETTINGS)})")


def _unknown_sites(key: Key, rule: Mapping[str, Any], known: tuple[str, ...]) -> Iterator[Problem]:
    for number, name in _named(rule.get("sites")):
        if known and name not in known:
            yield Problem((*key, "sites", number), _there_is_no("site", name, known))


def _named(names: object) -> Iterator[tuple[int, str]]:
    """The names in a list, each with its index, leaving out what can't be one."""
    for number, name in enumerate(names if isinstance(names, list) else ()):
        if isinstance(name, str) and name.strip():
            yield number, name


def _there_is_no(what: str, name: str, known: tuple[str, ...]) -> str:
    return f"there is no {what} {quoted(name)} ({_meant(name, known)})"


def _meant(name: str, known: tuple[str, ...]) -> str:
    near = suggestion(name, known)
    return f"did you mean {quoted(near)}?" if near else f"there are: {', '.join(map(quoted, known))}"


def _tables(raw: Mapping[str, Any], group: str) -> dict[str, dict[str, Any]]:
    """The tables of a group, leaving out what isn't one."""
    tables = raw.get(group)
    if not isinstance(tables, dict):
        return {}
    return {name: table for name, table in tables.items() if isinstance(table, dict)}
