"""A post's categories, tags and authors: which of them somebody meant, and which mean nothing."""

from collections.abc import Collection, Iterable

from bot.domain.models import Term
from bot.domain.text.html import plain


def matching(terms: Iterable[Term], wanted: Collection[str]) -> str:
    """The name of the first of these terms that is wanted, by name or slug, whatever the case; '' where none is."""
    folded = {want.casefold() for want in wanted}
    for term in terms if folded else ():
        name = plain(term.name)
        if name.casefold() in folded or term.slug.casefold() in folded:
            return name
    return ""


def is_default(term: Term) -> bool:
    """Whether this is WordPress's category for posts that nobody put into one."""
    return not {plain(term.name).casefold(), term.slug.casefold()}.isdisjoint(_NO_CATEGORY)


# The category that posts without one are in, as WordPress calls it in the languages with most sites.
_NO_CATEGORY = frozenset(
    {
        "uncategorized", "uncategorised", "allgemein", "non classé", "non-classe", "sin categoría", "sin-categoria",
        "sem categoria", "sem-categoria", "senza categoria", "senza-categoria", "geen categorie", "geen-categorie",
        "без рубрики", "未分類", "未分类", "미분류",
    }
)  # fmt: skip
