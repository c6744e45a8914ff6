"""`howdah init`: from nothing to a config, with every answer tried out before anything is written."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import click
from msgspec import Struct

from bot.cli import redaction
from bot.cli.session import Session, pass_session
from bot.cli.terminal.output import clean, say
from bot.errors import RefusedError, SiteUnavailableError, UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.config.starter import Answers
    from bot.domain.models import Limits
    from bot.ports.site import Site

T = TypeVar("T")
_TIMEOUT = timedelta(seconds=30)
# What people copy instead of their site's address.
_BELOW_A_SITE = re.compile(r"/(wp-admin|wp-login\.php|feed)(/.*|\?.*)?$")
# What people copy instead of their instance's address: a profile, or a page of its web client.
_BELOW_AN_INSTANCE = re.compile(
    r"(?<=[^/])/(?:@.*|users/.*|(?:about|deck|explore|home|notifications|public|settings|web)(?:[/?#].*)?)$"
)
# Where WordPress has its REST API, below a site's address.
_ROOT = re.compile(r"/(index\.php)?/?(wp-json/|\?rest_route=/)$")


class _Place(Struct, frozen=True, kw_only=True):
    """Where the config is to be. made_up: nobody named it, so that every command finds it there."""

    path: Path
    made_up: bool

    def shown(self, command: str) -> str:
        """A command as it is to be typed."""
        option = "" if self.made_up else f"--config {shlex.quote(str(self.path))} "
        return f"howdah {option}{command}"


class _Answering(Struct, frozen=True, kw_only=True):
    """A site or an instance that answers. newest: the link of the site's newest post, '' where there is none."""

    address: str
    allow_private: bool
    newest: str = ""
    software: str = ""


@click.command()
@click.option("--site", metavar="URL", help="The WordPress site's address.")
@click.option("--instance", metavar="URL", help="The address of the instance that the account is on.")
@click.option("--token-file", metavar="FILE", help="A file with the account's token; else you sign in.")
@click.option("--name", metavar="NAME", help="What site and account are called; else as the site's host.")
@click.option("--allow-private", is_flag=True, help="Permit plain http and private addresses, for your own network.")
@click.option("--paste", is_flag=True, help="Sign in by a pasted code: the browser is on another machine.")
@click.option("--yes", is_flag=True, help="Ask nothing: the options say it all.")
@pass_session
def init(
    session: Session,
    *,
    site: str | None,
    instance: str | None,
    token_file: str | None,
    name: str | None,
    allow_private: bool,
    paste: bool,
    yes: bool,
) -> None:
    """Make a config: find the site, sign in, see the first status.

    It asks for the site and the instance, tries both, signs in, shows the newest post as the status that it would be,
    and writes a commented config that only you can read: where --config says, else ./config.toml. Nothing is written
    before the end, and a config that exists is never overwritten.

    \b
    howdah init
    howdah init --yes --site https://blog.example \\
        --instance https://mastodon.example --token-file blog.token
    """
    if yes and not (site and instance and token_file):
        raise click.UsageError("--yes asks nothing: give --site, --instance and --token-file.")
    place = _place(session)
    answer = _given if yes else _asked
    the_site = answer("The WordPress site's address", partial(_site, allow_private=allow_private), site)
    called = name or _name(the_site.address)
    _check_name(called)
    own_token = place.path.parent / f"{called}.token"
    if not token_file:
        _refuse_existing(own_token, "the token of another account may be in it; give another --name, or --token-file")
    there = answer("Your instance's address", partial(_instance, allow_private=allow_private), instance)
    token = ""
    if token_file:
        given = answer("The file with the account's token", partial(_token_file, there), token_file)
        kept_in = given.name if given.parent == place.path.parent else str(given)
    else:
        token, kept_in = _new_token(there, paste=paste), own_token.name
    answers = _answers(called, the_site, there, token_file=kept_in)
    _preview(answers, the_site.newest)
    if not yes:
        _confirm(place)
    _write(place, answers, token=token)
    _say_next(place, the_site.newest)


def _asked(question: str, check: Callable[[str], T], given: str | None) -> T:
    """Asked of a person, until it can be right; what was given on the command line is tried first."""
    from bot.cli.prompts import ask

    return ask(question, check, given=given)


def _given(_question: str, check: Callable[[str], T], given: str | None) -> T:
    """As it was given on the command line, or not at all."""
    return check(given or "")


# --- before anything is asked


def _place(session: Session) -> _Place:
    """Where the config is to be; RefusedError where something is there, or nothing can be written."""
    from bot.cli.commands.login import check_writable

    named = session.config_file
    path = Path.cwd() / (named or "config.toml")
    _refuse_existing(path, "it is never overwritten; name another with --config, or move this one away")
    check_writable(path)
    return _Place(path=path, made_up=named is None)


def _refuse_existing(path: Path, what_to_do: str) -> None:
    import os

    if os.path.lexists(path):
        raise RefusedError(f"{path} exists: {what_to_do}")


def _name(site: str) -> str:
    from bot.config.starter import name_for

    return name_for(site)


def _check_name(name: str) -> None:
    from bot.config import checks

    try:
        checks.name(name)
    except ValueError as error:
        raise UserError(f"--name: {name!r} {error}") from error


# --- what is found


def _site(text: str, *, allow_private: bool) -> _Answering:
    """Look for a WordPress at an address, and say what is there."""
    from bot.config import urls
    from bot.domain.text.html import plain
    from bot.report.preview import latest
    from bot.report.wording import ago
    from bot.wiring import open_site

    address = _address(_BELOW_A_SITE.sub("", text.strip()), urls.site_address, allow_private=allow_private)
    now = datetime.now(UTC)
    with open_site(urlsplit(address).netloc, address, allow_private=allow_private) as site:
        root = _discovered(site, text)
        title = plain(site.about().title) or "without a title"
        posts = latest(site, 1, now=now)
    say(f"  Site      {title}, read at {root}")
    for post in posts:
        when = f", {ago(post.published_at, now=now)}" if post.published_at else ""
        say(f"  Newest    {plain(post.title) or post.link}{when}")
    if not posts:
        say("  Newest    no post yet")
    newest = posts[0].link if posts else ""
    return _Answering(address=_home(address, root), allow_private=allow_private, newest=newest)


def _discovered(site: Site, text: str) -> str:
    """The site's REST root; with what helps where https, which was assumed, isn't spoken there."""
    try:
        return site.discover()
    except SiteUnavailableError as error:
        # OpenSSL's errors name its source file; a server that waits for more of a request lets the handshake time out.
        if "://" in text or "_ssl.c" not in str(error):
            raise
        raise RefusedError(f"{error}; where it speaks no https, write http:// before it") from error


def _home(address: str, root: str) -> str:
    """The address of the site whose REST API is at a root, where the address that was given is of a page below it."""
    from bot.domain.text.links import lies_under

    home = _ROOT.sub("", root)
    return home if home != root and lies_under(address, home) and "?" not in address else address


def _instance(text: str, *, allow_private: bool) -> _Answering:
    """Ask an instance for its limits, and say what it is."""
    from bot.cli.commands.login import public_limits
    from bot.config import urls
    from bot.wiring import open_account

    bare = _BELOW_AN_INSTANCE.sub("", text.strip())
    host = bare if "://" in bare else bare.rpartition("@")[2]  # of a handle, the host
    address = _address(host, urls.instance_address, allow_private=allow_private)
    with open_account("", address, token=None, timeout=_TIMEOUT, allow_private=allow_private) as account:
        limits = public_limits(account)
    if limits is not None and not limits.version:
        raise RefusedError(f"{address} is no instance: it has no /api/v1/instance and no /api/v2/instance")
    say(f"  Instance  {_said(limits) if limits else 'tells strangers nothing of itself'}")
    return _Answering(address=address, allow_private=allow_private, software=limits.software if limits else "")


def _said(limits: Limits) -> str:
    """What an instance says of itself."""
    from bot.report.wording import counted

    software = f"{limits.software} {limits.version}".strip()
    images = counted(limits.max_media_attachments, "image")
    return f"{software}: {limits.max_characters} characters and {images} at most"


def _address(text: str, check: Callable[..., str], *, allow_private: bool) -> str:
    """An address as the config has it; the scheme may be left out. UserError where it can't be one."""
    text = text.strip()
    try:
        return check(text if "://" in text or not text else f"https://{text}", allow_private=allow_private)
    except ValueError as error:
        words = str(error).replace("(allow_private = true permits it)", "(--allow-private permits it)")
        raise UserError(f"{text!r}: {words.replace('set allow_private = true', 'add --allow-private')}") from error


def _token_file(instance: _Answering, text: str) -> Path:
    """A file whose token the instance takes, and whose it is."""
    from bot.config.credentials import token_in

    path = Path(text).expanduser().absolute()
    try:
        token = redaction.remember(token_in(path).reveal())
    except ValueError as error:
        raise UserError(str(error)) from error
    _account(instance, token)
    return path


def _new_token(instance: _Answering, *, paste: bool) -> str:
    """A token that a person agrees to now."""
    from bot.cli.commands.login import sign_in
    from bot.cli.commands.login_steps import has_browser

    token = sign_in(
        instance.address,
        paste=paste or not has_browser(),
        timeout=_TIMEOUT,
        allow_private=instance.allow_private,
        software=instance.software,
    )
    _account(instance, token)
    return token


def _account(instance: _Answering, token: str) -> None:
    """Say whose token it is; AccountError where the instance doesn't take it."""
    from bot.wiring import open_account

    private = instance.allow_private
    with open_account("", instance.address, token=token, timeout=_TIMEOUT, allow_private=private) as account:
        profile = account.verify()
    say(f"  Account   @{profile.acct} {profile.url}".rstrip())


# --- what is written


def _answers(name: str, site: _Answering, instance: _Answering, *, token_file: str) -> Answers:
    from bot.config.starter import Answers

    return Answers(
        name=name,
        site=site.address,
        instance=instance.address,
        token_file=token_file,
        allow_private=site.allow_private,
    )


def _preview(answers: Answers, newest: str) -> None:
    """Show the newest post as the status that it would be, by the config that is to be written."""
    import tempfile

    from bot.cli.commands.preview import preview_posts
    from bot.config import load
    from bot.config.starter import starter

    with tempfile.TemporaryDirectory(prefix="howdah-") as folder:
        path = Path(folder, "config.toml")
        path.write_text(starter(answers), encoding="utf-8")
        config = load(path)
        if newest:
            say()
            say("Its newest post would be this status:")
            say()
            preview_posts(config, [newest], account=None, text="", as_json=False)


def _confirm(place: _Place) -> None:
    from bot.cli.prompts import agree

    say()
    if not agree(f"Write {place.path}?"):
        raise RefusedError("nothing was written")


def _write(place: _Place, answers: Answers, *, token: str) -> None:
    """Write the token, where there is a new one, and the config; both or none."""
    from bot.config.private_files import create_private
    from bot.config.starter import starter

    own_token = place.path.parent / answers.token_file
    try:
        if token:
            create_private(own_token, f"{token}\n")
        try:
            create_private(place.path, starter(answers))
        except BaseException:
            if token:
                own_token.unlink()
            raise
    except OSError as error:
        name = error.filename2 or error.filename or place.path
        raise RefusedError(f"{name} can't be written: {error.strerror}") from error


def _say_next(place: _Place, newest: str) -> None:
    say()
    say(f"{place.path} is written. Now run:")
    _say_command(place.shown("run"))
    say("It shares each new post. What is on the site already is left alone.")
    if newest:
        say("To share its newest post all the same:")
        _say_command(place.shown(f"share {shlex.quote(newest)}"))


def _say_command(command: str) -> None:
    """A command as it is to be copied: in one piece, however long it is."""
    click.echo(f"\n    {clean(command)}\n")
