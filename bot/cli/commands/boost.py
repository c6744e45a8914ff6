"""`howdah boost`: the status that exists, once more, instead of a second one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.cli.failures import Problems
from bot.cli.session import Session, known_account, pass_session, tokens
from bot.cli.terminal.output import say

if TYPE_CHECKING:
    from bot.crosspost.context import Context


@click.command()
@click.argument("post")
@click.option("--account", metavar="NAME", help="On this account alone; else on every account of the post's site.")
@pass_session
def boost(session: Session, post: str, *, account: str | None) -> None:
    """Boost the status of a post, instead of a second one.

    Each account boosts its own newest status of the post. One that it has boosted already is left so, and that is no
    mistake. A daemon may run meanwhile.

    \b
    howdah boost uk/393174
    """  # noqa: D301 - \b is click's mark for lines to be left as they are
    from bot.cli.post_names import known_post
    from bot.cli.stop import stop_on_signal
    from bot.wiring import open_context

    config = session.config()
    named = [known_account(config, account)] if account is not None else None
    problems = Problems()
    done = False
    with stop_on_signal() as stop, open_context(config, stop=stop, token_of=tokens(config, named)) as context:
        name = known_post(post, config=config, store=context.store)
        for one in named or config.sites[name.site].accounts:
            with problems.kept():
                say(_boost(context, name.site, name.post_id, account=one))
                done = True
    problems.end(done=done)


def _boost(context: Context, site: str, post_id: int, *, account: str) -> str:
    """Boost it, and say what came of it."""
    from bot.crosspost.boost import boost as boost_status

    share = boost_status(context, site, post_id, account=account)
    name = f"{site}/{post_id} on {account}"
    return f"{name}: boosted {share.url}" if share is not None else f"{name}: was boosted already"
