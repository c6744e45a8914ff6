"""What an instance allows and what software it is, from documents in which anything may be missing or wrong.

/api/v2/instance says most; servers without it (snac) say some in /api/v1/instance; Pleroma and its kin have
`max_toot_chars`, `description_limit` and `upload_limit` at the top; Pixelfed says only in its nodeinfo how long an
alternative text may be. What none says is Mastodon's own default.
"""

import re
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from bot.domain.models import Limits
from bot.mastodon.values import at, name_of, number_of, text_of

_DEFAULTS = Limits()
_MOST_CHARACTERS = 10_000_000
_MOST_MEDIA = 1_000
_MOST_BYTES = 2**50
_MOST_TYPES = 100
# As in: 2.7.2 (compatible; Pleroma 2.5.0) and 4.0.0 (not true; really snac/2.96).
_COMPATIBLE = re.compile(r"\([^();]*;\s*(?:really\s+)?(?P<name>[a-z][a-z0-9_.-]*)")
_OWN_NAME = re.compile(r"(?P<name>[a-z][a-z0-9_.-]*)[/ ]v?\d")
_NUMBERED = re.compile(r"v?(?P<major>\d{1,4})\.(?P<minor>\d{1,4})(?:\.\d{1,4})?(?P<rest>[^ ]*)")
_FORK = re.compile(r"\+(?P<name>[a-z]+)")
# The first version whose API is the one that others call Mastodon's.
_OLDEST_MASTODON = (2, 7)


def is_usable(document: object) -> bool:
    """Whether an instance document says anything about limits."""
    return isinstance(at(document, "configuration"), dict)


def limits_of(documents: Sequence[object], *, nodeinfo: object = None) -> Limits:
    """The limits, each from the first document that says it; the software by nodeinfo, else as the version tells it."""
    version = next((name_of(at(document, "version")) for document in documents if at(document, "version")), "")
    return Limits(
        max_characters=_first(
            documents,
            ("configuration", "statuses", "max_characters"),
            ("max_toot_chars",),
            least=1,
            most=_MOST_CHARACTERS,
            default=_DEFAULTS.max_characters,
        ),
        max_media_attachments=_first(
            documents,
            ("configuration", "statuses", "max_media_attachments"),
            ("max_media_attachments",),
            least=0,
            most=_MOST_MEDIA,
            default=_DEFAULTS.max_media_attachments,
        ),
        description_limit=_first(
            (*documents, nodeinfo),
            ("configuration", "media_attachments", "description_limit"),
            ("description_limit",),
            ("metadata", "config", "uploader", "max_altext_length"),
            least=1,
            most=_MOST_CHARACTERS,
            default=_DEFAULTS.description_limit,
        ),
        image_size_limit=_size(
            documents, ("configuration", "media_attachments", "image_size_limit"), ("upload_limit",)
        ),
        image_matrix_limit=_size(documents, ("configuration", "media_attachments", "image_matrix_limit")),
        supported_mime_types=_mime_types(documents),
        software=software_by(nodeinfo) or software_of(version),
        version=version,
    )


def software_of(version: str) -> str:
    """The software that an API's version string tells of, lower case; '' where it doesn't."""
    text = version.strip().lower()
    compatible = _COMPATIBLE.search(text)
    if compatible:
        return compatible["name"].rstrip(".-_")
    own_name = _OWN_NAME.match(text)
    if own_name:
        return own_name["name"]
    numbered = _NUMBERED.match(text)
    if numbered is None:
        return ""
    if int(numbered["major"]) == 0:
        return "gotosocial"  # the only one that gives its own number without its name
    fork = _FORK.search(numbered["rest"])
    if fork and fork["name"] != "glitch":
        return fork["name"]
    return "mastodon" if (int(numbered["major"]), int(numbered["minor"])) >= _OLDEST_MASTODON else ""


def nodeinfo_address(links: object, *, instance: str) -> str:
    """Where an instance's newest nodeinfo is, by its /.well-known/nodeinfo; '' where that isn't on the same host."""
    found = at(links, "links")
    addresses = {
        text_of(at(link, "rel")): _own_address(text_of(at(link, "href")), instance)
        for link in (found if isinstance(found, list) else [])
    }
    own = {rel: address for rel, address in addresses.items() if address}
    return own[max(own)] if own else ""


def software_by(nodeinfo: object) -> str:
    """The software that a nodeinfo names, lower case; '' where it names none."""
    name = text_of(at(nodeinfo, "software", "name")).lower()
    return name if re.fullmatch(r"[a-z0-9_.-]{1,64}", name) else ""


def _first(documents: Sequence[object], *paths: Sequence[str], least: int, most: int, default: int) -> int:
    for document in documents:
        for path in paths:
            found = number_of(at(document, *path), least=least, most=most)
            if found is not None:
                return found
    return default


def _size(documents: Sequence[object], *paths: Sequence[str]) -> int:
    return _first(documents, *paths, least=0, most=_MOST_BYTES, default=0)


def _mime_types(documents: Sequence[object]) -> tuple[str, ...]:
    for document in documents:
        types = at(document, "configuration", "media_attachments", "supported_mime_types")
        known = [name_of(one).lower() for one in types[:_MOST_TYPES]] if isinstance(types, list) else []
        if any(known):
            return tuple(dict.fromkeys(one for one in known if one))
    return ()


def _own_address(href: str, instance: str) -> str:
    """Where a link leads, if that is on the instance's own scheme and host; else ''."""
    try:
        address = urljoin(instance + "/", href)
        is_own = urlsplit(address.lower())[:2] == urlsplit(instance.lower())[:2]
    except ValueError:
        return ""
    return address if href and is_own else ""
