"""`howdah edit`, `howdah delete` and `howdah boost`: what a person does at once with a status that exists."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from bot.cli.failures import each
from bot.cli.options import account_option, own_words
from bot.cli.session import Session, known_account, known_site, pass_session, tokens
from bot.cli.terminal.output import clean, say, say_json
from bot.errors import RefusedError
from bot.report.json_lines import share_line

if TYPE_CHECKING:
    import threading
    from collections.abc import Collection, Iterator

    from bot.cli.post_names import PostName
    from bot.crosspost.context import Context
    from bot.domain.models import Share


@click.command()
@click.argument("post")
@click.option("--text", metavar="TEXT", required=True, help="The new words; the link is added.")
@account_option("On this account alone; else on every account that it is shared on.")
@click.option("--json", "as_json", is_flag=True, help="Print each share as JSON, as `list --json` does.")
@pass_session
def edit(session: Session, post: str, *, text: str, account: str | None, as_json: bool) -> None:
    """Change the words of a status that exists.

    At once, on the account, and recorded. Its images, content warning and visibility stay as they are. A daemon may
    run meanwhile.

    \b
    howdah edit blog/123 --text "Corrected: it was Tuesday."
    """
    from functools import partial

    from bot.cli.stop import stop_on_signal
    from bot.crosspost.mend import edit_status

    words = own_words(text)
    with _opened(session, post, account) as (context, name, named, stop), stop_on_signal(stop):
        accounts = named or _shared_on(context, name)
        mend = partial(edit_status, context, name.site, name.post_id, text=words)
        each(accounts, lambda one: _say(mend(account=one), "edited {url}", as_json=as_json))


@click.command()
@click.argument("post")
@account_option("On this account alone; else on every account that it is shared on.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.option("--json", "as_json", is_flag=True, help="Print each share as JSON, as `list --json` does.")
@pass_session
def delete(session: Session, post: str, *, account: str | None, yes: bool, as_json: bool) -> None:
    """Delete the status of a post.

    At once, on the account, and recorded; there it can't be undone. The post isn't shared anew by itself: `howdah
    share` does that. Of several statuses of a post it is the newest.

    \b
    howdah delete blog/123
    """
    from functools import partial

    from bot.cli.stop import stop_on_signal
    from bot.crosspost.mend import delete_status

    with _opened(session, post, account) as (context, name, named, stop):
        accounts = named or _shared_on(context, name)
        if not yes:
            _agree(context, name, accounts)
        mend = partial(delete_status, context, name.site, name.post_id)
        with stop_on_signal(stop):  # until here, Ctrl-C ends it at once
            each(accounts, lambda one: _say_deleted(mend(account=one), as_json=as_json))


@click.command()
@click.argument("post")
@account_option("On this account alone; else on every account of the post's site.")
@click.option("--json", "as_json", is_flag=True, help="Print each share as JSON, with when it was boosted.")
@pass_session
def boost(session: Session, post: str, *, account: str | None, as_json: bool) -> None:
    """Boost the status of a post, instead of a second one.

    Each account boosts its own newest status of the post. One that it has boosted already is left so, and that is no
    mistake. A daemon may run meanwhile.

    \b
    howdah boost uk/393174
    """
    from bot.cli.stop import stop_on_signal

    with _opened(session, post, account) as (context, name, named, stop), stop_on_signal(stop):
        accounts = named or context.sites[name.site].policy.accounts
        each(accounts, lambda one: _boost(context, name, account=one, as_json=as_json))


@contextmanager
def _opened(
    session: Session, post: str, account: str | None
) -> Iterator[tuple[Context, PostName, Collection[str], threading.Event]]:
    """The context, the post, the account that was named (none where none was), and what lets the context stop."""
    import threading

    from bot.cli.post_names import known_post
    from bot.wiring import open_context

    config = session.config()
    named = [known_account(config, account)] if account is not None else None
    stop = threading.Event()
    with open_context(config, stop=stop, token_of=tokens(config, named)) as context:
        name = known_post(post, config=config, store=context.store)
        known_site(config, name.site)
        yield context, name, named or (), stop


def _shared_on(context: Context, name: PostName) -> Collection[str]:
    """The accounts that a post is shared on; all of its site's where it is on none, so that each says why."""
    from bot.domain.models import State

    shares = context.store.shares(site=name.site, post_id=name.post_id, state=State.SHARED)
    shared = [account for account in context.accounts if any(share.account == account for share in shares)]
    return shared or context.sites[name.site].policy.accounts


def _agree(context: Context, name: PostName, accounts: Collection[str]) -> None:
    """Ask whether these statuses are meant; RefusedError where they aren't."""
    from bot.cli.prompts import agree
    from bot.crosspost.mend import newest_with_id

    for account in accounts:
        share = newest_with_id(context, name.site, name.post_id, account=account, to="delete")
        click.echo(clean(f"{share.name}: {share.url}"), err=True)  # stdout is for what was done
    if not agree("Delete this for good?", default=False):
        raise RefusedError("nothing was deleted")


def _say(share: Share, said: str, *, as_json: bool) -> None:
    """Say what became of a share. said: in a word, with {url} for its url."""
    if as_json:
        say_json(share_line(share))
    else:
        say(f"{share.name}: {said.format(url=share.url)}")


def _say_deleted(share: Share, *, as_json: bool) -> None:
    """Say that a status is gone, and whether it was so before."""
    from bot.domain.transitions.mending import NOT_THERE

    _say(share, NOT_THERE if share.error == NOT_THERE else "deleted", as_json=as_json)


def _boost(context: Context, name: PostName, *, account: str, as_json: bool) -> None:
    """Boost it, and say what came of it."""
    from bot.crosspost.mend import boost as boost_status
    from bot.domain.models import State

    boosted = boost_status(context, name.site, name.post_id, account=account)
    shares = context.store.shares(site=name.site, post_id=name.post_id, account=account, state=State.SHARED)
    newest = boosted or max(shares, key=lambda share: share.number)
    if as_json:
        say_json(share_line(newest) | {"boosted": "now" if boosted else "before"})
    else:
        say(f"{newest.name}: boosted {newest.url}" if boosted else f"{newest.name}: was boosted already")
