"""What the tests of following have in common: an author who edits, and looks at what was shared."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from bot.crosspost.follow import follow
from bot.domain.models import Attempt, Followed, Image, ImageSize, MediaFile, Share
from bot.domain.policy import OnDelete, OnEdit
from bot.sandbox.images import png
from tests.makers import DAY, MINUTE, SECOND
from tests.unit.crosspost.stage import Stage

EDIT, DELETE = {"on_edit": OnEdit.EDIT}, {"on_delete": OnDelete.DELETE}


BOTH = EDIT | DELETE


LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)


def stage_of(**account: Any) -> Stage:
    """A context whose first look is done, with an account of this kind."""
    made = Stage(account=account)
    made.first_look()
    return made


def edit(stage: Stage, post_id: int, **fields: Any) -> None:
    """An author edits a post, a second later."""
    stage.pass_time(SECOND)
    post = stage.site.posts[post_id]
    stage.site.edit(post_id, replace(post, **{"modified_at": stage.clock.now(), **fields}))


def boat(stage: Stage) -> Image:
    """Another featured image."""
    url = "https://news.example/wp-content/uploads/boat.png"
    stage.site.images[url] = MediaFile(data=png(20, 20), mime_type="image/png")
    return Image(sizes=(ImageSize(url=url, mime_type="image/png"),), alt="A boat")


def look(stage: Stage, *, after: timedelta = 5 * MINUTE) -> tuple[Share, ...]:
    """Follow, so much later."""
    stage.pass_time(after)
    return follow(stage.context, "uk")


def followed(stage: Stage, post_id: int) -> Followed:
    """What is remembered of following a post: read as what will be due one day."""
    one_day = stage.clock.now() + 3650 * DAY
    due = stage.store.to_follow("uk", sites=("uk",), since=LONG_AGO, now=one_day, limit=100)
    [found] = [one for share, one in due if share.post_id == post_id]
    return found


def nothing(post_ids: Collection[int]) -> tuple[()]:
    """A site's list with nothing in it."""
    return ()


def killed(*_arguments: object, **_named: object) -> None:
    """The process ends here."""
    raise KeyboardInterrupt


def last(stage: Stage, post_id: int) -> Attempt:
    """The last line of a share's history."""
    return stage.attempts(post_id)[-1]
