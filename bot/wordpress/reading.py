"""Reading posts: one by itself in whatever form the site grants, or several in one request.

The forms go from everything that a status may need to what it can't do without. Some sites refuse one and grant
another: security plugins refuse long addresses, some posts can't be rendered or are too big, and some sites show posts
in lists only. Each refusal says which of the forms that are left may do.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from bot.domain.models import ListedPost, Post
from bot.domain.text.links import same_link
from bot.errors import PostGoneError, SiteUnavailableError
from bot.wordpress.client import Client, Refusal, RefusedFormError, RootMovedError, is_success
from bot.wordpress.finding import slugs
from bot.wordpress.http import Response, display
from bot.wordpress.parse import Record, Row, raw_texts, record, records, rows, with_raw
from bot.wordpress.payload import error_code, load_list, load_object
from bot.wordpress.routes import Route

# --- the forms of a post ------------------------------------------------------------------------------------------

# Never a field and a part of it: WordPress would drop all that is named after them. The meta is where the Share on
# Mastodon plugin keeps what an author writes for the status, and had its url before 0.17.
FIELDS = (
    "id,date,date_gmt,modified_gmt,link,title,excerpt,content,status,type,sticky,lang,polylang_current_lang,"
    "wpml_current_locale,share_on_mastodon,meta._share_on_mastodon,"
    "meta._share_on_mastodon_url,meta._share_on_mastodon_status,"
    "meta._share_on_mastodon_cw,meta._jetpack_newsletter_access,coauthors,authors,featured_media,"
    "jetpack_featured_media_url,_links,_embedded"
)
EMBED = "wp:featuredmedia,wp:term,author"
# Whether there is a password is told without rendering anything by this part of the content alone. The meta as a whole
# makes a shorter address than its parts.
_LIGHT = (
    "id,date,date_gmt,modified_gmt,link,title,status,type,content.protected,share_on_mastodon,meta,_links,_embedded"
)
# The least: nothing embedded either, since what fails may be a term, an author or an image. Some sites refuse the very
# word "content": whether there is a password isn't told then.
_BARE = "id,date,date_gmt,modified_gmt,link,title,status,type,share_on_mastodon,meta"


class Form(Struct, frozen=True, kw_only=True):
    """One way to ask for a post. listed: by the listing. short: its address. lacks: what isn't told (Post.unread)."""

    parameters: tuple[tuple[str, str], ...]
    listed: bool = False
    short: bool = False
    lacks: frozenset[str] = frozenset()

    @property
    def light(self) -> bool:
        """Whether nothing has to be rendered for it."""
        return bool(self.lacks)

    def address(self, route: Route, post_id: int) -> str:
        """Where to ask."""
        if self.listed:
            return route.all({"include": str(post_id), **dict(self.parameters)})
        return route.one(post_id, dict(self.parameters))


_WHOLE = (("_fields", FIELDS), ("_embed", EMBED))
_SHORT = (("_embed", "1"),)
_WITHOUT_TEXT = (("_fields", _LIGHT), ("_embed", "1"))
_TITLE_ALONE = (("_fields", f"{_BARE},content.protected"),)
_LEAST = (("_fields", _BARE),)
_TEXT, _ALL = frozenset({"text"}), frozenset({"text", "terms"})
FORMS = (
    Form(parameters=_WHOLE),
    Form(parameters=_SHORT, short=True),
    Form(parameters=_WHOLE, listed=True),
    Form(parameters=_SHORT, listed=True, short=True),
    Form(parameters=_WITHOUT_TEXT, short=True, lacks=_TEXT),
    Form(parameters=_WITHOUT_TEXT, listed=True, short=True, lacks=_TEXT),
    Form(parameters=_TITLE_ALONE, short=True, lacks=_ALL),
    Form(parameters=_LEAST, short=True, lacks=_ALL),
)


def forms_left(forms: Iterable[Form], refused: Form, refusal: Refusal) -> tuple[Form, ...]:
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


# --- reading ------------------------------------------------------------------------------------------------------

# 100 is what WordPress allows; themes and plugins lower it.
PER_PAGE = (100, 50, 20, 10, 5, 1)
# No excerpt and no content: either would make the site render every post.
LISTED = "id,date,date_gmt,modified_gmt,link,title,status,type,share_on_mastodon"
# What a user of the site sees as well, and nobody else.
_NOT_PUBLIC = frozenset({"draft", "pending", "future", "private", "trash", "auto-draft", "inherit"})
_RAW = "id,title.raw,excerpt.raw"
_GONE = "rest_post_invalid_id"
_FORBIDDEN = "rest_forbidden"
# So many answers that are no WordPress's, and no other, are enough.
_FEW_PAGES = 3


def fewer(per_page: int) -> int | None:
    """The next smaller number of posts to ask for on a page; None where there is none."""
    return next((number for number in PER_PAGE if number < per_page), None)


class Reader:
    """Reads the posts of one type of one site; may be used by several threads at once."""

    def __init__(self, client: Client, *, post_type: str) -> None:
        self._client = client
        self._post_type = post_type
        # What the site has been found to grant. Threads that find it out at the same time find the same.
        self._forms: tuple[Form, ...] = FORMS
        self._per_page = PER_PAGE[0]

    def is_public(self, found: Row | Record) -> bool:
        """Whether this is what was asked for. A row that doesn't say so is read by itself before it is shared."""
        return found.status in ("", "publish") and found.type in ("", self._post_type)

    def read(self, route: Route, post_id: int) -> Post:
        """Read one post, in the fullest form that the site grants.

        PostGoneError where it surely isn't public; SiteUnavailableError, that of the fullest form, where none is
        granted. A post without its text is believed where the fullest form is refused before and after.
        """
        forms = self._forms
        first: RefusedFormError | None = None
        while forms:
            try:
                post = self._read(route, post_id, forms[0])
            except RefusedFormError as error:
                first = first or error
                forms = forms_left(forms, forms[0], error.refusal)
                continue
            self._learn(forms)
            if forms[0].light:
                with suppress(RefusedFormError):
                    post = self._read(route, post_id, self._forms[0])
            return self._with_raw_texts(route, {post.id: post})[post.id]
        raise first or AssertionError("there is always a form to begin with")

    def without_text(self, route: Route, post_id: int) -> Post:
        """Read one post without its text, in the fullest such form that the site grants; raises what read() does."""
        refused: RefusedFormError | None = None
        for form in (form for form in FORMS if form.light):
            try:
                return self._read(route, post_id, form)
            except RefusedFormError as error:
                refused = refused or error
        raise refused or AssertionError("there is always a form to begin with")

    def several(self, route: Route, asked: Sequence[int]) -> dict[int, Post]:
        """The public ones of at most 100 posts, by id, in one request; where that is refused, each by itself."""
        parameters = {"include": ",".join(map(str, asked)), "per_page": str(len(asked))}
        address = route.all({"_fields": FIELDS, "_embed": EMBED, **parameters})
        try:
            _, found = self._client.ask(address, partial(_records, base=self._client.home))
        except RefusedFormError as error:
            if error.refusal is Refusal.NONE:
                raise
            return self._one_by_one(route, asked)
        return self._with_raw_texts(route, {one.post.id: one.post for one in found if self.is_public(one)})

    def rows(self, route: Route, asked: Sequence[int]) -> tuple[Row, ...]:
        """The rows of at most 100 posts, in several requests where the site gives or takes fewer at a time."""
        try:
            response, found = self._list(route, {"include": ",".join(map(str, asked))})
        except RefusedFormError as error:
            if error.refusal is not Refusal.LONG or len(asked) == 1:
                raise
            size = 10 if len(asked) > 10 else 1
            parts = (asked[first : first + size] for first in range(0, len(asked), size))
            return tuple(row for part in parts for row in self.rows(route, part))
        listed = {row.post.id for row in found}
        left = [number for number in asked if number not in listed]
        if not found or not left or _is_all(response, found):
            return found
        return (*found, *self.rows(route, left))

    def by_links(self, route: Route, links: Sequence[str]) -> dict[str, ListedPost]:
        """The public posts whose links these are, by link; in several requests where the site takes fewer at a time."""
        wanted = dict.fromkeys(slug for link in links for slug in slugs(link) if "," not in slug)
        if not wanted:
            return {}
        try:
            response, found = self._list(route, {"slug": ",".join(wanted)})
        except RefusedFormError as error:
            if error.refusal is not Refusal.LONG or len(links) == 1:
                raise
            return self._by_halves(route, links)
        public = [row.post for row in found if self.is_public(row)]
        by_link = {link: post for link in links for post in public if same_link(post.link, link)}
        left = [link for link in links if link not in by_link]
        if not found or not left or len(links) == 1 or _is_all(response, found):
            return by_link
        if not by_link:
            return self._by_halves(route, links)
        return by_link | self.by_links(route, left)  # they may be on the next page

    def _by_halves(self, route: Route, links: Sequence[str]) -> dict[str, ListedPost]:
        half = len(links) // 2
        return self.by_links(route, links[:half]) | self.by_links(route, links[half:])

    def _list(self, route: Route, which: Mapping[str, str]) -> tuple[Response, tuple[Row, ...]]:
        """The first page of the listing of some posts, as large as the site grants it."""
        per_page: int | None = self._per_page
        while per_page is not None:
            address = route.all({"_fields": LISTED, **which, "per_page": str(per_page)})
            try:
                answer = self._client.ask(address, lambda body: rows(load_list(body), base=self._client.home))
            except RefusedFormError as error:
                per_page = fewer(per_page) if error.refusal is Refusal.BAD_VALUE else None
                if per_page is None:
                    raise
            else:
                self._per_page = per_page
                return answer
        raise AssertionError("a size that isn't there was raised for")

    def _one_by_one(self, route: Route, asked: Sequence[int]) -> dict[int, Post]:
        """Those of the posts that can be read. Raises what the last one did where none can.

        Where the first few are answered by pages, so is everything: asking for the others would be a burden.
        """
        found: dict[int, Post] = {}
        refused: SiteUnavailableError | None = None
        pages = 0
        for post_id in asked:
            try:
                post = self.read(route, post_id)
            except PostGoneError:
                continue
            except RootMovedError:
                raise
            except RefusedFormError as error:
                refused = error
                pages += error.closed
                if pages == _FEW_PAGES and not found:
                    break
            else:
                found[post_id] = post
        if refused is not None and not found:
            raise refused
        return {number: post for number, post in found.items() if post.status == "publish"}

    def _with_raw_texts(self, route: Route, posts: dict[int, Post]) -> dict[int, Post]:
        """The posts with title and excerpt as their authors wrote them, where a user of the site may see that.

        Not of posts that aren't for everybody. Where it can't be had, the posts are as everybody reads them.
        """
        wanted = [number for number, post in posts.items() if not post.protected and not post.members_only]
        if self._client.login is None or not wanted:
            return posts
        include, many = ",".join(map(str, wanted)), str(len(wanted))
        address = route.all({"include": include, "context": "edit", "_fields": _RAW, "per_page": many})
        answer = self._client.get_as_user(address)
        if answer is None or not is_success(answer):
            return posts
        texts = raw_texts(self._client.understood(answer, load_list))
        return {number: with_raw(post, texts.get(number)) for number, post in posts.items()}

    def _learn(self, forms: tuple[Form, ...]) -> None:
        """Begin with this form from now on, where the site and not this post is why a fuller one was refused."""
        if not forms[0].light and not forms[0].listed:
            self._forms = forms

    def _read(self, route: Route, post_id: int, form: Form) -> Post:
        response = self._client.get(form.address(route, post_id))
        if not is_success(response):
            raise self._unread(response, route, post_id)
        found = self._of_list(response, post_id) if form.listed else self._of_object(response)
        if found.post.id != post_id:
            raise self._client.failed(response, f"answered with post {found.post.id} instead of {post_id}")
        if found.type not in ("", self._post_type) or found.status in _NOT_PUBLIC:
            raise self._gone(post_id)
        return replace(found.post, unread=form.lacks)

    def _of_object(self, response: Response) -> Record:
        return self._client.understood(response, lambda body: record(load_object(body), base=self._client.home))

    def _of_list(self, response: Response, post_id: int) -> Record:
        found = self._client.understood(response, partial(_records, base=self._client.home))
        if not found:
            # That it is missing there proves nothing: plugins hide posts from lists.
            said = f"site {self._client.site}: {display(response.url)} doesn't list post {post_id}"
            raise RefusedFormError(said, refusal=Refusal.NONE)
        return found[0]

    def _unread(self, response: Response, route: Route, post_id: int) -> PostGoneError | SiteUnavailableError:
        """The error that an answer to read() is, other than a 2xx."""
        code = error_code(response.body)
        if response.status == 404 and code == _GONE:
            return self._gone(post_id)
        if response.status in (401, 403) and code == _FORBIDDEN and not self._is_listed(route, post_id):
            return self._gone(post_id)
        return self._client.refusal(response)

    def _is_listed(self, route: Route, post_id: int) -> bool:
        """Whether the listing has this post. Raises where that is closed too: then nothing is certain.

        WordPress forbids to read a post that isn't public; plugins that close the whole API use the same code.
        """
        address = route.all({"include": str(post_id), "_fields": "id"})
        return bool(self._client.ask(address, lambda body: rows(load_list(body)))[1])

    def _gone(self, post_id: int) -> PostGoneError:
        return PostGoneError(f"site {self._client.site}: post {post_id} isn't public (any more)")


def _records(body: bytes, *, base: str) -> tuple[Record, ...]:
    return records(load_list(body), base=base)


def _is_all(response: Response, found: Sequence[Row]) -> bool:
    """Whether a first page is all of a listing: themes and plugins lower what it holds, and only the total tells."""
    return response.headers.get("x-wp-total") == str(len(found))
