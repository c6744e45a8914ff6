"""The forms in which a post can be asked for, from everything that a status may need to what it can't do without.

Some sites refuse one form and grant another: security plugins refuse long addresses, some posts can't be rendered or
are too big, and some sites show posts in lists only. Each refusal says which of the forms that are left may do.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.wordpress.client import Refusal
from bot.wordpress.routes import Route

# Never a field and a part of it: WordPress would drop all that is named after them. The meta is where the Share on
# Mastodon plugin keeps what an author writes for the status, and had its url before 0.17.
FIELDS = (
    "id,date_gmt,modified_gmt,link,title,excerpt,content,status,type,sticky,lang,polylang_current_lang,"
    "wpml_current_locale,share_on_mastodon,meta._share_on_mastodon,"
    "meta._share_on_mastodon_url,meta._share_on_mastodon_status,"
    "meta._share_on_mastodon_cw,meta._jetpack_newsletter_access,coauthors,authors,featured_media,"
    "jetpack_featured_media_url,_links,_embedded"
)
EMBED = "wp:featuredmedia,wp:term,author"
# Whether there is a password is told without rendering anything by this part of the content alone.
_LIGHT = "id,date_gmt,modified_gmt,link,title,status,type,content.protected,share_on_mastodon,_links,_embedded"


# The least: nothing embedded either, since what fails may be a term, an author or an image. Whether there is a password
# isn't told then.
_BARE = "id,date_gmt,modified_gmt,link,title,status,type,share_on_mastodon"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way to ask for a post. listed: by the listing. short: its address. light: nothing has to be rendered."""

    parameters: tuple[tuple[str, str], ...]
    listed: bool = False
    short: bool = False
    light: bool = False

    def address(self, route: Route, post_id: int) -> str:
        """Where to ask."""
        if self.listed:
            return route.all({"include": str(post_id), **dict(self.parameters)})
        return route.one(post_id, dict(self.parameters))


_WHOLE = (("_fields", FIELDS), ("_embed", EMBED))
_SHORT = (("_embed", "1"),)
_WITHOUT_TEXT = (("_fields", _LIGHT), ("_embed", "1"))
_TITLE_ALONE = (("_fields", _BARE),)
FORMS = (
    Form(parameters=_WHOLE),
    Form(parameters=_SHORT, short=True),
    Form(parameters=_WHOLE, listed=True),
    Form(parameters=_SHORT, listed=True, short=True),
    Form(parameters=_WITHOUT_TEXT, short=True, light=True),
    Form(parameters=_WITHOUT_TEXT, listed=True, short=True, light=True),
    Form(parameters=_TITLE_ALONE, short=True, light=True),
)


def left(forms: Iterable[Form], refused: Form, refusal: Refusal) -> tuple[Form, ...]:
    """Those of the forms, but for one that was refused, that may do after its refusal."""
    others = tuple(form for form in forms if form != refused)
    match refusal:
        case Refusal.LONG | Refusal.BAD_VALUE:
            return tuple(form for form in others if form.short or refused.short)
        case Refusal.HEAVY:
            return tuple(form for form in others if form.light)
        case Refusal.CLOSED:
            return tuple(form for form in others if form.listed)
        case Refusal.NONE:
            return ()
