"""What `howdah check` asks beyond whether everything works: files, the disk, clocks, other programs."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct

from bot.errors import AccountError, SiteError, StoreError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bot.config import Config
    from bot.crosspost.context import Posting
    from bot.domain.policy import Rule, SitePolicy
    from bot.ports import Site, Store


class Finding(Struct, frozen=True, kw_only=True):
    """What one check found.

    kind: "config", "store", "site" or "account". advice: what to do, or what is worth a thought though all is well; ''
    for nothing.
    """

    kind: str
    name: str
    ok: bool
    message: str
    advice: str = ""


# Less than this on the store's disk, and the next backup or upgrade may not fit.
_LEAST_FREE = 200_000_000
# Waits and rate windows are minutes long: a clock that is off by less does no harm.
_LARGEST_SKEW = timedelta(seconds=60)
_OTHERS_MAY_WRITE = 0o022
_OTHERS_RIGHTS = 0o077
_SQLITE = "sqlite:///"
_WPML = "wpml/v1"


def files(config: Config) -> Iterator[Finding]:
    """Whether others may change what howdah goes by, or take a store's place."""
    folder = config.folder
    if folder.stat().st_mode & _OTHERS_MAY_WRITE and not folder.stat().st_mode & 0o1000:
        message = "other users may write into this folder, and so put another config or store in place"
        yield Finding(kind="config", name=str(folder), ok=False, message=message, advice=f"Run: chmod go-w {folder}")


def store(opened: Store, url: str) -> Iterator[Finding]:
    """Whether the database is sound, its file is its owner's, and its disk has room."""
    try:
        flaw = opened.flaw()
    except StoreError as error:
        flaw = str(error)
    if flaw:
        advice = "Stop howdah, keep a copy of the file, and restore a backup: howdah db restore FILE"
        yield Finding(kind="store", name="", ok=False, message=f"it is damaged: {flaw}", advice=advice)
    if url.startswith(_SQLITE):
        yield from _file(Path(url.removeprefix(_SQLITE)))


def _file(path: Path) -> Iterator[Finding]:
    import shlex
    import shutil

    from bot.report.wording import size_words

    rights = path.stat().st_mode & _OTHERS_RIGHTS
    if rights:
        writable = bool(rights & _OTHERS_MAY_WRITE)
        message = f"other users may {'write to' if writable else 'read'} {path}, which has texts and addresses in it"
        advice = f"Run: chmod 600 {shlex.quote(str(path))}"
        yield Finding(kind="store", name="", ok=not writable, message=message, advice=advice)
    free = shutil.disk_usage(path.parent).free
    if free < _LEAST_FREE:
        message = f"its disk has {size_words(free)} left"
        advice = f"Make room on the disk of {path.parent}: a store that can't be written to shares nothing."
        yield Finding(kind="store", name="", ok=False, message=message, advice=advice)


def site(asked: Site, policy: SitePolicy, rules: Collection[Rule] = (), *, url: str = "") -> Iterator[Finding]:
    """What else is to be known of a site that works: its plugins, terms that the config expects, its clock.

    rules: those of its accounts that are for this site's posts alone. url: its address in the config. What can't be
    told is no finding.
    """
    yield from _plugins(asked, policy, url=url)
    with suppress(SiteError):
        yield from _unknown_terms(asked, policy, rules)
    with suppress(SiteError):
        yield from _skewed("site", asked.name, asked.server_time(), whose="the site")


def elsewhere(link: str, roots: Collection[str]) -> str:
    """What to do where posts don't lie under their site's address; '' where they do."""
    from bot.domain.text.links import lies_under

    if any(lies_under(link, root) for root in roots):
        return ""
    return (
        f"Its posts lie elsewhere ({link}): give the address that they begin with as url, or their host as link_host, "
        "so that adopt finds them."
    )


def _plugins(asked: Site, policy: SitePolicy, *, url: str) -> Iterator[Finding]:
    """Which plugins share posts themselves or keep some from howdah, and whether its own is missing."""
    from bot.domain.selecting.share_on_mastodon import lacks_companion, shares_beside

    found = partial(Finding, kind="site", name=asked.name)
    try:
        namespaces = asked.namespaces()
    except SiteError as error:
        if policy.write_back:
            yield found(
                ok=False,
                message=f"it can't be told whether its companion plugin is active, so that nothing is written to it "
                f"(write_back): {str(error).removeprefix(f'site {asked.name}: ')}",
                advice="Let its REST index (/wp-json/) be read, or leave write_back out.",
            )
        return
    if lacks_companion(policy, namespaces):
        message = "its companion plugin isn't active: nothing can be written to it (write_back)"
        advice = "Install deploy/wordpress/howdah there and activate it, or leave write_back out."
        yield found(ok=False, message=message, advice=advice)
    if shares_beside(policy, namespaces):
        message = "has the plugin Share on Mastodon: what that shares on your account is adopted, not repeated"
        advice = 'Where it shares with a delay, set plugin = "defer" and defer_for longer than that.'
        yield found(ok=True, message=message, advice=advice)
    if any(name.startswith("activitypub/") for name in namespaces):
        message = "has the ActivityPub plugin: it is on the fediverse by itself"
        advice = "Whoever follows both the site and the account sees each post twice: tell readers which to follow."
        yield found(ok=True, message=message, advice=advice)
    if _WPML in namespaces and "lang" not in parse_qs(urlsplit(url).query):
        message = "has WPML, which lists the posts of the site's first language alone"
        advice = 'For each other language add a site whose url names it: "https://…/?lang=fr".'
        yield found(ok=True, message=message, advice=advice)


def _unknown_terms(asked: Site, policy: SitePolicy, rules: Collection[Rule]) -> Iterator[Finding]:
    """The categories and tags of the config that the site doesn't have: nothing is chosen by them, or all."""
    filters = (policy.filters, *policy.only.values())
    categories = {name for one in filters for name in (*one.categories, *one.exclude_categories)}
    tags = {name for one in filters for name in (*one.tags, *one.exclude_tags)}
    categories |= {name for rule in rules for name in rule.categories}
    tags |= {name for rule in rules for name in rule.tags}
    missing = [("category", name) for name in asked.unknown_terms("categories", sorted(categories))]
    missing += [("tag", name) for name in asked.unknown_terms("tags", sorted(tags))]
    for noun, name in missing:
        message = f"has no {noun} {name!r}, neither by name nor by slug, though the config chooses posts by it"
        advice = f"Write it as the site does; WordPress lists each {noun} under Posts."
        yield Finding(kind="site", name=asked.name, ok=False, message=message, advice=advice)


def account(posting: Posting) -> Iterator[Finding]:
    """Whether the account says that it is automated, and whether its instance's clock and ours agree."""
    name = posting.policy.name
    yield from _skewed("account", name, posting.account.server_time(), whose=posting.instance)
    try:
        profile = posting.account.verify()
    except AccountError:
        return
    if profile.bot is False:
        message = "its profile doesn't say that it is automated"
        advice = 'Most instances ask for that: Preferences, Profile, "This is an automated account".'
        yield Finding(kind="account", name=name, ok=True, message=message, advice=advice)


def _skewed(kind: str, name: str, said: datetime | None, *, whose: str) -> Iterator[Finding]:
    """A finding where this machine's clock and a server's, as it was a moment ago, differ by more than does no harm."""
    skew = datetime.now(UTC) - said if said is not None else timedelta(0)
    if abs(skew) <= _LARGEST_SKEW:
        return
    ahead = "ahead of" if skew > timedelta(0) else "behind"
    message = f"this machine's clock is {round(abs(skew).total_seconds())} s {ahead} that of {whose}"
    yield Finding(kind=kind, name=name, ok=False, message=message, advice="Set it by NTP: timedatectl set-ntp true")
