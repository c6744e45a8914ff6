"""Where a site has its REST API: found, remembered, and found anew where it has moved.

WordPress names its root on every page, in a `Link` header and a <link> element: only so are sites in a subfolder, on
another host, or without pretty permalinks found for certain. The usual places are tried where it is silent.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Protocol, TypeVar
from urllib.parse import urlsplit, urlunsplit

from bot.errors import SiteUnavailableError
from bot.wordpress.client import Client, Refusal, RefusedFormError, RootMovedError, is_success
from bot.wordpress.http import HTML, Response, UnaskedError, UnreachableError, display
from bot.wordpress.page_head import links
from bot.wordpress.parse import post_id
from bot.wordpress.payload import UnreadableError, complaint, load_list, load_object
from bot.wordpress.routes import above, as_root, below, is_hosted, is_plain, join, same_host, with_parameters

T = TypeVar("T")
_REL = "https://api.w.org/"
_NAMESPACE = "wp/v2"
_POSTS = "wp/v2/posts"
_SHORT = {"_fields": "name,namespaces"}
# Where WordPress.com has the REST roots of the sites that it hosts.
_HOSTED_ROOTS = "https://public-api.wordpress.com/wp/v2/sites/"
# A page that names more roots than a header and a <link> would send howdah anywhere, as often as it likes.
_MOST_NAMED = 3


class RootMemory(Protocol):
    """Keeps one site's REST root from one run to the next. Its own errors go through to whoever asked the site."""

    def load(self) -> str:
        """The root that was saved last; '' where there is none."""
        ...

    def save(self, root: str) -> None:
        """Keep a root; '' forgets it."""
        ...


class ProcessMemory:
    """Keeps a root no longer than this process runs."""

    def __init__(self, root: str = "") -> None:
        self._root = root

    def load(self) -> str:
        """The root that was saved last; '' where there is none."""
        return self._root

    def save(self, root: str) -> None:
        """Keep a root; '' forgets it."""
        self._root = root


class Root:
    """One site's REST root; may be used by several threads at once, which may then both look for it.

    Args:
        find: looks for the root; raises SiteUnavailableError where there is none.
        memory: keeps it.
    """

    def __init__(self, find: Callable[[], str], memory: RootMemory) -> None:
        self._find = find
        self._memory = memory
        self._known: str | None = None

    def ask(self, question: Callable[[str], T]) -> T:
        """Ask something at the root; where there is no API any more, find the root anew and ask once more.

        Raises what looking for the root and the question raise.
        """
        known = self._memory.load() if self._known is None else self._known
        if known:
            self._known = known
            try:
                return question(known)
            except RootMovedError:
                self._keep("")
        return question(self.find())

    @property
    def known(self) -> str:
        """The root that was used last; '' before the first question."""
        return self._known or ""

    def find(self) -> str:
        """Find the root, whatever is remembered, and remember it."""
        root = self._find()
        self._keep(root)
        return root

    def _keep(self, root: str) -> None:
        if root != self._known:
            self._memory.save(root)
            self._known = root


def find_root(client: Client, url: str) -> str:
    """The REST root of the site at this address: the first place that proves to be one.

    SiteUnavailableError where the site can't be reached; where no place is one a RefusedFormError, which is one too and
    says what each of them did, or that WordPress refuses.
    """
    page = _front_page(client, url)
    secure = urlsplit(page.url).scheme == "https"
    places = dict.fromkeys(filter(None, (_secured(place, secure) for place in _places(url, page))))
    problems: list[SiteUnavailableError] = []
    for place in places:
        try:
            return _confirmed(client, place)
        except SiteUnavailableError as error:
            problems.append(error)
            if isinstance(error, RefusedFormError) and error.refusal is Refusal.CLOSED:
                # WordPress itself refuses: to try its other addresses would be to go around that.
                raise RefusedFormError(str(error), refusal=Refusal.NONE, closed=error.closed) from error
    said = "; ".join(str(problem).removeprefix(f"site {client.site}: ") for problem in problems)
    raise RefusedFormError(
        f"site {client.site}: no WordPress REST API found at {display(url)}: {said}",
        refusal=Refusal.NONE,
        closed=all(isinstance(problem, RefusedFormError) and problem.closed for problem in problems),
        retry_after=page.retry_after,
    )


def _front_page(client: Client, url: str) -> Response:
    """The site's page; an empty one where nothing can be made of it: the REST API may work all the same."""
    try:
        page = client.get(url, accept=HTML)
    except SiteUnavailableError as error:
        if isinstance(error.__cause__, UnreachableError | UnaskedError):
            raise
        return Response(url=url, status=310, headers={}, body=b"")
    if page.status == 429 or (page.status >= 500 and page.retry_after is not None):
        raise client.refusal(page)
    return page


def _places(url: str, page: Response) -> Iterator[str]:
    """Where the root may be, the likeliest first."""
    named = (with_parameters(as_root(link.target), url) for link in links(page) if link.rel == _REL)
    yield from islice(dict.fromkeys(filter(None, named)), _MOST_NAMED)
    base = above(as_root(_redirected(url, page.url)))
    if is_plain(base) or is_hosted(base) or urlsplit(base).path.endswith("/wp-json/"):
        yield base
        return
    yield below(base, "wp-json/")
    yield below(base, "", "/")
    yield below(base, "index.php", "/")
    host = urlsplit(base).hostname or ""
    if host.endswith(".wordpress.com"):
        yield f"{_HOSTED_ROOTS}{host}/"


def _redirected(url: str, page_url: str) -> str:
    """The site's address as its page's redirects have it: with their scheme, and with "www." or without."""
    here, there = urlsplit(url), urlsplit(page_url)
    return urlunsplit(here._replace(scheme=there.scheme, netloc=there.netloc)) if same_host(url, page_url) else url


def _secured(place: str, secure: bool) -> str:
    """A place of a site that is read over https: sites behind a proxy often give their own address as http."""
    return place.replace("http://", "https://", 1) if secure and place.startswith("http://") else place


def _confirmed(client: Client, place: str) -> str:
    """The root that answered at a place, after its redirects; SiteUnavailableError where it is none."""
    for fields in (_SHORT, {}):  # some firewalls take `_fields` amiss
        response = client.get(join(place, "", fields))
        if is_success(response) and _is_index(response):
            return as_root(response.url)
        if response.status != 403:
            break
    posts = client.get(join(place, _POSTS, {"_fields": "id", "per_page": "1"}))
    if is_success(posts) and _is_listing(posts):
        return _moved_with(place, posts.url)
    if not is_success(response):
        raise client.refusal(response)
    said = complaint(response.body)
    clause = f"is no REST index ({said})" if said else "is no REST index"
    raise RefusedFormError(f"site {client.site}: {display(response.url)} {clause}", refusal=Refusal.NONE, closed=True)


def _moved_with(place: str, url: str) -> str:
    """The root above the address that the redirects of its posts led to; the place itself where they led elsewhere."""
    address = as_root(url)
    head, found, tail = address.partition("posts/" if is_hosted(address) else f"{_POSTS}/")
    return as_root(head + tail) if found else place


def announced(body: bytes) -> frozenset[str]:
    """The namespaces that a REST index announces; UnreadableError where it names none: that doesn't mean none."""
    named = load_object(body).get("namespaces")
    if not isinstance(named, list):
        raise UnreadableError("answered with an index that has no namespaces")
    return frozenset(name for name in named if isinstance(name, str))


def _is_index(response: Response) -> bool:
    try:
        return _NAMESPACE in announced(response.body)
    except UnreadableError:
        return False


def _is_listing(response: Response) -> bool:
    try:
        return all(post_id(value) for value in load_list(response.body))
    except UnreadableError:
        return False
