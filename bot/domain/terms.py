"""Which of a post's categories, tags or authors somebody meant: by name or slug, whatever the case."""

from collections.abc import Collection, Iterable

from bot.domain.models import Term
from bot.domain.text import plain


def matching(terms: Iterable[Term], wanted: Collection[str]) -> str:
    """The name of the first of these terms that is wanted; '' where none is."""
    folded = {want.casefold() for want in wanted}
    for term in terms:
        name = plain(term.name)
        if name.casefold() in folded or term.slug.casefold() in folded:
            return name
    return ""
