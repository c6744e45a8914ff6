"""`howdah check`: try everything once, and say what works, what doesn't, and what to do."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click
from msgspec.structs import asdict

from bot.cli.commands import check_surroundings
from bot.cli.commands.check_surroundings import Finding
from bot.cli.failures import UNDONE, WRONG
from bot.cli.session import Session, hidden_tokens, pass_session, unreadable_tokens
from bot.cli.terminal.output import mark, say, say_json
from bot.domain.answers import Barred
from bot.domain.transitions.pauses import rests_because, takes_turns
from bot.errors import AccountBarredError, AccountError, ConfigError, PostGoneError, SiteError, StoreError
from bot.report.advice import advice
from bot.report.json_lines import Json
from bot.report.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from bot.config import Config
    from bot.crosspost.context import Posting, Watched
    from bot.domain.policy import Rule, SitePolicy
    from bot.ports import Site, Store

_LISTED = timedelta(days=1)
# What a token has to be allowed, and what allows it too.
_SCOPES = {
    "read:accounts": ("read", "profile"),
    "read:statuses": ("read",),
    "write:media": ("write",),
    "write:statuses": ("write",),
}
_BARRED = {
    401: "Make a new token: `howdah login {name}`, or in the account's settings at {instance} (scopes read:accounts, "
    "read:statuses, write:statuses and write:media), and put it in its file.",
    403: "Look at the account at {instance}: it may be frozen, or its token lacks one of the scopes read:accounts, "
    "read:statuses, write:statuses and write:media.",
}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with every finding.")
@pass_session
@click.pass_context
def check(context: click.Context, session: Session, *, as_json: bool) -> None:
    """Check config, store, sites and accounts.

    Each is tried once; what is wrong stands last, with what to do. Nothing is
    published. A site or an account that works again is tried again at once where
    it was left alone. Ends with 1 where anything is wrong, with 2 where it is the
    config.

    \b
    howdah check
    """
    findings = []
    for finding in _findings(session):
        findings.append(finding)
        if finding.ok and not as_json:
            _say(finding)
    wrong = [finding for finding in findings if not finding.ok]
    if as_json:
        say_json(_object(findings))
    else:
        _say_wrong(wrong, of=len(findings))
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
    yield from check_surroundings.files(config)
    yield from _with_store(config)


def _with_store(config: Config) -> Iterator[Finding]:
    from bot.wiring import open_store

    with ExitStack() as stack:
        store: Store | None = None
        try:
            store = stack.enter_context(open_store(config))
            number = sum(store.counts().values())
            yield Finding(kind="store", name="", ok=True, message=f"holds {counted(number, 'share')}")
            yield from check_surroundings.store(store, config.state.url)
            yield from _rests(config, store)
        except StoreError as error:
            yield Finding(kind="store", name="", ok=False, message=str(error))
        yield from _sites(config, store)
        yield from _accounts(config, store)


def _rests(config: Config, store: Store) -> Iterator[Finding]:
    """The sites and accounts that a person lets rest: they may work, and nothing is shared all the same."""
    from bot.report.sentences import rest_words

    now = datetime.now(UTC)
    for kind, states in (("site", store.sites(config.sites)), ("account", store.accounts(config.accounts))):
        for state in states:
            if state.is_at_rest(now=now):
                yield Finding(kind=kind, name=state.name, ok=True, message=rest_words(state))


def _sites(config: Config, store: Store | None) -> Iterator[Finding]:
    """The sites. What is learnt of them is remembered, where there is a store."""
    from bot.wiring import open_sites

    with open_sites(config, store) as sites:
        for name, watched in sites.items():
            settings = config.sites[name]
            found = _site(watched, store, roots=(settings.url, settings.link_host))
            yield found
            if found.ok:
                rules = _rules(config, watched.policy)
                yield from check_surroundings.site(watched.site, watched.policy, rules, url=settings.url)


def _accounts(config: Config, store: Store | None) -> Iterator[Finding]:
    """The accounts, likewise, and what those mean that are one on their instance."""
    from bot.wiring import open_accounts

    broken = unreadable_tokens(config)
    identities: dict[str, tuple[str, str]] = {}
    with open_accounts(config, token_of=hidden_tokens(config, config.accounts)) as accounts:
        for name, posting in accounts.items():
            if name in broken:
                yield Finding(kind="account", name=name, ok=False, message=broken[name])
                continue
            found = _account(posting, store, identities)
            yield found
            if found.ok:
                yield from check_surroundings.account(posting)
    yield from _doubles(config, identities)


def _doubles(config: Config, identities: Mapping[str, tuple[str, str]]) -> Iterator[Finding]:
    """What two accounts of the config that are one on their instance mean for the posts."""
    for sentence in config.doubled(identities.get):
        yield Finding(kind="config", name="", ok=False, message=sentence)
    for sentence in config.shared_limits(identities.get):
        yield Finding(kind="config", name="", ok=True, message=sentence)


def _rules(config: Config, policy: SitePolicy) -> list[Rule]:
    """The rules of a site's accounts that are for its posts alone."""
    alone = [name for name in policy.accounts if sum(name in site.accounts for site in config.sites.values()) == 1]
    every = [(name, rule) for name in policy.accounts for rule in config.account_policy(name).rules]
    return [rule for name, rule in every if rule.sites == (policy.name,) or (not rule.sites and name in alone)]


def _site(watched: Watched, store: Store | None, *, roots: Collection[str]) -> Finding:
    """Whether a site can be read as a pass reads it. roots: the addresses under which its posts are to lie."""
    from bot.crosspost.stuck import end_waits

    name = watched.policy.name
    try:
        where = watched.site.discover()
        look = watched.site.list_new(after=datetime.now(UTC) - _LISTED, exclude=())
        if look.posts:
            _read(watched.site, look.posts[-1].id)
            watched.site.list_by_id([look.posts[-1].id])
    except SiteError as error:
        return Finding(kind="site", name=name, ok=False, message=str(error), advice=advice(str(error)))
    if store is not None:
        end_waits(store, name, now=datetime.now(UTC))
    message = f"{where} lists {counted(len(look.posts), 'post')} of the last day or two"
    return Finding(
        kind="site",
        name=name,
        ok=look.complete,
        message=look.note or "; ".join(filter(None, (message, look.remark))),
        advice=check_surroundings.elsewhere(look.posts[-1].link, roots) if look.posts else "",
    )


def _read(site: Site, post_id: int) -> None:
    """Read a post as a share would; one that is gone meanwhile is as good."""
    with suppress(PostGoneError):
        site.read(post_id)


def _account(posting: Posting, store: Store | None, identities: dict[str, tuple[str, str]]) -> Finding:
    """What is found of an account. identities: whose each token is, which is noted here."""
    name = posting.policy.name
    try:
        profile = posting.account.verify()
        limits = posting.account.limits()
    except AccountBarredError as error:
        advice = _BARRED.get(error.code, _BARRED[403]).format(instance=posting.instance, name=name)
        if store is not None:
            reason = rests_because(Barred(code=error.code, message=str(error)))
            store.pause(name, until=datetime.now(UTC) + posting.policy.backoff, reason=reason)
        return Finding(kind="account", name=name, ok=False, message=str(error), advice=advice)
    except AccountError as error:
        advice = f"Look whether {posting.instance} is up, and can be reached from this machine."
        return Finding(kind="account", name=name, ok=False, message=str(error), advice=advice)
    walled = ""
    if store is not None:
        store.remember_limits(name, limits, now=datetime.now(UTC))
        walled = _end_pause(store, name)
    identities[name] = (posting.instance, profile.acct.lower())
    lacking = _lacking(posting.account.scopes())
    if lacking:
        message = f"@{profile.acct} at {posting.instance}: its token lacks {listed(lacking)}"
        advice = _BARRED[401].format(instance=posting.instance, name=name)
        return Finding(kind="account", name=name, ok=False, message=message, advice=advice)
    if walled:
        advice = "Let whoever runs the instance, or the firewall before it, allow this machine. It is tried again now."
        return Finding(kind="account", name=name, ok=False, message=walled, advice=advice)
    software = f"{limits.software} {limits.version}".strip() or "unknown software"
    message = f"@{profile.acct} at {posting.instance} ({software}), {limits.max_characters} characters"
    if web := _other_host(profile.url, posting.instance):
        message += f"; its pages are at {web}"
    return Finding(kind="account", name=name, ok=True, message=f"{message}; its rules: {posting.instance}/about")


def _end_pause(store: Store, name: str) -> str:
    """Let an account be tried again now; why it rested, where only a status that goes out shows that it works."""
    reason = store.account(name).pause_reason
    if not takes_turns(reason):
        store.resume(name)
        return ""
    store.pause(name, until=datetime.now(UTC), reason=reason)
    return reason


def _lacking(scopes: Collection[str]) -> list[str]:
    """The scopes that a token would need and hasn't; none where the instance doesn't tell what it has."""
    return [need for need, also in _SCOPES.items() if scopes and not {need, *also} & set(scopes)]


def _other_host(url: str, instance: str) -> str:
    """The host of an account's page, where it isn't the instance's; '' where it is."""
    from urllib.parse import urlsplit

    host = urlsplit(url).netloc.lower()
    return "" if host == urlsplit(instance).netloc.lower() else host


def _say(finding: Finding) -> None:
    what = f"{finding.kind} {finding.name}".rstrip()
    message = finding.message.removeprefix(f"{what}: ")  # an error may name what it is about, too
    say(f"{mark(ok=finding.ok)} {what}: {message}")
    if finding.advice:
        say(f"  {finding.advice}")


def _say_wrong(wrong: Sequence[Finding], *, of: int) -> None:
    for finding in wrong:
        _say(finding)
    if wrong:
        say(f"{len(wrong)} of {counted(of, 'check')} went wrong" if of > 1 else "1 check went wrong")


def _object(findings: Iterable[Finding]) -> Json:
    found = list(findings)
    return {
        "ok": all(finding.ok for finding in found),
        "checks": [asdict(finding) for finding in found],
    }


def _exit_code(findings: Iterable[Finding]) -> int:
    wrong = {finding.kind for finding in findings if not finding.ok}
    if "config" in wrong:
        return WRONG
    return UNDONE if wrong else 0
