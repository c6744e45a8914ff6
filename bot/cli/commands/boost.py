"""`howdah boost`: the status that exists, once more, instead of a second one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.cli.failures import Problems
from bot.cli.options import account_option
from bot.cli.session import Session, known_account, pass_session, tokens
from bot.cli.terminal.output import say, say_json
from bot.domain.models import State
from bot.report.lines import share_line

if TYPE_CHECKING:
    from bot.crosspost.context import Context


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
                _boost(context, name.site, name.post_id, account=one, as_json=as_json)
                done = True
    problems.end(done=done)


def _boost(context: Context, site: str, post_id: int, *, account: str, as_json: bool) -> None:
    """Boost it, and say what came of it."""
    from bot.crosspost.boost import boost as boost_status

    boosted = boost_status(context, site, post_id, account=account)
    name = f"{site}/{post_id} on {account}"
    if as_json:
        shares = context.store.shares(site=site, post_id=post_id, account=account, state=State.SHARED)
        newest = boosted or max(shares, key=lambda share: share.number)
        say_json(share_line(newest) | {"boosted": "now" if boosted else "before"})
    elif boosted is not None:
        say(f"{name}: boosted {boosted.url}")
    else:
        say(f"{name}: was boosted already")
