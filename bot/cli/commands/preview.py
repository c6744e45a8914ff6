"""`howdah preview`: the status as it would be. Nothing is sent, nothing stored, no token needed."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from bot.cli.failures import Problems
from bot.cli.post_names import PostName, find_post
from bot.cli.session import Session, known_account, pass_session
from bot.errors import AccountError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bot.cli.terminal.preview_text import Preview
    from bot.config import Config
    from bot.crosspost.context import Context
    from bot.domain.composing.compose import Composition
    from bot.domain.models import Limits, Post

# How far back the latest posts are looked for, one step after the other: a busy site is asked for little.
_REACHES = tuple(timedelta(days=days) for days in (0.125, 1, 8, 64, 512, 4096))


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
    """  # noqa: D301 - \b is click's mark for lines to be left as they are
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
        for site in config.sites:
            with problems.kept(f"site {site}"):
                for post_id in _latest(previewer.context, site, number):
                    previewer.say(PostName(site, post_id), accounts=config.sites[site].accounts)
    problems.end(done=previewer.said > 0)


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
            made = self._preview(name, post, account)
            if self._as_json:
                say_preview_json(made)
            else:
                say_preview(made)
            self.said += 1

    def _preview(self, name: PostName, post: Post, account: str) -> Preview:
        from bot.cli.terminal.preview_media import media_of
        from bot.cli.terminal.preview_text import Preview
        from bot.domain.composing.explain import anatomy, decisions

        if account not in self._limits:
            self._limits[account] = _limits(self.context, account)
        limits, note = self._limits[account]
        composition = self._composed(name, post, account, limits=limits)
        return Preview(
            name=str(name),
            site=name.site,
            post=post,
            account=account,
            composition=composition,
            anatomy=anatomy(composition, link=post.link, limits=limits),
            media=media_of(self.context, name.site, composition.attachments, limits),
            without_image=_without_image(self.context, name, post, account, limits=limits),
            decisions=decisions(self.context.accounts[account].policy, post, site=name.site),
            refusal=_refusal(self.context, name, post, account),
            notes=tuple(filter(None, (note, _shared_already(self.context, name, post, account)))),
        )

    def _composed(self, name: PostName, post: Post, account: str, *, limits: Limits) -> Composition:
        from bot.crosspost.about import about_for
        from bot.domain.composing.compose import compose

        policy = self.context.accounts[account].policy
        try:
            return compose(
                post,
                policy=policy,
                limits=limits,
                site=name.site,
                about=about_for(self.context, name.site, policy),
                text_override=self._text,
            )
        except ValueError as error:
            raise RefusedError(f"{name} on {account}: no status can be made of it: {error}") from error


@contextmanager
def _previewer(config: Config, *, text: str, as_json: bool) -> Iterator[Previewer]:
    import threading

    from bot.wiring import no_tokens, open_context

    with open_context(config, stop=threading.Event(), token_of=no_tokens) as context:
        yield Previewer(context, text=text, as_json=as_json)


def _latest(context: Context, name: str, number: int) -> list[int]:
    """The ids of a site's newest posts, newest first."""
    site, now = context.sites[name].site, context.clock.now()
    for reach in _REACHES:
        posts = site.list_new(after=now - reach, exclude=()).posts
        if len(posts) >= number:
            break
    return [post.id for post in sorted(posts, key=lambda post: (post.date, post.id), reverse=True)[:number]]


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


def _without_image(context: Context, name: PostName, post: Post, account: str, *, limits: Limits) -> str:
    """Why a status without an image has none."""
    from bot.domain.composing.rules import policy_for
    from bot.domain.policy import Images

    policy = policy_for(context.accounts[account].policy, post, site=name.site)
    if policy.images is Images.CARD:
        return "the picture is left to the link's preview card (images)"
    if policy.max_images == 0:
        return "none is wanted (max_images)"
    return "the instance takes none" if limits.max_media_attachments == 0 else "the post has none"


def _refusal(context: Context, name: PostName, post: Post, account: str) -> str:
    """Why howdah wouldn't share it by itself; '' where it would."""
    from bot.domain.selecting.filters import PatternTooSlowError
    from bot.domain.selecting.plan import refusal

    try:
        return refusal(context.sites[name.site].policy, post, account=account)
    except PatternTooSlowError as error:
        return str(error)


def _shared_already(context: Context, name: PostName, post: Post, account: str) -> str:
    earlier = context.store.shares(site=name.site, post_id=name.post_id, account=account)
    url = next((share.url for share in earlier if share.url), "") or post.share_url
    return f"it is shared already: {url}" if url else ""
