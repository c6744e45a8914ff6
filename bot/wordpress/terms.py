"""Which of an owner's categories and tags a site doesn't have."""

import re
from collections.abc import Collection
from typing import Any, Literal

from bot.domain.models import Term
from bot.wordpress.client import Client
from bot.wordpress.payload import load_list
from bot.wordpress.routes import join

Taxonomy = Literal["categories", "tags"]

_PER_PAGE = 100
_WORD = re.compile(r"[^\W_]+")


def unknown_terms(client: Client, root: str, taxonomy: Taxonomy, names: Collection[str]) -> tuple[str, ...]:
    """Those of these names, or slugs, that no category or tag of the site has; one that can't be told is none of them.

    Raises SiteUnavailableError.
    """
    return tuple(name for name in names if not _is_known(client, root, taxonomy, name))


def _is_known(client: Client, root: str, taxonomy: Taxonomy, name: str) -> bool:
    """Whether a term has this name or slug; also where there are too many like it to tell.

    It is searched for by its longest word, since names are stored with HTML entities in them.
    """
    from bot.domain.text.terms import matching  # reads HTML, which takes a while to load

    word = max(_WORD.findall(name), key=len, default="")
    if not word:
        return True
    query = {"search": word, "per_page": str(_PER_PAGE), "_fields": "name,slug"}
    _, rows = client.ask(join(root, f"wp/v2/{taxonomy}", query), load_list)
    return len(rows) >= _PER_PAGE or bool(matching(map(_term, rows), [name]))


def _term(row: Any) -> Term:
    fields = row if isinstance(row, dict) else {}
    return Term(name=str(fields.get("name", "")), slug=str(fields.get("slug", "")))
