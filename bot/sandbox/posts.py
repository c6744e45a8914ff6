"""Sample posts for the demo and the tests, in our own words, with what real posts have in the way of oddities."""

from datetime import UTC, datetime
from typing import Any

from bot.sandbox.images import png
from bot.sandbox.wordpress_posts import PostFields

SHARED_ID = 393174
_SHARED_URL = "https://instance.example/@uk/115137451526585835"
_SITE = "https://news.example/uk"


def sample_posts() -> list[PostFields]:
    """Eight posts to publish one after the other: `site.publish(**post)`. The last was shared already."""
    return [
        _orchard(),
        _ferry(),
        _quotes(),
        _aside(),
        _long_title(),
        _languages(),
        _protected(),
        shared_post(),
    ]


def shared_post(site_url: str = _SITE) -> PostFields:
    """A post that Share on Mastodon shared already, with every oddity of a busy multisite behind a scraper.

    class_list is an object with a hole, comment_status is empty, the excerpt has no <p>, guid is the link, images
    have no file name extension, stray words stick to a heading. site_url is where its links point; the record has no
    embeds but those it links to.
    """
    link = f"{site_url}/{SHARED_ID}/"
    return {
        "id": SHARED_ID,
        "title": "Harbour towns' quieter way to bring the night boats in is spreading along the coast",
        "date": datetime(2025, 9, 3, 0, 6, 13, tzinfo=UTC),
        "path": f"/{SHARED_ID}/",
        "slug": "harbour-towns-quieter-way-to-bring-the-night-boats-in-is-spreading-along-the-coast",
        "author": (2, "Desk"),
        "categories": [(7655, "Coast")],
        "tags": _shared_tags(),
        "image": (png(320, 180, colour=(20, 90, 130)), "A pilot boat with dimmed lamps beside a long pier"),
        "share_on_mastodon": {"url": _SHARED_URL, "error": ""},
        "raw": _shared_record(site_url, link),
    }


def _orchard() -> PostFields:
    return {
        "title": "The orchard opens its gates on Saturday",
        "excerpt": "Forty kinds of apple, a press to turn by hand, and cider for those who walked here.",
        "content": "Forty kinds of apple wait in the grass.\n\nBring a basket, and somebody to carry it.",
        "tags": ["Apples", "Village life"],
        "categories": ["Outdoors"],
        "image": (png(400, 240, colour=(70, 130, 60)), "Baskets of red and yellow apples under a tree"),
    }


def _ferry() -> PostFields:
    return {
        "title": "Ferry timetable: what changes in spring",
        "content": " ".join(f"The {hour} o'clock boat leaves from the north quay." for hour in range(6, 20)),
        "tags": ["Ferry"],
        "categories": ["Transport", "Coast"],
        "image": (png(1200, 675, colour=(30, 80, 160)), ""),
        "caption": "The north quay in March, with the new signs",
        "focal_point": (0.25, 0.5),
    }


def _quotes() -> PostFields:
    return {
        "title": '"It\'s only rain" & other things the lifeguards say -- a small collection...',
        "excerpt": '<p>Ask <a href="/team">the team</a> on the beach & they won\'t stop. '
        '<a class="more-link" href="/more">Continue reading</a></p>\n',
        "tags": ["Beach & sea", "C++", "2026"],
        "image": (png(96, 96, colour=(180, 120, 40)), 'A board that says "no swimming" & means it'),
    }


def _aside() -> PostFields:
    return {"title": "", "content": "A note without a title: the heron is back on the mill pond."}


def _long_title() -> PostFields:
    return {
        "title": "Everything that the council decided, put off, took back and decided again " * 6,
        "excerpt": "One evening, nine votes, and a motion about benches that nobody wanted to be the first to close.",
        "tags": ["Council"],
    }


def _languages() -> PostFields:
    return {
        "title": "Grüße aus Łódź, 東京 und القاهرة 🎈",
        "excerpt": "Postkarten, die ankamen – 三枚, and one that @nobody wrote. Mail us at desk@news.example.",
        "tags": ["Überall", "旅行"],
        "lang": "de",
        "image": (png(200, 200, colour=(190, 60, 90)), "Three postcards: a tower 🗼, a river, a canal"),
    }


def _protected() -> PostFields:
    return {"title": "Minutes for members", "content": "Only for those who know the word.", "password": "a-word"}


def _shared_tags() -> list[tuple[int, str]]:
    names = "Boats, Harbour, Night work, Noise, Pilot boats, Ports, Quiet hours, Sea, Shipping, Tides, Towns"
    ids = (77783, 1395, 29515, 30368, 37917, 6660, 332, 525, 5203, 333, 1773)
    return list(zip(ids, names.split(", "), strict=True))


def _shared_record(site_url: str, link: str) -> dict[str, Any]:
    api = f"{site_url}/wp-json/wp/v2"
    own = f"{api}/posts/{SHARED_ID}"
    slugs = [name.lower().replace(" ", "-") for _, name in _shared_tags()]
    classes = [f"post-{SHARED_ID}", "post", "type-post", "status-publish", "format-standard", "has-post-thumbnail"]
    numbered = dict(enumerate(classes)) | dict(enumerate(["category-coast", *(f"tag-{slug}" for slug in slugs)], 7))
    return {
        "guid": {"rendered": link},
        "link": link,
        "content": {"rendered": _shared_content(site_url), "protected": False},
        "excerpt": {
            "rendered": "The boats still come at two in the morning. What&#8217;s gone is the horn, and with it most "
            "of the letters to the harbour office&hellip;\n",
            "protected": False,
        },
        "comment_status": "",
        "ping_status": "",
        "meta": {"footnotes": ""},
        "class_list": {str(number): name for number, name in numbered.items()},
        "_links": _shared_links(api, own),
    }


def _shared_links(api: str, own: str) -> dict[str, Any]:
    return {
        "self": [{"href": own, "targetHints": {"allow": ["GET"]}}],
        "collection": [{"href": f"{api}/posts"}],
        "about": [{"href": f"{api}/types/post"}],
        "author": [{"embeddable": True, "href": f"{api}/users/2"}],
        "replies": [{"embeddable": True, "href": f"{api}/comments?post={SHARED_ID}"}],
        "version-history": [{"count": 0, "href": f"{own}/revisions"}],
        "wp:featuredmedia": [{"embeddable": True, "href": f"{api}/media/{SHARED_ID + 1}"}],
        "wp:attachment": [{"href": f"{api}/media?parent={SHARED_ID}"}],
        "wp:term": [
            {"taxonomy": "category", "embeddable": True, "href": f"{api}/categories?post={SHARED_ID}"},
            {"taxonomy": "post_tag", "embeddable": True, "href": f"{api}/tags?post={SHARED_ID}"},
        ],
        "curies": [{"name": "wp", "href": "https://api.w.org/{rel}", "templated": True}],
    }


def _shared_content(site_url: str) -> str:
    """Content as a scraper leaves it: hashed class names, images without an extension, loose captions and headings."""
    return "".join(
        (
            _paragraph("The boats still come at two in the morning."),
            _paragraph("What&#8217;s gone is the horn, and with it most of the letters to the harbour office."),
            _image(f"{site_url}/wp-content/uploads/2025/09/0f3c9a71d2b84e65", "Two lamps at the end of a breakwater"),
            _caption("The breakwater before sunrise. (Desk: own picture)"),
            _paragraph(
                "A pilot and a lamp do the work now \u2014 and a list on the quay says "
                '<a class="Link_link__q3" href="https://tides.example/tonight" target="_blank" rel="noopener">'
                "who is due and when.</a>"
            ),
            "<p>LoadingWhat the crews think of it</p>\n",
            _paragraph("&#8220;You see more once nobody shouts,&#8221; says a mate who has done both."),
            _image(f"{site_url}/wp-content/uploads/2025/09/b7741e0d95aa4c12", "A hand on a brass dimmer"),
            "<p>\u00a0</p>\n",
            _paragraph("Next winter two more towns want to try it \u2026 if the fog allows."),
        )
    )


def _paragraph(text: str) -> str:
    return f'<p class="paragraph_paragraph__q0">{text}</p>\n'


def _caption(text: str) -> str:
    return f'<p class="Typography_base__q1 FigureCaption_text__q2" data-component="Typography">{text}</p>\n'


def _image(source: str, alt: str) -> str:
    return (
        f'<p><img decoding="async" alt="{alt}" class="Image_image__q4"  src="{source}" loading="lazy" '
        'data-component="Image" data-lazy="true"/></p>\n'
    )
