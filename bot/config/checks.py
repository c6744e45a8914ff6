"""What a single value has to be: checks that the tables of the config put on their keys.

Each takes a value and returns it, perhaps in its one normal form, or raises ValueError with a sentence for a person.
"""

import base64
import re
from collections.abc import Callable
from datetime import time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.config.durations import format_duration, parse_duration
from bot.config.syntax import BACKSLASH
from bot.config.toml_text import quoted, shown
from bot.domain.models import Post
from bot.domain.policy import HashtagPolicy, QuietHours

# Compiled where a key is first checked by them: most configs have few of these keys.
_NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]*"
_SLUG = r"[a-z0-9_-]+"
_LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
# Upper case alone, as such names are written; a token that was put here by mistake never looks like that.
_VARIABLE = r"[A-Z_][A-Z0-9_]*"
_LISTEN = r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):([0-9]{1,5})"
_HOST = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*(:[0-9]{1,5})?"
_HANDLE = r"@?([A-Za-z0-9_]+(?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?(?:@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+)?)"
_QUIET = r"([0-9]{1,2}):([0-9]{2}) ?[-–] ?([0-9]{1,2}):([0-9]{2})(?: +(\S+))?"
# The plugin's fields, and ours.
_PLUGIN_FIELDS = {
    "title": "title",
    "excerpt": "excerpt",
    "tags": "hashtags",
    "category": "hashtags",
    "permalink": "link",
}
_PLUGIN_FIELD = rf"%({'|'.join(_PLUGIN_FIELDS)})%"
# What clocks are called in summer and winter, where that is no zone's name: a guess by the letters is hours off.
_SHORT = 4
_CLOCKS = {
    "CEST": "Europe/Berlin", "MESZ": "Europe/Berlin", "MEZ": "Europe/Berlin", "BST": "Europe/London",
    "WEST": "Europe/Lisbon", "EEST": "Europe/Athens", "EDT": "America/New_York", "CST": "America/Chicago",
    "CDT": "America/Chicago", "MDT": "America/Denver", "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles",
    "IST": "Asia/Kolkata", "JST": "Asia/Tokyo", "AEST": "Australia/Sydney", "AEDT": "Australia/Sydney",
}  # fmt: skip
_QUOTES = "\"'“”„‘’`"
_QUIET_EXAMPLE = '"23:00-07:00 Europe/London"'


def suggestion(wrong: str, known: tuple[str, ...]) -> str | None:
    """The known word that was probably meant, None where none is near."""
    from difflib import get_close_matches

    near = get_close_matches(wrong, known, n=1)
    return near[0] if near else None


def text(value: object) -> str:
    """A text, for keys whose values are never repeated."""
    match value:
        case str():
            return value
        case _:
            raise ValueError("must be text in quotes")


def name(value: str) -> str:
    """A site's or an account's name; it stands in SITE/ID."""
    if not re.fullmatch(_NAME, value):
        raise ValueError(
            'isn\'t a name (letters, digits, "_", "." and "-" only, and not a mark first, because it stands in SITE/ID)'
        )
    return value


def filled(value: str) -> str:
    """A text that isn't empty."""
    if not value.strip():
        raise ValueError("is empty (leave the key out instead)")
    return value


def distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    """At least one value, and none twice."""
    if not values:
        raise ValueError("is empty (name at least one)")
    twice = [value for value in dict.fromkeys(values) if values.count(value) > 1]
    if twice:
        raise ValueError(f"names {shown(twice[0])} more than once (once is enough)")
    return values


def one_of(*known: str) -> Callable[[object], object]:
    """A check for one of a few words."""

    def check(value: object) -> object:
        if value in known:
            return value
        near = suggestion(value, known) if isinstance(value, str) else None
        meant = f"did you mean {quoted(near)}?" if near else "use one of " + ", ".join(map(quoted, known))
        raise ValueError(f"{shown(value)} isn't known here ({meant})")

    return check


def within(shortest: str, longest: str) -> Callable[[timedelta], timedelta]:
    """A check for a duration between two others, both allowed."""
    low, high = parse_duration(shortest), parse_duration(longest)

    def check(value: timedelta) -> timedelta:
        if low <= value <= high:
            return value
        raise ValueError(f"{format_duration(value)} is out of bounds (from {shortest} to {longest})")

    return check


def post_types(values: tuple[str, ...]) -> tuple[str, ...]:
    """Post types' slugs, as they stand in the site's REST routes: one at least, none twice."""
    for value in values:
        if not re.fullmatch(_SLUG, value):
            raise ValueError(f'{shown(value)} isn\'t a post type (small letters, digits, "_" and "-", such as "post")')
    return distinct(values)


def host(value: str) -> str:
    """A host, perhaps with a port; '' for none."""
    if value and not re.fullmatch(_HOST, value):
        raise ValueError(f'{shown(value)} isn\'t a host (its name alone, such as "www.example.org")')
    return value.lower()


def language(value: str) -> str:
    """An ISO 639 code, perhaps with a script or a region; '' leaves it to the account."""
    if value and not re.fullmatch(_LANGUAGE, value):
        raise ValueError(f'{shown(value)} isn\'t a language code (such as "en" or "pt-BR")')
    return value


def hashtag(value: str) -> str:
    """A fixed hashtag, with or without its #, that the domain can make one of."""
    # It brings an HTML parser along: only where a hashtag is to be checked.
    from bot.domain.composing.hashtags import hashtags

    if not hashtags(Post(id=0, link=""), HashtagPolicy(sources=(), fixed=(value,), max=1)):
        raise ValueError(f"{shown(value)} can't be a hashtag (it needs a letter, and no sign that would be lost)")
    return value


def hashtag_or_none(value: str) -> str:
    """What a tag or category becomes: a hashtag, or '' for none."""
    return hashtag(value) if value else value


def handle(value: str) -> str:
    """The handle of an account that may be mentioned, without the @ in front of it."""
    found = re.fullmatch(_HANDLE, value)
    if found is None:
        raise ValueError(f'{shown(value)} isn\'t a handle (such as "alice@example.org", or "alice" on the instance)')
    return found[1]


def template(value: str) -> str:
    """A template that the domain can read."""
    from bot.domain.composing.template import parse  # what cuts texts comes along: only where there is a template

    field = re.search(_PLUGIN_FIELD, value)
    if field is not None:
        meant = _PLUGIN_FIELDS[field[1]]
        raise ValueError(f"{shown(field[0])} is how the plugin Share on Mastodon writes it (write {{{meant}}} here)")
    parse(value)
    return value


def variable(value: str) -> str:
    """The name of an environment variable. The value isn't repeated: it might be the token itself."""
    if not re.fullmatch(_VARIABLE, value):
        raise ValueError('isn\'t the name of an environment variable (capitals, digits and "_": "HOWDAH_UK_TOKEN")')
    return value


def token(value: str) -> str:
    """A token without the space around it: printable ASCII in one piece. The value isn't repeated."""
    stripped = value.strip()
    if not stripped:
        raise ValueError("is empty (it has to hold the access token; the instance makes one)")
    if stripped[0] in _QUOTES and stripped[-1] in _QUOTES:
        raise ValueError("stands in quotes (write the token alone)")
    if not stripped.isascii():
        raise ValueError("has characters outside ASCII, which no token has (copy the token anew)")
    if not re.fullmatch(r"[!-~]+", stripped):
        raise ValueError("has spaces or line breaks inside (the token alone, on one line)")
    return stripped


def file_name(value: str) -> str:
    """A file's name without control characters, as a backslash between double quotes makes them."""
    if re.search(r"[\x00-\x1f\x7f]", filled(value)):
        raise ValueError(f"has a control character ({BACKSLASH})")
    return value


def user_name(value: str) -> str:
    """A WordPress user's name, or e-mail address: no colon, which ends it in HTTP Basic."""
    if ":" in value or not value.isprintable():
        raise ValueError(f"{shown(value)} isn't a user's name (without a colon)")
    return value


def hook_secret(value: str) -> str:
    """A secret of Standard Webhooks: "whsec_" and base64 of 24 to 64 bytes. The value isn't repeated."""
    stripped = value.strip()
    try:
        key = base64.b64decode(stripped.removeprefix("whsec_"), validate=True)
    except ValueError:
        key = b""
    if not stripped.startswith("whsec_") or not 24 <= len(key) <= 64:
        made = 'echo "whsec_$(head -c 32 /dev/urandom | base64)"'
        raise ValueError(f"has no secret for webhooks in it (whsec_ and base64 of 24 to 64 bytes; make one: {made})")
    return stripped


def listen(value: str) -> str:
    """HOST:PORT."""
    found = re.fullmatch(_LISTEN, value)
    if found is None or int(found[2]) > 65535:
        raise ValueError(f'{shown(value)} isn\'t HOST:PORT (such as "127.0.0.1:8642")')
    return value


def quiet_text(value: str) -> str:
    """Quiet hours as text, checked; '' for none."""
    if value:
        quiet_hours(value)
    return value


def quiet_hours(value: str) -> QuietHours:
    """Quiet hours from "23:00-07:00 Europe/London"."""
    found = re.fullmatch(_QUIET, value.strip())
    if found is None:
        raise ValueError(f"{shown(value)} aren't quiet hours (write them as {_QUIET_EXAMPLE})")
    *clock, zone = found.groups()
    if zone is None:
        raise ValueError(f"{shown(value)} has no time zone (add one: {quoted(value.strip() + ' Europe/London')})")
    try:
        start, end = time(int(clock[0]), int(clock[1])), time(int(clock[2]), int(clock[3]))
    except ValueError as error:
        raise ValueError(f"{shown(value)} has a time that no clock shows (00:00 to 23:59)") from error
    if start == end:
        raise ValueError(f"{shown(value)} end when they begin (leave the key out for none)")
    return QuietHours(start=start, end=end, zone=_zone(zone))


def _zone(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        near = _near_zone(zone)
        meant = f"did you mean {quoted(near)}?" if near else "such as Europe/London or UTC"
        raise ValueError(f"{shown(zone)} isn't a time zone ({meant})") from error
    return zone


def _near_zone(wrong: str) -> str | None:
    """By the city alone, whatever its case, else by what looks alike."""
    if wrong.upper() in _CLOCKS:
        return _CLOCKS[wrong.upper()]
    if wrong.isalpha() and len(wrong) <= _SHORT:
        return None  # by its letters it would be any other's
    known = tuple(sorted(available_timezones()))
    spelt = wrong.replace(" ", "_").lower()
    cities = (zone for zone in known if spelt in {zone.lower(), zone.rpartition("/")[2].lower()})
    return next(cities, None) or suggestion(wrong, known)
