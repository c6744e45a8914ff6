"""A stage whose posts have several images, and what hangs on its statuses."""

from msgspec.structs import replace

from bot.domain.models import MediaFile, Share
from tests.unit.crosspost.stage import PNG, Stage

GIF = b"GIF89a NETSCAPE2.0"
MORE = "https://news.example/wp-content/uploads/more"


def on_stage(**account) -> Stage:
    """A stage whose account takes four images of a post."""
    stage = Stage(account={"max_images": 4, **account})
    stage.first_look()
    return stage


def shared(stage: Stage, *files: bytes, focus: tuple[float, float] | None = None) -> Share:
    """Share a post with these images, the first of them featured; named 0, 1, 2 in their alternative texts."""
    post_id = stage.publish(image=(files[0], "0"))
    post = stage.site.posts[post_id]
    assert post.image is not None
    addresses = [post.image.sizes[0].url, *(f"{MORE}/{number}.png" for number in range(1, len(files)))]
    for address, data in zip(addresses, files, strict=True):
        kind = "image/gif" if data.startswith(b"GIF") else "image/png"
        stage.site.images[address] = MediaFile(data=data, mime_type=kind)
    content = "".join(f'<img src="{address}" alt="{number}">' for number, address in enumerate(addresses))
    stage.site.edit(post_id, replace(post, content=content, image=replace(post.image, focus=focus)))
    stage.collect()
    stage.attend()
    return stage.share(post_id)


def png(number: int) -> bytes:
    """A picture unlike the others."""
    return PNG + bytes([number])


def attached(stage: Stage) -> list[str]:
    """The alternative texts of what hangs on the newest status."""
    return [stage.account.media[one].description for one in stage.account.statuses[-1].media_ids]


def notes(stage: Stage) -> list[str]:
    """What the history says of images that were left out."""
    return [attempt.detail for attempt in stage.attempts(1) if (attempt.step, attempt.outcome) == ("image", "left out")]
