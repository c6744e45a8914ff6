"""Where a site has its REST API. Nothing is remembered here.

WordPress names its root on every page, in a `Link` header and a <link> element: only so are sites in a subfolder, on
another host, or without pretty permalinks found for certain. The usual places are tried where it is silent.
"""

from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from bot.errors import SiteUnavailableError
from bot.wordpress.client import Client, is_success
from bot.wordpress.http import HTML, Response, display
from bot.wordpress.linking import links
from bot.wordpress.parse import post_id
from bot.wordpress.payload import UnreadableError, load_list, load_object
from bot.wordpress.routes import as_root, is_plain, join

_REL = "https://api.w.org/"
_NAMESPACE = "wp/v2"
_POSTS = "wp/v2/posts"
# A page that names more roots than a header and a <link> would send howdah anywhere, as often as it likes.
_MOST_NAMED = 3


def find_root(client: Client, url: str) -> str:
    """The REST root of the site at this address: the first place that proves to be one.

    SiteUnavailableError where the site can't be reached, or no place is one; it says what each of them did.
    """
    page = client.get(url, accept=HTML)
    if page.status == 429 or page.status >= 500:
        raise client.refusal(page)
    secure = urlsplit(page.url).scheme == "https"
    places = dict.fromkeys(filter(None, (_secured(place, secure) for place in _places(url, page))))
    problems: list[str] = []
    for place in places:
        try:
            return _confirmed(client, place)
        except SiteUnavailableError as error:
            problems.append(str(error).removeprefix(f"site {client.site}: "))
    raise SiteUnavailableError(
        f"site {client.site}: no WordPress REST API found at {display(url)}: {'; '.join(problems)}",
        retry_after=page.retry_after,
    )


def _places(url: str, page: Response) -> Iterator[str]:
    """Where the root may be, the likeliest first."""
    named = (as_root(link.target) for link in links(page) if link.rel == _REL)
    yield from islice(dict.fromkeys(filter(None, named)), _MOST_NAMED)
    base = as_root(url)
    if is_plain(base) or base.endswith("/wp-json/"):
        yield base
        return
    yield f"{base}wp-json/"
    yield f"{base}?rest_route=/"
    yield f"{base}index.php?rest_route=/"


def _secured(place: str, secure: bool) -> str:
    """A place of a site that is read over https: sites behind a proxy often give their own address as http."""
    return place.replace("http://", "https://", 1) if secure and place.startswith("http://") else place


def _confirmed(client: Client, place: str) -> str:
    """The root that answered at a place, after its redirects; SiteUnavailableError where it is none."""
    response = client.get(join(place, "", {"_fields": "name,namespaces"}))
    if is_success(response) and _is_index(response):
        return as_root(response.url)
    posts = client.get(join(place, _POSTS, {"_fields": "id", "per_page": "1"}))
    if is_success(posts) and _is_listing(posts):
        return place
    raise client.refusal(response) if not is_success(response) else client.failed(response, "is no REST index")


def _is_index(response: Response) -> bool:
    try:
        namespaces = load_object(response.body).get("namespaces")
    except UnreadableError:
        return False
    return isinstance(namespaces, list) and _NAMESPACE in namespaces


def _is_listing(response: Response) -> bool:
    try:
        return all(post_id(value) for value in load_list(response.body))
    except UnreadableError:
        return False
