"""Which ways lead into a site: what its owner decided about how it is read."""

from dataclasses import dataclass

from bot.domain.policy import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How a site is read, as the config's keys of these names say.

    post_types: WordPress's names for the types. tell_language: whether a post's language matters, so that its page is
    asked where nothing else tells it. contact: where whoever runs the site finds out who asks: an instance's address.
    """

    post_types: tuple[str, ...] = ("post",)
    source: Source = Source.AUTO
    feed_url: str = ""
    link_host: str = ""
    tell_language: bool = False
    contact: str = ""
