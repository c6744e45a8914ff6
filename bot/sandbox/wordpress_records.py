"""The records of the WordPress REST API, in the shape of WordPress 6.8 to 7.1."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.wordpress_posts import Author, Media, Post, Term, excerpt_of, paragraphs, texturize

Record = dict[str, Any]
_CURIES = [{"name": "wp", "href": "https://api.w.org/{rel}", "templated": True}]
_SIZES = (("medium", 300), ("large", 1024), ("thumbnail", 150), ("medium_large", 768))
_IMAGE_META = {
    "aperture": "0",
    "credit": "",
    "camera": "",
    "caption": "",
    "created_timestamp": "0",
    "copyright": "",
    "focal_length": "0",
    "iso": "0",
    "shutter_speed": "0",
    "title": "",
    "orientation": "0",
    "keywords": [],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Makes the records of one site: url is the site's, plugin whether Share on Mastodon adds its field.

    ticked_since: of posts after this date_gmt the plugin's box is ticked.
    links_any_media: WordPress before 7.0 links an image that is gone or not public; later ones leave the link out.
    """

    url: str
    plugin: bool
    links_any_media: bool
    terms: Mapping[int, Term]
    media: Mapping[int, Media]
    ticked_since: str = ""

    def api(self, route: str) -> str:
        """The address of a route."""
        return f"{self.url}/wp-json/wp/v2/{route}"

    def link(self, post: Post) -> str:
        """A post's permalink."""
        return self.url + post.path

    def post(self, post: Post) -> Record:
        """A post in the full shape; what `raw` overrides comes last."""
        protected = bool(post.password)
        content = "" if protected else paragraphs(post.content)
        excerpt = "" if protected else excerpt_of(post)
        record: Record = {
            "id": post.id,
            "date": post.date,
            "date_gmt": post.date_gmt,
            "guid": {"rendered": self.link(post)},
            "modified": post.modified,
            "modified_gmt": post.modified_gmt,
            "slug": post.slug,
            "status": post.status,
            "type": "post",
            "link": self.link(post),
            "title": {"rendered": texturize(post.title).strip()},
            "content": {"rendered": content, "protected": protected},
            "excerpt": {"rendered": excerpt, "protected": protected},
            "author": post.author,
            "featured_media": post.featured_media,
            "comment_status": "open",
            "ping_status": "open",
            "sticky": post.sticky,
            "template": "",
            "format": "standard",
            "meta": self._meta(post),
            "categories": post.categories,
            "tags": post.tags,
            "class_list": self._classes(post),
        }
        if self.plugin or post.share_on_mastodon is not None:
            record["share_on_mastodon"] = dict(post.share_on_mastodon or {"url": "", "error": ""})
        if post.lang:
            record["lang"] = post.lang
        record["_links"] = self._post_links(post)
        return record | {name: value for name, value in post.raw.items() if name != "_embedded"}

    def media_record(self, media: Media) -> Record:
        """An attachment as it is embedded."""
        source = self.upload(media.file)
        record: Record = {
            "id": media.id,
            "date": media.date,
            "slug": f"image-{media.id}",
            "type": "attachment",
            "link": f"{self.url}/image-{media.id}/",
            "title": {"rendered": f"Image {media.id}"},
            "author": 1,
            "featured_media": 0,
            "caption": {"rendered": paragraphs(media.caption)},
            "alt_text": media.alt_text,
            "media_type": "image",
            "mime_type": media.mime_type,
            "media_details": self._details(media),
            "source_url": source,
            "_links": {
                "self": [{"href": self.api(f"media/{media.id}"), "targetHints": {"allow": ["GET"]}}],
                "collection": [{"href": self.api("media")}],
                "about": [{"href": self.api("types/attachment")}],
                "author": [{"embeddable": True, "href": self.api("users/1")}],
                "replies": [{"embeddable": True, "href": self.api(f"comments?post={media.id}")}],
            },
        }
        if media.focal_point is not None:
            record["focal_point"] = dict(zip("xy", media.focal_point, strict=True))
        return record

    def term(self, term: Term) -> Record:
        """A category or a tag as it is embedded."""
        base = "categories" if term.taxonomy == "category" else "tags"
        folder = "category" if term.taxonomy == "category" else "tag"
        return {
            "id": term.id,
            "link": f"{self.url}/{folder}/{term.slug}/",
            "name": term.name,
            "slug": term.slug,
            "taxonomy": term.taxonomy,
            "_links": {
                "self": [{"href": self.api(f"{base}/{term.id}"), "targetHints": {"allow": ["GET"]}}],
                "collection": [{"href": self.api(base)}],
                "about": [{"href": self.api(f"taxonomies/{term.taxonomy}")}],
                "wp:post_type": [{"href": self.api(f"posts?{base}={term.id}")}],
                "curies": _CURIES,
            },
        }

    def author(self, author: Author) -> Record:
        """A user as it is embedded."""
        return {
            "id": author.id,
            "name": author.name,
            "url": "",
            "description": "",
            "link": f"{self.url}/author/{author.slug}/",
            "slug": author.slug,
            "avatar_urls": {},
            "_links": {
                "self": [{"href": self.api(f"users/{author.id}"), "targetHints": {"allow": ["GET"]}}],
                "collection": [{"href": self.api("users")}],
            },
        }

    def upload(self, file: str) -> str:
        """The address of an uploaded file."""
        return f"{self.url}/wp-content/uploads/{file}"

    def _meta(self, post: Post) -> Record:
        """The meta that readers see; what the author wrote for the status is there where the plugin is told to ask."""
        ticked = post.date_gmt > self.ticked_since
        shared = {"_share_on_mastodon": "1" if ticked else "0"} if self.plugin else {}
        written = {"_share_on_mastodon_status": post.share_text, "_share_on_mastodon_cw": post.share_cw}
        return {"footnotes": ""} | shared | {name: text for name, text in written.items() if text}

    def _classes(self, post: Post) -> list[str]:
        classes = [f"post-{post.id}", "post", "type-post", f"status-{post.status}", "format-standard"]
        classes += ["has-post-thumbnail"] if post.featured_media else []
        classes += ["post-password-required"] if post.password else []
        classes += ["hentry"]
        classes += [f"category-{self.terms[term].slug}" for term in post.categories if term in self.terms]
        return classes + [f"tag-{self.terms[term].slug}" for term in post.tags if term in self.terms]

    def _post_links(self, post: Post) -> Record:
        own = f"posts/{post.id}"
        links: Record = {
            "self": [{"href": self.api(own), "targetHints": {"allow": ["GET"]}}],
            "collection": [{"href": self.api("posts")}],
            "about": [{"href": self.api("types/post")}],
            "author": [{"embeddable": True, "href": self.api(f"users/{post.author}")}],
            "replies": [{"embeddable": True, "href": self.api(f"comments?post={post.id}")}],
            "version-history": [{"count": 0, "href": self.api(f"{own}/revisions")}],
        }
        media = self.media.get(post.featured_media)
        if post.featured_media and (self.links_any_media or (media and media.public)):
            address = self.api(f"media/{post.featured_media}")
            links["wp:featuredmedia"] = [{"embeddable": True, "href": address}]
        return links | {
            "wp:attachment": [{"href": self.api(f"media?parent={post.id}")}],
            "wp:term": [
                {"taxonomy": "category", "embeddable": True, "href": self.api(f"categories?post={post.id}")},
                {"taxonomy": "post_tag", "embeddable": True, "href": self.api(f"tags?post={post.id}")},
            ],
            "curies": _CURIES,
        }

    def _details(self, media: Media) -> Record:
        """Sizes as WordPress cuts them: only those narrower than the original; none for what it can't measure."""
        if not media.width:
            return {}
        stem, _, ending = media.file.rpartition(".")
        name = media.file.rpartition("/")[2]
        sizes: Record = {}
        for size, width in _SIZES:
            if width < media.width:
                height = width if size == "thumbnail" else max(1, media.height * width // media.width)
                file = f"{stem}-{width}x{height}.{ending}"
                sizes[size] = self._size(file, width=width, height=height, mime_type=media.mime_type)
        full = {"file": name, "width": media.width, "height": media.height, "mime_type": media.mime_type}
        sizes["full"] = full | {"source_url": self.upload(media.file)}
        return {
            "width": media.width,
            "height": media.height,
            "file": media.file,
            "filesize": len(media.data),
            "sizes": sizes,
            "image_meta": _IMAGE_META,
        }

    def _size(self, file: str, *, width: int, height: int, mime_type: str) -> Record:
        return {
            "file": file.rpartition("/")[2],
            "width": width,
            "height": height,
            "mime_type": mime_type,
            "source_url": self.upload(file),
        }
