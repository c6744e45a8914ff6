"""Reading values out of a site's JSON: what isn't what it should be falls back to its default, never an exception.

PHP writes an empty array where an object is meant, an object where a list has holes, `false` where there is nothing;
plugins make numbers of texts (JSON_NUMERIC_CHECK), and texts of numbers.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from bot.domain.text import storable
from bot.net.times import iso_instant
from bot.wordpress.routes import split

# WordPress keeps 250 characters of a name, escaped as it gives it.
LONGEST_NAME = 250
# Longer ones aren't links any more for some servers and browsers.
_LONGEST_ADDRESS = 2_000
_MARKUP_CUT = re.compile(r"(?:</?(?:[A-Za-z][^<>]*)?|&[^&;\s]{0,31})\Z")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
# "none" and "0" are no address.
_LIKE_A_PATH = re.compile(r"(?![#<\\])[^./?]*[./?]")
# Caches and proxies that tidy paths make one slash of two.
_ONE_SLASH = re.compile(r"\A(https?:)/(?=[^/])", re.IGNORECASE)
_AMPERSAND = re.compile(r"&(?:amp|#0*38|#x0*26);", re.IGNORECASE)
# What PHP has numbers up to.
_LARGEST_NUMBER = 2**63
_AROUND = " \t\r\n\f\v\xa0\u200b\ufeff"


def object_of(value: object) -> Mapping[str, Any]:
    """An object, or an empty one: PHP writes an empty array as a list."""
    return value if isinstance(value, dict) else {}


def items_of(value: object) -> Iterable[Any]:
    """The items of a list: PHP writes a list with holes as an object."""
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def only(value: object) -> object:
    """A value, also where it comes in a list by itself, as meta that may have several values does."""
    return next(iter(value), None) if isinstance(value, list) else value


def text_of(value: object) -> str:
    """A text, or a number as one, that can be stored and sent: no NUL, no half of a surrogate pair."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LARGEST_NUMBER:
        return str(value)
    return ""


def name_of(value: object) -> str:
    """A text that names something, cut where it is too long for that."""
    return text_of(value)[:LONGEST_NAME]


def is_true(value: object) -> bool:
    """Whether a value says yes, be it a number or a text."""
    return bool(value) and text_of(value).strip().lower() not in ("0", "false", "no")


def rendered(value: object, *, longest: int) -> str:
    """A title, excerpt, content or caption: {"rendered": HTML}, or HTML alone as some serializers have it.

    What is too long ends with "…", and in no tag or entity.
    """
    html = text_of(object_of(value).get("rendered") if isinstance(value, dict) else value)
    return html if len(html) <= longest else _MARKUP_CUT.sub("", html[:longest]) + "…"


def address_of(value: object, *, base: str = "", home: str = "") -> str:
    """An absolute web address as it was given; one without a host as it is meant on the page at base.

    '' for anything else, and for one that is too long. home: the site's address, which a path without a slash before
    it is below, and whose host may stand without a scheme; '' where such a one is none.
    """
    text = _AMPERSAND.sub("&", _ONE_SLASH.sub(r"\1//", text_of(value).strip(_AROUND)[: _LONGEST_ADDRESS + 1]))
    if base and text.startswith("/"):
        text = _joined(base, text)
    elif home and not _SCHEME.match(text) and _LIKE_A_PATH.match(text):
        text = _below(home, text)
    return text if len(text) <= _LONGEST_ADDRESS and split(text) is not None else ""


def instant_of(value: object) -> datetime | None:
    """A date in GMT, which WordPress writes without a zone; None for zeros and for what is no date."""
    return iso_instant(value) if isinstance(value, str) else None


def _below(home: str, address: str) -> str:
    parts = urlsplit(home)
    if f"{address}/".startswith(f"{parts.netloc}/"):
        return f"{parts.scheme}://{address}"
    return _joined(f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/", address)


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return ""
