"""The account's own statuses, read page by page back to an anchor.

Absence of a status is proof only where the listing is complete, so whatever leaves a doubt makes it incomplete: the
bound on pages, a server that passes over `max_id`, a record that can't be read.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.domain.models import Anchor, Listing, OwnStatus, StatusPage
from bot.mastodon.values import address_of, at, id_of, instant_of, name_of, own_original, text_of

PAGE_SIZE = 40
# What servers give at most that don't give so many; a page of fewer is the whole list.
_LEAST_CAP = 20
MOST_PAGES = 25
# In characters of HTML, many times what a status may have anywhere; the parser takes minutes over megabytes of tags.
_LONGEST_CONTENT = 100_000
_LINE_BREAK = re.compile(r"<br\b", re.IGNORECASE)
_PARAGRAPH_END = re.compile(r"</p\b[^>]*>", re.IGNORECASE)

FetchPage = Callable[[str | None], Sequence[object]]


def list_since(anchor: Anchor | None, fetch_page: FetchPage) -> Listing:
    """The own statuses since an anchor, newest first. fetch_page gets the id below which a page is to begin.

    A list that ends without the anchor, and without anything older, proves nothing: it was there once. An anchor
    without an id is only an instant.
    """
    walk = _Walk(anchor)
    max_id: str | None = None
    for _ in range(MOST_PAGES):
        page = fetch_page(max_id)
        max_id = walk.add(page)
        if walk.arrived or max_id is None:
            return walk.listing(complete=walk.arrived or (walk.exhausted and not (anchor and anchor.id)))
    return walk.listing(complete=False)


def read_page(page: Sequence[object]) -> StatusPage:
    """The own statuses of a page, boosts of others aside; the next one begins below its last."""
    records = map(own_original, page)
    own = [status for record in records if not _is_reblog(record) and (status := own_status(record)) is not None]
    ids = [known for record in page if (known := id_of(at(record, "id")))]
    return StatusPage(statuses=tuple(own), next=ids[-1] if ids else "")


def newest(page: Sequence[object]) -> Anchor | None:
    """The newest own status of a page; None where it shows none."""
    latest = max(read_page(page).statuses, key=lambda status: status.created_at, default=None)
    return Anchor(id=latest.id, created_at=latest.created_at) if latest else None


def own_status(record: object) -> OwnStatus | None:
    """A status as an API shows it; None where it has no id or date, or its content can't be read."""
    status_id = id_of(at(record, "id"))
    created_at = instant_of(at(record, "created_at"))
    content = _read(text_of(at(record, "content")))
    if not status_id or created_at is None or content is None:
        return None
    links, text = content
    card = address_of(at(record, "card", "url"))
    return OwnStatus(
        id=status_id,
        url=address_of(at(record, "url")) or address_of(at(record, "uri")),
        created_at=created_at,
        links=tuple(dict.fromkeys([*links, card] if card else links)),
        text=text,
        in_reply_to_id=id_of(at(record, "in_reply_to_id")),
        visibility=name_of(at(record, "visibility")).replace(",", ""),
    )


class _Walk:
    """What was seen so far on the way back to the anchor."""

    def __init__(self, anchor: Anchor | None) -> None:
        self._anchor = anchor
        self._seen: set[str] = set()
        self._found: list[OwnStatus] = []
        self._flawless = True
        self.arrived = False
        self.exhausted = False

    def add(self, page: Sequence[object]) -> str | None:
        """Take in a page; returns the id below which the next one begins, None where there is none."""
        ids = [id_of(at(record, "id")) for record in page]
        fresh = [record for record, known in zip(page, ids, strict=True) if not known or known not in self._seen]
        if not any(known and known not in self._seen for known in ids):
            # The list ended, or the server gave the same page again: then that page was all there is if it wasn't full.
            self.exhausted = len(page) < _LEAST_CAP
            self._flawless = self._flawless and all(ids)
            return None
        self._seen.update(ids)
        for record in fresh:
            self._take(own_original(record))
        # Of a pinned status that is listed first its age tells nothing of those behind it.
        self.arrived = self.arrived or self._is_old(own_original(page[-1]))
        return next(known for known in reversed(ids) if known)

    def listing(self, *, complete: bool) -> Listing:
        """What was found."""
        newest_first = sorted(self._found, key=lambda status: status.created_at, reverse=True)
        return Listing(statuses=tuple(newest_first), complete=complete and self._flawless)

    def _take(self, record: object) -> None:
        status = own_status(record)
        if status is None:
            self._flawless = False
        elif self._is_behind(status):
            self.arrived = self.arrived or self._is_anchor(status)
        elif not _is_reblog(record) and all(status.id != other.id for other in self._found):
            self._found.append(status)

    def _is_anchor(self, status: OwnStatus) -> bool:
        return self._anchor is not None and status.id == self._anchor.id

    def _is_behind(self, status: OwnStatus) -> bool:
        """Whether a status is the anchor or older. Where a server lists whole seconds, one of the same may be newer."""
        anchor = self._anchor
        if anchor is None:
            return False
        since = anchor.created_at if status.created_at.microsecond else anchor.created_at.replace(microsecond=0)
        return status.id == anchor.id or status.created_at < since

    def _is_old(self, record: object) -> bool:
        """Whether a record is a status that is the anchor or older."""
        status = own_status(record)
        return status is not None and self._is_behind(status)


def _is_reblog(record: object) -> bool:
    return isinstance(at(record, "reblog"), Mapping)


def _read(content: str) -> tuple[list[str], str] | None:
    """The links and the plain text of a status' HTML; None where it is too long, or no server would write it so."""
    from bs4 import BeautifulSoup

    from bot.domain.text.html import parsable

    if len(content) > _LONGEST_CONTENT or parsable(content) != content:
        return None
    # Breaks are written into the text: put into the tree one by one, they would take minutes where tags are nested.
    content = _PARAGRAPH_END.sub("\n</p>\n", _LINE_BREAK.sub("\n<br", content))
    # Begun with a tag, or a text that looks like an address or a file's name would be warned of.
    soup: Any = BeautifulSoup(f"<div>{content}", "html.parser")
    links = [str(tag["href"]).strip() for tag in soup.find_all(href=True)]
    return links, soup.get_text().strip()
