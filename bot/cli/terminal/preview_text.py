"""A preview, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.cli.terminal.output import clean, console, on_terminal, say, say_json
from bot.report.lines import Json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table

    from bot.cli.terminal.preview_media import Media
    from bot.domain.composing.compose import Composition
    from bot.domain.composing.explain import Breakdown, Decision
    from bot.domain.models import Post

    Facts = Iterator[tuple[str, str]]

_WIDEST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The status that a post would be on one account.

    name: the post's, as commands take it. without_image: why it would have no image, where it has none. decisions:
    the account's rules that shaped it. refusal: why howdah wouldn't share it by itself, '' where it would. notes: what
    else a person should know.
    """

    name: str
    site: str
    post: Post
    account: str
    composition: Composition
    breakdown: Breakdown
    media: tuple[Media, ...]
    without_image: str
    decisions: tuple[Decision, ...]
    refusal: str
    notes: tuple[str, ...]

    def remarks(self) -> tuple[str, ...]:
        """All that a person should know before this is sent."""
        refusal = (f"howdah would skip this post by itself: {self.refusal}",) if self.refusal else ()
        return (*self.notes, *refusal)


def say_preview_json(preview: Preview) -> None:
    """Print it as one JSON object."""
    say_json(_object(preview))


def say_preview(preview: Preview) -> None:
    """Print it for a person: on a terminal with a frame around the text, else in plain lines."""
    if on_terminal():
        _draw(preview)
        return
    say(f"{preview.name} on {preview.account}: {_length(preview.composition)}")
    say("\n".join(f"  | {text}".rstrip() for text in preview.composition.status.text.split("\n")))
    for label, fact in _facts(preview):
        say(f"  {label + ':':<11} {fact}")
    say()


def _draw(preview: Preview) -> None:
    from rich.panel import Panel
    from rich.text import Text

    terminal = console()
    width = min(terminal.width, _WIDEST)
    terminal.print(
        Panel(
            Text(clean(preview.composition.status.text)),
            title=Text(f"{clean(preview.name)} on {clean(preview.account)}", style="bold default"),
            title_align="left",
            subtitle=Text(_length(preview.composition), style=_fits(preview.composition)),
            subtitle_align="right",
            border_style="bright_black",
            width=width,
            padding=(0, 1),
        )
    )
    terminal.print(_grid(preview), width=width)
    terminal.print()


def _grid(preview: Preview) -> Table:
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True, min_width=10, style="dim")
    grid.add_column(overflow="fold")
    for label, fact in _facts(preview):
        grid.add_row(f"  {label}", Text(clean(fact), style="yellow" if label in ("note", "warning") else ""))
    return grid


def _length(composition: Composition) -> str:
    return f"{composition.length} of {composition.limit} characters"


def _fits(composition: Composition) -> str:
    return "green" if composition.length <= composition.limit else "bold red"


def _facts(preview: Preview) -> Facts:
    """What there is to say beyond the text, each with its label."""
    status = preview.composition.status
    named = {
        "visibility": status.visibility,
        "warning": status.spoiler_text,
        "sensitive": "yes, its images are hidden until they are clicked on" if status.sensitive else "",
        "language": status.language,
        "hashtags": " ".join(preview.composition.hashtags),
        "mentions": ", ".join(f"@{handle}" for handle in status.mentions),
    }
    yield from _counted(preview.breakdown)
    yield from ((label, fact) for label, fact in named.items() if fact)
    for media in preview.media:
        yield from _media(media)
    if not preview.media:
        yield "image", f"none: {preview.without_image}"
    yield from (("shaped by", str(decision)) for decision in preview.decisions)
    yield from (("note", remark) for remark in preview.remarks())


def _counted(breakdown: Breakdown) -> Facts:
    parts = (
        f"{part.name} {part.count}" + (f" (written with {part.written})" if part.count != part.written else "")
        for part in breakdown.parts
    )
    yield "counts", " + ".join(parts)
    yield "counted by", f"{breakdown.server}: {breakdown.way}" if breakdown.server else breakdown.way


def _media(media: Media) -> Facts:
    facts = media.facts()
    yield "image", media.size.url
    yield "its file", f"{facts}; {media.outcome()}" if facts else media.outcome()
    yield "its text", media.description or "(none)"


def _object(preview: Preview) -> Json:
    composition, status = preview.composition, preview.composition.status
    return {
        "site": preview.site,
        "post_id": preview.post.id,
        "link": preview.post.link,
        "account": preview.account,
        "text": status.text,
        "length": composition.length,
        "limit": composition.limit,
        "counted": _counted_object(preview.breakdown),
        "hashtags": list(composition.hashtags),
        "mentions": list(status.mentions),
        "media": [_media_object(media) for media in preview.media],
        "visibility": status.visibility,
        "spoiler_text": status.spoiler_text,
        "sensitive": status.sensitive,
        "language": status.language,
        "rules": [str(decision) for decision in preview.decisions],
        "would_skip": preview.refusal,
        "notes": list(preview.remarks()),
    }


def _counted_object(breakdown: Breakdown) -> Json:
    parts = [{"name": part.name, "count": part.count, "written": part.written} for part in breakdown.parts]
    return {"server": breakdown.server, "rule": breakdown.rule, "way": breakdown.way, "parts": parts}


def _media_object(media: Media) -> Json:
    return {
        "url": media.size.url,
        "description": media.description,
        "focus": list(media.focus) if media.focus else None,
        "width": media.size.width,
        "height": media.size.height,
        "mime_type": media.found.mime_type if media.found else media.size.mime_type,
        "bytes": len(media.found.data) if media.found else None,
        "sent": {"mime_type": media.sent.mime_type, "bytes": len(media.sent.data)} if media.sent else None,
        "fate": media.outcome(),
    }
