"""A preview, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cli.terminal.output import clean, console, on_terminal, say, say_json
from bot.crosspost.pictures import NotNow
from bot.report.json_lines import Json, known_id
from bot.report.wording import size_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from rich.table import Table

    from bot.crosspost.pictures import Picture
    from bot.domain.composing.compose import Composition
    from bot.domain.composing.explain import Breakdown
    from bot.report.preview import Preview

    Facts = Iterator[tuple[str, str]]

_WIDEST = 100


def say_preview_json(preview: Preview, notes: Collection[str]) -> None:
    """Print it as one JSON object. notes: what a person should know of it."""
    say_json(_object(preview, notes))


def say_preview(preview: Preview, notes: Collection[str]) -> None:
    """Print it for a person: on a terminal with a frame around the text, else in plain lines."""
    if on_terminal():
        _draw(preview, notes)
        return
    say(f"{_title(preview)}: {_length(preview.composition)}")
    say("\n".join(f"  | {text}".rstrip() for text in preview.composition.status.text.split("\n")))
    for label, fact in _facts(preview, notes):
        say(f"  {label + ':':<11} {fact}")
    say()


def _draw(preview: Preview, notes: Collection[str]) -> None:
    from rich.panel import Panel
    from rich.text import Text

    terminal = console()
    width = min(terminal.width, _WIDEST)
    terminal.print(
        Panel(
            Text(clean(preview.composition.status.text)),
            title=Text(clean(_title(preview)), style="bold default"),
            title_align="left",
            subtitle=Text(_length(preview.composition), style=_fits(preview.composition)),
            subtitle_align="right",
            border_style="bright_black",
            width=width,
            padding=(0, 1),
        )
    )
    terminal.print(_grid(preview, notes), width=width)
    terminal.print()


def _grid(preview: Preview, notes: Collection[str]) -> Table:
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True, min_width=10, style="dim")
    grid.add_column(overflow="fold")
    for label, fact in _facts(preview, notes):
        grid.add_row(f"  {label}", Text(clean(fact), style="yellow" if label in ("note", "warning") else ""))
    return grid


def _title(preview: Preview) -> str:
    return f"{preview.share.post_name} on {preview.share.account}"


def _length(composition: Composition) -> str:
    return f"{composition.length} of {composition.limit} characters"


def _fits(composition: Composition) -> str:
    return "green" if composition.length <= composition.limit else "bold red"


def _facts(preview: Preview, notes: Collection[str]) -> Facts:
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
    for picture in preview.pictures:
        yield from _picture(picture)
    if not preview.pictures:
        yield "image", f"none: {preview.without_image}"
    yield from (("shaped by", str(decision)) for decision in preview.decisions)
    yield from (("note", note) for note in notes)


def _counted(breakdown: Breakdown) -> Facts:
    parts = (
        f"{part.name} {part.count}" + (f" (written with {part.written})" if part.count != part.written else "")
        for part in breakdown.parts
    )
    yield "counts", " + ".join(parts)
    yield "counted by", f"{breakdown.server}: {breakdown.way}" if breakdown.server else breakdown.way


def _picture(picture: Picture) -> Facts:
    facts, outcome = _file(picture), _outcome(picture)
    yield "image", picture.size.url
    yield "its file", f"{facts}; {outcome}" if facts else outcome
    yield "its text", picture.attachment.description or "(none)"


def _file(picture: Picture) -> str:
    """What the file is: `1600 × 900, image/jpeg, 412 kB`."""
    size, found = picture.size, picture.found
    known = [f"{size.width} × {size.height}"] if size.width and size.height else []
    if found is not None:
        known += [found.mime_type, size_words(len(found.data))]
    return ", ".join(known)


def _outcome(picture: Picture) -> str:
    """What becomes of an image."""
    if picture.file is None:
        waits = "waited for, as the site can't give it now" if isinstance(picture, NotNow) else "left out"
        return f"{waits}: {picture.reason}"
    if picture.file.data == picture.found.data:
        return "sent as it is"
    return f"sent as {picture.file.mime_type}, {size_words(len(picture.file.data))}"


def _object(preview: Preview, notes: Collection[str]) -> Json:
    composition, status = preview.composition, preview.composition.status
    return {
        "site": preview.share.site,
        "post_id": known_id(preview.post.id),
        "link": preview.post.link,
        "account": preview.share.account,
        "text": status.text,
        "length": composition.length,
        "limit": composition.limit,
        "counted": _counted_object(preview.breakdown),
        "hashtags": list(composition.hashtags),
        "mentions": list(status.mentions),
        "media": [_picture_object(picture) for picture in preview.pictures],
        "visibility": status.visibility,
        "spoiler_text": status.spoiler_text,
        "sensitive": status.sensitive,
        "language": status.language,
        "rules": [str(decision) for decision in preview.decisions],
        "would_skip": preview.refusal,
        "notes": list(notes),
    }


def _counted_object(breakdown: Breakdown) -> Json:
    parts = [{"name": part.name, "count": part.count, "written": part.written} for part in breakdown.parts]
    return {"server": breakdown.server, "rule": breakdown.rule, "way": breakdown.way, "parts": parts}


def _picture_object(picture: Picture) -> Json:
    size, found, focus = picture.size, picture.found, picture.attachment.image.focus
    return {
        "url": size.url,
        "description": picture.attachment.description,
        "focus": list(focus) if focus else None,
        "width": size.width,
        "height": size.height,
        "mime_type": found.mime_type if found else size.mime_type,
        "bytes": len(found.data) if found else None,
        "sent": {"mime_type": picture.file.mime_type, "bytes": len(picture.file.data)} if picture.file else None,
        "fate": _outcome(picture),
    }
