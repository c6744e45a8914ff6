"""Pages from templates. Whatever is put into one is escaped."""

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from bot import __version__
from bot.report.json_lines import instant
from bot.report.wording import ago, began, counted
from bot.web.calls import Call
from bot.web.parameters import post_place

_SOON = timedelta(seconds=1)
THEMES = ("auto", "light", "dark")
# A state is a word and a shape before it is a colour.
_SHAPES = {"shared": "●", "sending": "◐", "pending": "○", "held": "‖", "failed": "✕", "skipped": "–", "unknown": "?"}
_SHAPES |= {"well": "●", "ready": "●", "new": "○", "waits": "◐", "rests": "◐", "paused": "‖", "failing": "✕"}

# A link ends before the signs that end a sentence; a hashtag or a mention begins where a word does.
_LEADS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]'’”]|(?<![\w/&#@])#\w+|(?<![\w/@.])@[\w.-]+(?:@[\w.-]+\w)?")


def render(call: Call, template: str, **values: Any) -> str:
    """A page's HTML."""
    csrf = call.caller.csrf if call.caller else ""
    common = {
        "call": call,
        "csrf": csrf,
        "signed_in": call.caller is not None and call.caller.by_cookie,
        "theme": _theme(call),
        "version": __version__,
        "mark": _mark(),
        "done": "",
        "now": call.live.context.clock.now(),
    }
    return _environment().get_template(template).render(common | values)


def _theme(call: Call) -> str:
    chosen = call.cookies.get("howdah_theme", "")
    return chosen if chosen in THEMES else "auto"


@cache
def _mark() -> str:
    """What tells the page's own style and script from those of before: they are kept for a day by their address."""
    static = files("bot.web") / "static"
    return sha256(b"".join((static / name).read_bytes() for name in ("style.css", "page.js"))).hexdigest()[:8]


@cache
def _environment() -> Environment:
    """The templates, read once."""
    environment = Environment(
        loader=PackageLoader("bot.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "ago": lambda at, now: "now" if now <= at < now + _SOON else ago(at, now=now),
        "began": began,
        "commands": commands,
        "counted": counted,
        "iso": instant,
        "is_web": is_web,
        "length_words": length_words,
        "place": post_place,
        "path": lambda text: quote(text, safe=""),
        "shape": _SHAPES.__getitem__,
        "utc": _utc,
    }
    return environment


def length_words(duration: timedelta) -> str:
    """A duration in whole units: "2 min", "1 h 30 min", "0 s"."""
    seconds, words = int(duration.total_seconds()), []
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        if seconds >= size:
            words.append(f"{seconds // size} {unit}")
            seconds %= size
    return " ".join(words) or "0 s"


def commands(text: str) -> Markup:
    """A sentence in which what stands between backticks is a command."""
    words = [
        (Markup("<code>{}</code>") if place % 2 else Markup("{}")).format(word)
        for place, word in enumerate(text.split("`"))
    ]
    return Markup("").join(words)


def is_web(address: str) -> bool:
    """Whether an address may be a link: others, such as javascript:, are text."""
    return address.lower().startswith(("https://", "http://"))


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def status_html(text: str, instance: str) -> Markup:
    """A status as it looks on its account: links, hashtags and mentions lead somewhere; all the rest is text.

    instance: the account's address, which hashtags lead to.
    """
    pieces, end = [], 0
    for found in _LEADS.finditer(text):
        pieces += [escape(text[end : found.start()]), _link(found[0], instance.rstrip("/"))]
        end = found.end()
    return Markup("").join([*pieces, escape(text[end:])])


def _link(word: str, instance: str) -> Markup:
    if word.startswith("#"):
        address = f"{instance}/tags/{word[1:]}"
    elif word.startswith("@"):
        address = f"{instance}/{word}"
    else:
        address = word
    return Markup('<a href="{}" rel="noreferrer noopener nofollow">{}</a>').format(address, word)
