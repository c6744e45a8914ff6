"""The pages of the sandbox's WordPress that people and feed readers see."""

import hashlib
import html
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime

from bot.sandbox.messages import Answer, Request, html_answer
from bot.sandbox.wordpress_posts import Post, excerpt_of, paragraphs, texturize

_HEAD = (
    '<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="UTF-8">'
    '<meta name="viewport" content="width=device-width"><title>{title}</title>{links}'
    "<style>body{{font:1.05rem/1.6 Georgia,serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#222}}"
    "h1,h2{{line-height:1.25}}a{{color:#0a58ca}}img{{max-width:100%;height:auto}}time{{color:#666}}</style></head>"
    "<body>{body}</body></html>\n"
)
_FEED_HEAD = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
\txmlns:content="http://purl.org/rss/1.0/modules/content/"
\txmlns:dc="http://purl.org/dc/elements/1.1/"
\txmlns:atom="http://www.w3.org/2005/Atom"
\t>

<channel>
"""


def page(title: str, body: str, *, language: str, links: str = "") -> str:
    """A page of the theme."""
    return _HEAD.format(language=html.escape(language), title=html.escape(title), links=links, body=body)


def front_body(title: str, entries: Iterable[tuple[str, Post]]) -> str:
    """The list of posts, each with its link."""
    items = "".join(
        f'<article><h2><a href="{html.escape(link)}">{texturize(post.title) or "(no title)"}</a></h2>'
        f"<time>{post.date.replace('T', ' ')}</time>{'' if post.password else excerpt_of(post)}</article>"
        for link, post in entries
    )
    return f"<h1>{html.escape(title)}</h1>{items or '<p>Nothing here yet.</p>'}"


def post_body(post: Post, *, image: str, alt: str) -> str:
    """A post by itself; one with a password asks for it."""
    if post.password:
        return f"<h1>Protected: {texturize(post.title)}</h1><p>This content is password protected.</p>"
    picture = f'<p><img src="{html.escape(image)}" alt="{html.escape(alt)}"></p>' if image else ""
    text = paragraphs(post.content) or excerpt_of(post)
    return f"<h1>{texturize(post.title)}</h1><time>{post.date.replace('T', ' ')}</time>{picture}{text}"


def not_found_page(title: str, *, language: str) -> Answer:
    """The theme's 404."""
    return html_answer(page(f"Page not found – {title}", "<h1>Page not found</h1>", language=language), status=404)


def feed(
    request: Request,
    *,
    title: str,
    url: str,
    language: str,
    posts: Sequence[tuple[Post, str, list[str]]],
    newest: str,
) -> Answer:
    """RSS 2.0 of posts, each with its author's name and its terms' names; 304 where the client has this state.

    newest is the newest publication or change in UTC: it makes both validators, which says nothing certain about
    whether there is a new post. Where a client sends both, both must match, the ETag to the letter.
    """
    instant = format_datetime(datetime.fromisoformat(newest).replace(tzinfo=UTC), usegmt=True)
    etag = f'"{hashlib.md5(instant.encode(), usedforsecurity=False).hexdigest()}"'
    validators = (("Last-Modified", instant), ("ETag", etag))
    if _unchanged(request, etag=etag, newest=newest):
        return Answer(status=304, headers=validators)
    items = "".join(_item(post, url=url, author=author, terms=terms) for post, author, terms in posts)
    text = (
        f"{_FEED_HEAD}\t<title>{html.escape(title)}</title>\n"
        f'\t<atom:link href="{url}/feed/" rel="self" type="application/rss+xml" />\n\t<link>{url}</link>\n'
        f"\t<lastBuildDate>{_rfc822(newest)}</lastBuildDate>\n\t<language>{html.escape(language)}</language>\n"
        f"{items}</channel>\n</rss>\n"
    )
    headers = (("Content-Type", "application/rss+xml; charset=UTF-8"), *validators)
    return Answer(body=text.encode(), headers=headers)


def _unchanged(request: Request, *, etag: str, newest: str) -> bool:
    known, since = request.header("if-none-match"), request.header("if-modified-since")
    if not known and not since:
        return False
    return (not known or known == etag) and (not since or _since(since) >= newest)


def _since(text: str) -> str:
    """If-Modified-Since as a column's text; '' where it makes no sense."""
    try:
        return datetime.strptime(text, "%a, %d %b %Y %H:%M:%S %Z").replace(tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%S")
    except ValueError:
        return ""


def _item(post: Post, *, url: str, author: str, terms: list[str]) -> str:
    link = html.escape(url + post.path)
    body = "There is no excerpt because this is a protected post." if post.password else paragraphs(post.content)
    excerpt = body if post.password else re.sub(r"</?p>", "", excerpt_of(post)).strip()
    categories = "".join(f"\t\t<category><![CDATA[{term}]]></category>\n" for term in terms)
    return (
        f"\t<item>\n\t\t<title>{html.escape(html.unescape(texturize(post.title)), quote=False)}</title>\n"
        f"\t\t<link>{link}</link>\n\t\t<dc:creator><![CDATA[{author}]]></dc:creator>\n"
        f"\t\t<pubDate>{_rfc822(post.date_gmt)}</pubDate>\n{categories}"
        f'\t\t<guid isPermaLink="false">{html.escape(url)}/?p={post.id}</guid>\n'
        f"\t\t<description><![CDATA[{excerpt}]]></description>\n"
        f"\t\t<content:encoded><![CDATA[{body}]]></content:encoded>\n\t</item>\n"
    )


def _rfc822(column: str) -> str:
    return format_datetime(datetime.fromisoformat(column).replace(tzinfo=UTC))
