"""`howdah preview`: the status as it would be. Nothing is sent, nothing stored, no token needed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from bot.cli.failures import Problems
from bot.cli.post_names import PostName, find_post
from bot.cli.session import Session, known_account, pass_session
from bot.errors import AccountError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bot.config import Config
    from bot.crosspost.context import Context
    from bot.domain.models import Limits, Post
    from bot.report.preview import Preview


@click.command()
@click.argument("post", required=False)
@click.option("--latest", type=click.IntRange(min=1, max=100), metavar="N", help="The newest N posts of each site.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object for each status.")
@pass_session
def preview(session: Session, post: str | None, *, latest: int | None, as_json: bool) -> None:
    """Show the status that a post would be.

    Its text and what counts how much in it, its images as they would be sent, visibility, and which of your rules
    shaped it. Nothing is sent, and no token is needed. The limits are asked of the instance; where it doesn't answer,
    they are as remembered, or 500 characters.

    \b
    howdah preview https://www.example.org/2026/elephants/
    howdah preview --latest 3
    """
    if (post is None) == (latest is None):
        raise click.UsageError("Give either a POST or --latest N.")
    config = session.config()
    if post is not None:
        preview_posts(config, [post], account=None, text="", as_json=as_json)
    else:
        _preview_latest(config, latest or 1, as_json=as_json)


def preview_posts(config: Config, posts: Collection[str], *, account: str | None, text: str, as_json: bool) -> None:
    """Print the statuses that these posts would be, on one account or on all of each post's site."""
    accounts = [known_account(config, account)] if account is not None else None
    problems = Problems()
    with _previewer(config, text=text, as_json=as_json) as previewer:
        for post in posts:
            with problems.kept():
                name = find_post(post, config=config, context=previewer.context)
                previewer.say(name, accounts=accounts or config.sites[name.site].accounts)
    problems.end(done=previewer.said > 0)


def _preview_latest(config: Config, number: int, *, as_json: bool) -> None:
    problems = Problems()
    with _previewer(config, text="", as_json=as_json) as previewer:
        for site in previewer.context.sites:
            with problems.kept():
                _preview_site(previewer, site, number)
    problems.end(done=previewer.said > 0)


def _preview_site(previewer: Previewer, site: str, number: int) -> None:
    from bot.report.preview import latest

    watched = previewer.context.sites[site]
    posts = latest(watched.site, number, now=previewer.context.clock.now())
    for post in posts:
        previewer.say(PostName(site, post.id), accounts=watched.policy.accounts)
    if not posts:
        click.echo(f"site {site} has no post yet", err=True)


class Previewer:
    """Composes and prints. Each instance is asked for its limits once. said: how many statuses were printed."""

    def __init__(self, context: Context, *, text: str, as_json: bool) -> None:
        self.context = context
        self.said = 0
        self._text = text
        self._as_json = as_json
        self._limits: dict[str, tuple[Limits, str]] = {}

    def say(self, name: PostName, *, accounts: Collection[str]) -> None:
        """Print what a post would be on these accounts.

        SiteError where the post can't be read, RefusedError where no status can be made of it.
        """
        from bot.cli.terminal.preview_text import say_preview, say_preview_json

        post = self.context.sites[name.site].site.read(name.post_id)
        for account in accounts:
            made, note = self._preview(name.site, post, account)
            notes = tuple(filter(None, (note, *made.remarks())))
            if self._as_json:
                say_preview_json(made, notes)
            else:
                say_preview(made, notes)
            self.said += 1

    def _preview(self, site: str, post: Post, account: str) -> tuple[Preview, str]:
        """The preview, and a note where the limits aren't what the instance says now."""
        from bot.report import preview as report

        if account not in self._limits:
            self._limits[account] = _limits(self.context, account)
        limits, note = self._limits[account]
        made = report.preview(self.context, site, post, account=account, limits=limits, text=self._text)
        return report.with_pictures(self.context, made), note


@contextmanager
def _previewer(config: Config, *, text: str, as_json: bool) -> Iterator[Previewer]:
    import threading

    from bot.wiring import no_tokens, open_context

    with open_context(config, stop=threading.Event(), token_of=no_tokens) as context:
        yield Previewer(context, text=text, as_json=as_json)


def _limits(context: Context, name: str) -> tuple[Limits, str]:
    """What the instance allows, and a note where it doesn't say so itself."""
    from bot.domain.models import Limits

    try:
        return context.accounts[name].account.limits(), ""
    except AccountError as error:
        remembered = context.store.account(name).limits
        if remembered is not None:
            return remembered, f"limits as remembered: {error}"
        return Limits(), f"limits unknown, {Limits().max_characters} characters assumed: {error}"
