"""The sandbox's WordPress with an author who also schedules, changes and removes posts."""

from dataclasses import replace
from datetime import datetime
from typing import Unpack
from zoneinfo import ZoneInfo

from bot.sandbox.wordpress import SandboxWordPress
from bot.sandbox.wordpress_content import assign, column
from bot.sandbox.wordpress_posts import Post, PostFields


class EditableWordPress(SandboxWordPress):
    """A small WordPress whose posts change as WordPress changes them in its columns; each is one step to readers."""

    def schedule(self, at: datetime, **fields: Unpack[PostFields]) -> int:
        """Add a post that becomes visible at the first run_cron() after that instant. Its modified date is now."""
        with self.lock:
            fields["date"] = at
            fields["status"] = "future"
            post_id = self.publish(**fields)
            self._touch(self.posts[post_id])
            return post_id

    def run_cron(self) -> list[int]:
        """Publish what is due, as a visitor's request would; neither date changes. Returns the ids, oldest first."""
        with self.lock:
            now = column(self.now())
            due = [post for post in self.posts.values() if post.status == "future" and post.date_gmt <= now]
            for post in due:
                post.status = "publish"
            return [post.id for post in sorted(due, key=lambda post: post.date_gmt)]

    def edit(self, post_id: int, /, **fields: Unpack[PostFields]) -> None:
        """Change fields of a post; modified becomes now. Everything but the id may change; raw is added to."""
        with self.lock:
            post = self.posts[post_id]
            assign(post, fields)
            self.relate(post, fields)
            post.raw.update(fields.get("raw", {}))
            date = fields.get("date")
            if date is not None:
                self.set_date(post, date)
            if "status" in fields:
                self._change_status(post, fields["status"])
            self.attach_image(post, fields)
            self._touch(post)

    def trash(self, post_id: int) -> None:
        """Bin a post: it is gone from listings, and 401 by itself."""
        with self.lock:
            post = self.posts[post_id]
            post.status = "trash"
            post.slug += "__trashed"
            self._touch(post)

    def untrash(self, post_id: int) -> None:
        """Take a post out of the bin; as a draft, since WordPress 5.6."""
        with self.lock:
            post = self.posts[post_id]
            post.status = "draft"
            post.slug = post.slug.removesuffix("__trashed")
            self._touch(post)

    def publish_now(self, post_id: int) -> None:
        """Publish a draft, a private or a scheduled post: the first date is kept, an open one becomes now."""
        with self.lock:
            post = self.posts[post_id]
            self._change_status(post, "publish")
            self._touch(post)

    def delete(self, post_id: int) -> None:
        """Delete a post for good: 404 from now on."""
        with self.lock:
            del self.posts[post_id]

    def delete_media(self, media_id: int) -> None:
        """Delete an attachment behind the back of the posts that show it."""
        with self.lock:
            del self.media[media_id]

    def hide_media(self, media_id: int) -> None:
        """Make an attachment unreadable, as one that hangs on a draft is."""
        with self.lock:
            self.media[media_id] = replace(self.media[media_id], public=False)

    def set_timezone(self, timezone: str) -> None:
        """Change the site's time zone. The posts' columns are not rewritten: WordPress doesn't either."""
        with self.lock:
            self.zone = ZoneInfo(timezone)

    def _change_status(self, post: Post, status: str) -> None:
        if status == "publish" and post.floating:
            self.set_date(post, self.now())
            post.floating = False
        post.status = status

    def _touch(self, post: Post) -> None:
        post.modified, post.modified_gmt = self.columns(self.now())
