"""Media and instance documents of the sandbox's Mastodon."""

import pytest

from bot.sandbox.images import mime_type, png, png_size
from bot.sandbox.mastodon import SandboxMastodon
from tests.unit.sandbox.client import HandClock, Reply, call, upload_body


def _upload(instance: SandboxMastodon, token: str, data: bytes, *, version: int = 2, **fields: str) -> Reply:
    return call(f"{instance.url}/api/v{version}/media", "POST", multipart=upload_body(data, **fields), token=token)


@pytest.mark.parametrize("version", [1, 2])
def test_an_upload(instance: SandboxMastodon, token: str, version: int) -> None:
    """An image is ready at once; its bytes, size and description are kept."""
    data = png(40, 20)

    reply = _upload(instance, token, data, version=version, description="Squares", focus="0.0,0.5")

    entity = reply.json()
    assert (200, "image", "Squares", 40) == (
        reply.status,
        entity["type"],
        entity["description"],
        entity["meta"]["original"]["width"],
    )
    assert data == call(entity["url"]).body
    assert ("30", "29") == (reply.headers["X-RateLimit-Limit"], reply.headers["X-RateLimit-Remaining"])
    assert "0.0,0.5" == instance.media[0].focus


def test_processing(clock: HandClock) -> None:
    """Until it is processed the url is null, 202 and 206 are answered, and it can't be attached."""
    with SandboxMastodon(media_processing_polls=2, now=clock) as instance:
        token = instance.add_account("uk")
        first = _upload(instance, token, png())
        url = f"{instance.url}/api/v1/media/{first.json()['id']}"
        form = {"status": "a", "media_ids[]": first.json()["id"]}
        early = call(f"{instance.url}/api/v1/statuses", "POST", form=form, token=token)
        replies = [call(url, token=token) for _ in range(3)]

        assert (202, None, 422) == (first.status, first.json()["url"], early.status)
        assert [206, 206, 200] == [reply.status for reply in replies]
        assert [True, True, False] == [reply.json()["url"] is None for reply in replies]
        instance.media[0].failed = True
        assert 422 == call(url, token=token).status


def test_an_attached_file_is_gone(instance: SandboxMastodon, token: str) -> None:
    """404 by itself, and 422 where it is attached again: the sign that the first attempt succeeded."""
    media_id = _upload(instance, token, png()).json()["id"]
    url = f"{instance.url}/api/v1/media/{media_id}"
    assert [200, 404] == [call(url, token=one).status for one in (token, instance.add_account("eve"))]
    form = {"status": "a", "media_ids[]": media_id}

    statuses = [call(f"{instance.url}/api/v1/statuses", "POST", form=form, token=token).status for _ in range(2)]

    assert ([200, 422], 404) == (statuses, call(url, token=token).status)


def test_what_moves_goes_alone(instance: SandboxMastodon, token: str) -> None:
    """A GIF in a loop becomes a video, and no file goes along with a video."""
    ids = [_upload(instance, token, data).json()["id"] for data in (b"GIF89a NETSCAPE2.0", png())]
    url = f"{instance.url}/api/v1/statuses"

    both = call(url, "POST", form=[("status", "a"), *(("media_ids[]", one) for one in ids)], token=token)
    alone = call(url, "POST", form={"status": "a", "media_ids[]": ids[0]}, token=token)

    assert [422, 200] == [both.status, alone.status]


def test_describing(instance: SandboxMastodon, token: str) -> None:
    """The description can come later, or not at all."""
    url = f"{instance.url}/api/v1/media/{_upload(instance, token, png()).json()['id']}"

    assert "Squares" == call(url, "PUT", form={"description": "Squares"}, token=token).json()["description"]
    assert "Squares" == call(url, "PUT", form={"focus": "1,1"}, token=token).json()["description"]


def test_what_is_refused(instance: SandboxMastodon, token: str) -> None:
    """Junk, nothing, too long a description, too big a file, a missing scope."""
    reader = instance.add_account("uk", scopes=["read"])

    assert [422, 422, 422, 403, 401] == [
        _upload(instance, token, b"junk").status,
        _upload(instance, token, png(), description="a" * 1501).status,
        _upload(instance, token, png() + b"\0" * 16 * 1024 * 1024).status,
        _upload(instance, reader, png()).status,
        _upload(instance, "", png()).status,
    ]
    assert 422 == call(f"{instance.url}/api/v2/media", "POST", form={"description": "a"}, token=token).status
    assert (
        422 == call(f"{instance.url}/api/v2/media", "POST", multipart=(b"", "multipart/form-data"), token=token).status
    )
    assert 404 == call(f"{instance.url}/system/media_attachments/9").status


def test_the_limit_of_uploads(clock: HandClock) -> None:
    """One too many is a 429 until the half-hour is over."""
    with SandboxMastodon(media_limit=1, now=clock) as instance:
        token = instance.add_account("uk")

        assert [200, 429] == [_upload(instance, token, png()).status for _ in range(2)]
        clock.forward(minutes=30)
        assert 200 == _upload(instance, token, png()).status


@pytest.mark.parametrize(
    ("version", "api_version", "description_limit"),
    [("4.2.9", None, None), ("4.3.0", 2, None), ("4.4.0", 6, 1500), ("4.5.0", 7, 1500), ("4.6.1", 11, 10_000)],
)
def test_the_instance_says_what_it_allows(version: str, api_version: int | None, description_limit: int | None) -> None:
    """v1 and v2 have the limits; the api version and the description's limit came with time."""
    with SandboxMastodon(version=version, max_characters=1000, max_media_attachments=6) as instance:
        two, one = (call(f"{instance.url}/api/v{number}/instance").json() for number in (2, 1))

        for document in (one, two):
            statuses = document["configuration"]["statuses"]
            assert (version, 1000, 6, 23) == (
                document["version"],
                statuses["max_characters"],
                statuses["max_media_attachments"],
                statuses["characters_reserved_per_url"],
            )
            assert description_limit == document["configuration"]["media_attachments"].get("description_limit")
        assert api_version == two.get("api_versions", {}).get("mastodon")


def test_nodeinfo() -> None:
    """The software's name is two steps away."""
    with SandboxMastodon(software="gotosocial", version="0.20.0") as instance:
        (link,) = call(f"{instance.url}/.well-known/nodeinfo").json()["links"]

        assert {"name": "gotosocial", "version": "0.20.0"} == call(link["href"]).json()["software"]


def test_images() -> None:
    """The first bytes tell what an image is."""
    known = [png(), b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"RIFF\0\0\0\0WAVE"]

    assert ["image/png", "image/jpeg", "image/gif", "image/webp", ""] == [mime_type(data) for data in known]
    assert [(3, 5), (0, 0)] == [png_size(data) for data in (png(3, 5), b"GIF89a")]
