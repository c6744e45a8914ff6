"""`howdah check`: try everything once, and say what works, what doesn't, and what to do."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from bot.cli.failures import UNDONE, WRONG
from bot.cli.session import Session, hidden_tokens, pass_session, unreadable_tokens
from bot.cli.terminal.output import say, say_json
from bot.errors import AccountBarredError, AccountError, ConfigError, PostGoneError, SiteError, StoreError
from bot.report.lines import Json
from bot.report.refusals import advice
from bot.report.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.config import Config
    from bot.crosspost.context import Posting, Watched
    from bot.ports import Site, Store

_LISTED = timedelta(days=1)
_BARRED = {
    401: "Make a new token (scopes read and write) in the account's settings at {instance}, and put it in its file.",
    403: "Look at the account at {instance}: it may be frozen, or its token lacks the scopes read and write.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found. kind: "config", "store", "site" or "account"; advice: what to do, '' where all is well."""

    kind: str
    name: str
    ok: bool
    message: str
    advice: str = ""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with every finding.")
@pass_session
@click.pass_context
def check(context: click.Context, session: Session, *, as_json: bool) -> None:
    """Check config, store, sites and accounts.

    Each is tried once; where something is wrong, it says what to do. Nothing is published. An account that works
    again is resumed where it rested. Ends with 1 where anything is wrong, with 2 where it is the config.
    """
    findings = []
    for finding in _findings(session):
        findings.append(finding)
        if not as_json:
            _say(finding)
    if as_json:
        say_json(_object(findings))
    context.exit(_exit_code(findings))


def _findings(session: Session) -> Iterator[Finding]:
    """Look at one thing after the other, so that a person sees what is being looked at."""
    try:
        config = session.config()
    except ConfigError as error:
        yield from (Finding(kind="config", name="", ok=False, message=problem) for problem in error.problems)
        return
    counts = f"{counted(len(config.sites), 'site')}, {counted(len(config.accounts), 'account')}"
    yield Finding(kind="config", name=str(config.path), ok=True, message=counts)
    yield from _with_store(config)


def _with_store(config: Config) -> Iterator[Finding]:
    from bot.wiring import open_store

    with ExitStack() as stack:
        store: Store | None = None
        try:
            store = stack.enter_context(open_store(config))
            number = sum(store.counts().values())
            yield Finding(kind="store", name="", ok=True, message=f"holds {counted(number, 'share')}")
        except StoreError as error:
            yield Finding(kind="store", name="", ok=False, message=str(error))
        yield from _outside(config, store)


def _outside(config: Config, store: Store | None) -> Iterator[Finding]:
    """The sites and the accounts. What is learnt of them is remembered, where there is a store."""
    from bot.wiring import open_accounts, open_sites

    with open_sites(config, store) as sites:
        for watched in sites.values():
            yield _site(watched)
    broken = unreadable_tokens(config)
    with open_accounts(config, token_of=hidden_tokens(config, config.accounts)) as accounts:
        for name, posting in accounts.items():
            if name in broken:
                yield Finding(kind="account", name=name, ok=False, message=broken[name])
            else:
                yield _account(posting, store)


def _site(watched: Watched) -> Finding:
    from datetime import UTC, datetime

    name = watched.policy.name
    try:
        where = watched.site.discover()
        look = watched.site.list_new(after=datetime.now(UTC) - _LISTED, exclude=())
        if look.posts:
            _read(watched.site, look.posts[-1].id)
    except SiteError as error:
        return Finding(kind="site", name=name, ok=False, message=str(error), advice=advice(str(error)))
    message = f"{where} lists {counted(len(look.posts), 'post')} of the last day or two"
    return Finding(
        kind="site", name=name, ok=look.complete, message=look.note or "; ".join(filter(None, (message, look.remark)))
    )


def _read(site: Site, post_id: int) -> None:
    """Read a post as a share would; one that is gone meanwhile is as good."""
    with suppress(PostGoneError):
        site.read(post_id)


def _account(posting: Posting, store: Store | None) -> Finding:
    from datetime import UTC, datetime

    name = posting.policy.name
    try:
        profile = posting.account.verify()
        limits = posting.account.limits()
    except AccountBarredError as error:
        advice = _BARRED.get(error.code, _BARRED[403]).format(instance=posting.instance)
        return Finding(kind="account", name=name, ok=False, message=str(error), advice=advice)
    except AccountError as error:
        advice = f"Look whether {posting.instance} is up, and can be reached from this machine."
        return Finding(kind="account", name=name, ok=False, message=str(error), advice=advice)
    if store is not None:
        store.remember_limits(name, limits, now=datetime.now(UTC))
        store.resume(name)
    software = f"{limits.software} {limits.version}".strip() or "unknown software"
    message = f"@{profile.acct} at {posting.instance} ({software}), {limits.max_characters} characters"
    return Finding(kind="account", name=name, ok=True, message=message)


def _say(finding: Finding) -> None:
    mark = "ok   " if finding.ok else "WRONG"
    what = f"{finding.kind} {finding.name}".rstrip()
    say(f"{mark}  {what}: {finding.message}")
    if finding.advice:
        say(f"       {finding.advice}")


def _object(findings: Iterable[Finding]) -> Json:
    found = list(findings)
    return {
        "ok": all(finding.ok for finding in found),
        "checks": [
            {
                "kind": finding.kind,
                "name": finding.name,
                "ok": finding.ok,
                "message": finding.message,
                "advice": finding.advice,
            }
            for finding in found
        ],
    }


def _exit_code(findings: Iterable[Finding]) -> int:
    wrong = {finding.kind for finding in findings if not finding.ok}
    if "config" in wrong:
        return WRONG
    return UNDONE if wrong else 0
