"""Publishing and reading statuses on the sandbox's Mastodon."""

import threading
from typing import Any

import pytest

from bot.sandbox.faults import LoseAnswer
from bot.sandbox.images import png
from bot.sandbox.mastodon import SandboxMastodon
from bot.sandbox.mastodon_base import Idempotency
from tests.sandbox.faults import Delay
from tests.unit.sandbox.client import Form, HandClock, Reply, call, upload_body


def _publish(
    instance: SandboxMastodon,
    token: str,
    form: Form | str = "Hello",
    *,
    key: str = "",
    method: str = "POST",
    to: str = "",
) -> Reply:
    fields = {"status": form} if isinstance(form, str) else form
    headers = {"Idempotency-Key": key} if key else {}
    return call(f"{instance.url}/api/v1/statuses{to}", method, form=fields, token=token, headers=headers)


def _upload(instance: SandboxMastodon, token: str, description: str = "") -> str:
    reply = call(
        f"{instance.url}/api/v2/media", "POST", multipart=upload_body(png(), description=description), token=token
    )
    return str(reply.json()["id"])


def _list(instance: SandboxMastodon, query: str = "", *, token: str = "") -> list[dict[str, Any]]:
    account_id = instance.accounts["uk"].id
    rows: list[dict[str, Any]] = call(
        f"{instance.url}/api/v1/accounts/{account_id}/statuses?{query}", token=token
    ).json()
    return rows


def test_publishing(instance: SandboxMastodon, token: str) -> None:
    """A form with everything in it becomes a status, as the answer and the instance say."""
    media_id = _upload(instance, token, "Squares")
    form = [
        ("status", " Hello #Sea @uk https://example.com/ "),
        ("spoiler_text", "Careful"),
        ("visibility", "unlisted"),
        ("language", "de"),
        ("media_ids[]", media_id),
    ]

    entity = _publish(instance, token, form, key="k1").json()

    (status,) = instance.statuses
    assert ("Hello #Sea @uk https://example.com/", "Careful", "unlisted", "de", True) == (
        status.text,
        status.spoiler_text,
        status.visibility,
        status.language,
        status.sensitive,
    )
    assert ([media_id], "k1", "Sandbox", ("uk",)) == (
        [media.id for media in status.media],
        status.idempotency_key,
        status.application,
        status.mentions,
    )
    assert (status.id, f"{instance.url}/@uk/{status.id}") == (entity["id"], entity["url"])
    assert f"{instance.url}/users/uk/statuses/{status.id}" == entity["uri"]
    assert ("2026-06-01T10:00:00.000Z", None, None) == (entity["created_at"], entity["card"], entity["edited_at"])
    assert ["sea"] == [tag["name"] for tag in entity["tags"]]
    assert "Squares" == entity["media_attachments"][0]["description"]
    assert 'href="https://example.com/"' in entity["content"]


def test_json_works_too(instance: SandboxMastodon, token: str) -> None:
    """A JSON object is read as the form would be."""
    media_id = _upload(instance, token)
    body = {"status": "Hi", "media_ids": [media_id], "sensitive": True, "language": None, "poll": {"multiple": False}}

    reply = call(f"{instance.url}/api/v1/statuses", "POST", json_body=body, token=token)

    assert 200 == reply.status
    assert ("Hi", True, "en", 1) == (
        instance.statuses[0].text,
        instance.statuses[0].sensitive,
        instance.statuses[0].language,
        len(instance.statuses[0].media),
    )


@pytest.mark.parametrize(
    "form",
    [
        {"status": " "},
        {"status": "a" * 501},
        {"status": "a" * 400, "spoiler_text": "b" * 101},
        {"status": "a", "visibility": "friends"},
        {"status": "a", "media_ids[]": "9"},
        [("status", "a"), *[("media_ids[]", str(n)) for n in range(5)]],
        {"status": "a", "scheduled_at": "2026-06-02T10:00:00Z"},
        {"status": "Hi @eve", "allowed_mentions[]": "0"},
    ],
)
def test_what_is_refused(instance: SandboxMastodon, token: str, form: Form) -> None:
    """Each is a 422 with an error, and nothing is published."""
    instance.add_account("eve")

    reply = _publish(instance, token, form)

    assert (422, []) == (reply.status, instance.statuses)
    assert reply.json()["error"]


def test_what_is_not_refused(instance: SandboxMastodon, token: str) -> None:
    """500 characters, a strange language, a past schedule, a content warning alone, a mention that is allowed."""
    eve = instance.add_account("eve")
    eve_id = instance.accounts["eve"].id
    forms: list[Form] = [
        {"status": "a" * 500, "language": "klingon!"},
        {"status": "a", "scheduled_at": "2020-01-01T00:00:00Z"},
        {"status": "a", "scheduled_at": "tomorrow"},
        {"status": "", "spoiler_text": "Only this"},
        {"status": "@eve", "allowed_mentions[]": eve_id},
    ]

    assert [200] * 5 == [_publish(instance, token, form).status for form in forms]
    assert eve
    assert ("Only this", "") == (instance.statuses[3].text, instance.statuses[3].spoiler_text)


def test_a_hashtag_may_be_forbidden() -> None:
    """The whole status is refused; the refusal names the hashtag, in lower case."""
    with SandboxMastodon(forbidden_hashtags=["kites"]) as instance:
        token = instance.add_account("uk")

        refused = _publish(instance, token, {"status": "Look: #Kites #wind"})

        assert (422, []) == (refused.status, instance.statuses)
        assert refused.json()["error"].endswith("hashtag: kites")
        assert 200 == _publish(instance, token, {"status": "Look: kites #wind"}).status


def test_a_reply_needs_what_it_replies_to(instance: SandboxMastodon, token: str) -> None:
    """Unknown: 404."""
    first = _publish(instance, token).json()["id"]

    assert 200 == _publish(instance, token, {"status": "b", "in_reply_to_id": first}).status
    assert 404 == _publish(instance, token, {"status": "b", "in_reply_to_id": "9"}).status
    assert [first] == [one["id"] for one in _list(instance, "exclude_replies=1")]


def test_who_may_publish(instance: SandboxMastodon, token: str) -> None:
    """No token or a bad one: 401; without the scope or frozen: 403; an app's own token: 422."""
    reader = instance.add_account("uk", scopes=["read"])
    app_token = instance.issue(instance.tokens[token].app, ["write"], account=None)

    assert [401, 401, 403, 422, 200] == [
        _publish(instance, one).status for one in ("", "wrong", reader, app_token, token)
    ]
    instance.disable("uk")
    assert 403 == _publish(instance, token).status
    instance.enable("uk")
    instance.revoke(token)
    assert 401 == _publish(instance, token).status


# --- the idempotency key


def test_a_key_gives_the_same_status_for_an_hour(instance: SandboxMastodon, token: str, clock: HandClock) -> None:
    """Whatever the body; a second account's key is its own; after an hour there is a second status."""
    other = instance.add_account("other")
    first = _publish(instance, token, "One", key="k").json()["id"]

    assert first == _publish(instance, token, "Two", key="k").json()["id"]
    assert first != _publish(instance, other, "One", key="k").json()["id"]
    clock.forward(hours=1)
    assert first != _publish(instance, token, "One", key="k").json()["id"]


def test_a_key_shows_the_status_as_it_is_now(instance: SandboxMastodon, token: str) -> None:
    """Edited: the edit. Deleted: 404."""
    first = _publish(instance, token, "One", key="k").json()["id"]
    _publish(instance, token, "Edited", method="PUT", to=f"/{first}")
    assert "<p>Edited</p>" == _publish(instance, token, "One", key="k").json()["content"]

    _publish(instance, token, {}, method="DELETE", to=f"/{first}")

    assert 404 == _publish(instance, token, "One", key="k").status


def test_a_key_of_a_failure_is_free(instance: SandboxMastodon, token: str) -> None:
    """A refused request leaves nothing behind."""
    assert 422 == _publish(instance, token, " ", key="k").status

    assert 200 == _publish(instance, token, "Hello", key="k").status


def test_a_key_after_a_lost_answer(instance: SandboxMastodon, token: str) -> None:
    """The status that the client never heard of is the one that it gets."""
    instance.faults.add(match="POST */statuses", fault=LoseAnswer(), times=1)
    with pytest.raises(ConnectionError):
        _publish(instance, token, key="k")

    assert instance.statuses[0].id == _publish(instance, token, key="k").json()["id"]


def test_a_key_in_many_hands(instance: SandboxMastodon, token: str) -> None:
    """Twenty at once with one key make one status."""
    everybody_is_here = threading.Event()
    arrived = threading.Semaphore(0)
    instance.on_request = lambda _: arrived.release()
    instance.faults.add(fault=Delay(everybody_is_here))
    ids: list[str] = []
    threads = [
        threading.Thread(target=lambda: ids.append(_publish(instance, token, key="k").json()["id"])) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert arrived.acquire(timeout=20)
    everybody_is_here.set()
    for thread in threads:
        thread.join()

    assert ([instance.statuses[0].id] * 20, 1) == (ids, len(instance.statuses))


def test_a_key_without_a_lock(clock: HandClock) -> None:
    """Mastodon up to 4.5: what comes in while the first request still runs makes a second status."""
    with SandboxMastodon(idempotency="1h-unlocked", now=clock) as instance:
        token = instance.add_account("uk")
        released, arrived = threading.Event(), threading.Event()
        instance.on_request = lambda _: arrived.set()
        instance.faults.add(fault=Delay(released), times=1)
        first = threading.Thread(target=_publish, args=(instance, token), kwargs={"key": "k"})
        first.start()
        assert arrived.wait(20)
        second = _publish(instance, token, key="k").json()["id"]
        released.set()
        first.join()

        assert 2 == len(instance.statuses)
        assert instance.statuses[1].id == _publish(instance, token, key="k").json()["id"] != second


@pytest.mark.parametrize(
    ("idempotency", "expected", "published"),
    [
        ("1h", [200, 200], 1),
        ("1h-unlocked", [200, 200], 1),
        ("none", [200, 200], 2),
        ("replay-500", [200, 500], 1),
        ("replay-400", [200, 400], 1),
        ("replay-cached", [200, 200], 1),
    ],
)
def test_other_servers_keys(clock: HandClock, idempotency: Idempotency, expected: list[int], published: int) -> None:
    """Each kind of server does something else with a repeated key."""
    with SandboxMastodon(idempotency=idempotency, now=clock) as instance:
        token = instance.add_account("uk")

        assert expected == [_publish(instance, token, key="k").status for _ in range(2)]
        assert published == len(instance.statuses)


def test_a_poisoned_key(clock: HandClock) -> None:
    """Pixelfed refuses a key whose first request failed."""
    with SandboxMastodon(idempotency="replay-400", now=clock) as instance:
        token = instance.add_account("uk")

        assert [422, 400] == [_publish(instance, token, text, key="k").status for text in (" ", "Hello")]


def test_a_cached_failure(clock: HandClock) -> None:
    """Pleroma gives a failure again, to anybody, for six hours."""
    with SandboxMastodon(idempotency="replay-cached", now=clock) as instance:
        tokens = [instance.add_account("uk"), instance.add_account("eve")]

        assert [422, 422] == [_publish(instance, token, " ", key="k").status for token in tokens]
        clock.forward(hours=6)
        assert 200 == _publish(instance, tokens[0], "Hello", key="k").status


def test_a_status_that_is_dropped(clock: HandClock) -> None:
    """Antispam answers as if all were well, and keeps nothing."""
    with SandboxMastodon(drops=["casino"], now=clock) as instance:
        token = instance.add_account("uk")
        reply = _publish(instance, token, "The casino")

        assert (200, []) == (reply.status, instance.statuses)
        assert 404 == call(f"{instance.url}/api/v1/statuses/{reply.json()['id']}").status


# --- limits


def test_the_limit_of_statuses(clock: HandClock) -> None:
    """The headers count down; what is one too many is a 429 without effect; the next window is fresh."""
    with SandboxMastodon(statuses_limit=2, now=clock) as instance:
        token = instance.add_account("uk")
        replies = [_publish(instance, token) for _ in range(3)]

        assert [200, 200, 429] == [reply.status for reply in replies]
        assert [("2", "1"), ("2", "0"), ("2", "0")] == [
            (reply.headers["X-RateLimit-Limit"], reply.headers["X-RateLimit-Remaining"]) for reply in replies
        ]
        assert "2026-06-01T12:00:00.000000Z" == replies[0].headers["X-RateLimit-Reset"]
        assert (2, None) == (len(instance.statuses), replies[2].headers["Retry-After"])
        clock.forward(hours=2)
        assert 200 == _publish(instance, token).status


def test_edits_and_boosts_count_too(clock: HandClock) -> None:
    """All three are of one family."""
    with SandboxMastodon(statuses_limit=1, now=clock) as instance:
        token = instance.add_account("uk")
        first = _publish(instance, token).json()["id"]

        assert 429 == _publish(instance, token, "Edited", method="PUT", to=f"/{first}").status
        assert 429 == _publish(instance, token, {}, to=f"/{first}/reblog").status
        assert "Hello" == instance.statuses[0].text


def test_the_limit_of_requests(clock: HandClock) -> None:
    """Every call with a token counts, and says what is left; it can be switched off."""
    with SandboxMastodon(requests_limit=1, now=clock) as instance:
        token = instance.add_account("uk")
        url = f"{instance.url}/api/v1/accounts/verify_credentials"
        replies = [call(url, token=token) for _ in range(2)]
        assert [(200, "0"), (429, "0")] == [(one.status, one.headers["X-RateLimit-Remaining"]) for one in replies]
    with SandboxMastodon(requests_limit=5, now=clock) as instance:
        assert "4" == _publish(instance, instance.add_account("uk")).headers["X-RateLimit-Remaining"]
    with SandboxMastodon(requests_limit=None, statuses_limit=None, now=clock) as instance:
        token = instance.add_account("uk")
        assert _publish(instance, token).headers["X-RateLimit-Limit"] is None


# --- one status


def test_reading_a_status(instance: SandboxMastodon, token: str) -> None:
    """A public one by anybody, a private one by its author; the source has the text as it was sent."""
    public = _publish(instance, token, "a & b").json()["id"]
    private = _publish(instance, token, {"status": "mine", "visibility": "private"}).json()["id"]
    base = f"{instance.url}/api/v1/statuses"

    assert [200, 404, 200, 404] == [
        call(f"{base}/{public}").status,
        call(f"{base}/{private}").status,
        call(f"{base}/{private}", token=token).status,
        call(f"{base}/9").status,
    ]
    assert {"id": public, "text": "a & b", "spoiler_text": ""} == call(f"{base}/{public}/source", token=token).json()
    assert 401 == call(f"{base}/{public}/source").status


def test_an_edit_replaces_everything(instance: SandboxMastodon, token: str, clock: HandClock) -> None:
    """What isn't sent is removed, media too; the language stays; a description can change with its file."""
    media_id = _upload(instance, token, "Squares")
    added = _upload(instance, token)
    form = {"status": "One", "spoiler_text": "Careful", "language": "de", "media_ids[]": media_id}
    to = f"/{_publish(instance, token, form).json()['id']}"
    clock.forward(minutes=1)

    changes = [
        ("status", "Two"),
        ("media_ids[]", media_id),
        ("media_ids[]", added),
        ("media_attributes[][id]", media_id),
        ("media_attributes[][description]", "Chequers"),
    ]
    kept = _publish(instance, token, changes, method="PUT", to=to).json()
    bare = _publish(instance, token, "Three", method="PUT", to=to).json()

    assert ([media_id, added], "Chequers", "", False, "de") == (
        [media["id"] for media in kept["media_attachments"]],
        kept["media_attachments"][0]["description"],
        kept["spoiler_text"],
        kept["sensitive"],
        kept["language"],
    )
    assert ([], "<p>Three</p>", "2026-06-01T10:01:00.000Z") == (
        bare["media_attachments"],
        bare["content"],
        bare["edited_at"],
    )


def test_an_edits_history(instance: SandboxMastodon, token: str, clock: HandClock) -> None:
    """Every edition, the first one first."""
    to = f"/{_publish(instance, token, 'One').json()['id']}"
    clock.forward(minutes=1)
    _publish(instance, token, {"status": "Two", "spoiler_text": "Careful"}, method="PUT", to=to)

    editions = call(f"{instance.url}/api/v1/statuses{to}/history").json()

    assert [
        ("<p>One</p>", "", False, "2026-06-01T10:00:00.000Z"),
        ("<p>Two</p>", "Careful", True, "2026-06-01T10:01:00.000Z"),
    ] == [(one["content"], one["spoiler_text"], one["sensitive"], one["created_at"]) for one in editions]
    assert 404 == call(f"{instance.url}/api/v1/statuses/7/history").status


def test_an_edited_status_may_move(clock: HandClock) -> None:
    """As on snac: another id and url afterwards; under the old id there is nothing."""
    with SandboxMastodon(now=clock, moves_edited=True) as instance:
        token = instance.add_account("uk")
        before = _publish(instance, token, "One").json()
        after = _publish(instance, token, "Two", method="PUT", to=f"/{before['id']}").json()

        assert before["id"] != after["id"]
        assert after["url"].endswith(after["id"])
        assert 404 == call(f"{instance.url}/api/v1/statuses/{before['id']}").status
        assert ["Two"] == [status.text for status in instance.statuses]


def test_the_limit_of_deletions(clock: HandClock) -> None:
    """In half an hour; nothing is deleted beyond it."""
    with SandboxMastodon(now=clock, deletes_limit=1) as instance:
        token = instance.add_account("uk")
        ids = [_publish(instance, token).json()["id"] for _ in range(2)]
        codes = [_publish(instance, token, {}, method="DELETE", to=f"/{one}").status for one in ids]

        assert ([200, 429], 1) == (codes, len(instance.statuses))
        clock.forward(minutes=30)
        assert 200 == _publish(instance, token, {}, method="DELETE", to=f"/{ids[1]}").status


def test_who_has_boosted(instance: SandboxMastodon, token: str) -> None:
    """A status says to each reader whether that one has boosted it; a bad token reads nothing."""
    status_id = _publish(instance, token).json()["id"]
    _publish(instance, token, {}, to=f"/{status_id}/reblog")
    tokens = (token, instance.add_account("eve"), "")
    read = [call(f"{instance.url}/api/v1/statuses/{status_id}", token=one).json()["reblogged"] for one in tokens]

    assert [True, False, False] == read
    assert 401 == call(f"{instance.url}/api/v1/statuses/{status_id}", token="wrong").status


def test_only_the_author_edits(instance: SandboxMastodon, token: str) -> None:
    """For others the status isn't there."""
    status_id = _publish(instance, token).json()["id"]

    assert 404 == _publish(instance, instance.add_account("eve"), method="PUT", to=f"/{status_id}").status


def test_deleting(instance: SandboxMastodon, token: str) -> None:
    """The answer has the text; the file can be used again unless it goes too; a second time it is a 404."""
    media_id = _upload(instance, token)
    form = {"status": "One", "media_ids[]": media_id}
    first = _publish(instance, token, form).json()["id"]
    _publish(instance, token, {}, to=f"/{first}/reblog")

    gone = _publish(instance, token, {}, method="DELETE", to=f"/{first}")

    assert ("One", []) == (gone.json()["text"], instance.statuses)
    assert 2 == len(instance.deleted)
    assert 404 == _publish(instance, token, {}, method="DELETE", to=f"/{first}").status
    second = _publish(instance, token, form).json()["id"]
    call(f"{instance.url}/api/v1/statuses/{second}?delete_media=true", "DELETE", token=token)
    assert [] == instance.media


def test_boosting(instance: SandboxMastodon, token: str) -> None:
    """Boosting twice gives one boost; a boost can be left out of the list and taken back."""
    status_id = _publish(instance, token).json()["id"]
    boosts = [_publish(instance, token, {}, to=f"/{status_id}/reblog").json() for _ in range(2)]

    assert boosts[0]["id"] == boosts[1]["id"] != status_id == boosts[0]["reblog"]["id"]
    assert [boosts[0]["id"], status_id] == [one["id"] for one in _list(instance)]
    assert [status_id] == [one["id"] for one in _list(instance, "exclude_reblogs=1")]
    for _ in range(2):
        assert status_id == _publish(instance, token, {}, to=f"/{status_id}/unreblog").json()["id"]
    assert [status_id] == [one["id"] for one in _list(instance)]


# --- the account's list


def test_pages_of_an_accounts_statuses(instance: SandboxMastodon, token: str) -> None:
    """Newest first; below, just above, or above an id; 20 unless asked, 40 at most."""
    ids = [_publish(instance, token, str(number)).json()["id"] for number in range(45)]

    def listed(query: str) -> list[str]:
        return [status["id"] for status in _list(instance, query)]

    assert ids == sorted(ids, key=int)
    assert ids[:24:-1] == listed("")
    assert ids[:4:-1] == listed("limit=80")
    assert ids[9:7:-1] == listed(f"limit=2&max_id={ids[10]}")
    assert [ids[12], ids[11]] == listed(f"limit=2&min_id={ids[10]}")
    assert [ids[44], ids[43]] == listed(f"limit=2&since_id={ids[10]}")


def test_the_links_of_a_list(instance: SandboxMastodon, token: str) -> None:
    """The Link header leads on; an empty list has none."""
    account_id = instance.accounts["uk"].id
    url = f"{instance.url}/api/v1/accounts/{account_id}/statuses"
    assert call(url).headers["Link"] is None
    status_id = _publish(instance, token).json()["id"]

    link = call(url).headers["Link"]

    assert f'<{url}?limit=20&max_id={status_id}>; rel="next", <{url}?limit=20&min_id={status_id}>; rel="prev"' == link


def test_who_sees_what(instance: SandboxMastodon, token: str) -> None:
    """The author sees all, others what is public; a token without the scope sees nothing."""
    for visibility in ("public", "unlisted", "private", "direct"):
        _publish(instance, token, {"status": f"{visibility} #Sea", "visibility": visibility})
    other, writer = instance.add_account("eve"), instance.add_account("uk", scopes=["write"])
    account_id = instance.accounts["uk"].id

    assert [4, 2, 2] == [len(_list(instance, token=one)) for one in (token, other, "")]
    assert 403 == call(f"{instance.url}/api/v1/accounts/{account_id}/statuses", token=writer).status
    assert 404 == call(f"{instance.url}/api/v1/accounts/9/statuses").status
    assert [4, 0, 0, 0] == [
        len(_list(instance, query, token=token)) for query in ("tagged=sea", "tagged=land", "only_media=1", "pinned=1")
    ]


def test_pages_for_people(instance: SandboxMastodon, token: str) -> None:
    """Profile and status show text, image and description, escaped; every link can be followed."""
    media_id = _upload(instance, token, 'A "board"')
    text = "<script> http://127.0.0.1:9/post"
    form = {"status": text, "spoiler_text": "Careful & slow", "media_ids[]": media_id}
    status_id = _publish(instance, token, form).json()["id"]
    _publish(instance, token, {}, to=f"/{status_id}/reblog")
    _publish(instance, token, form, method="PUT", to=f"/{status_id}")
    profile, single = call(f"{instance.url}/@uk").text(), call(f"{instance.url}/@uk/{status_id}").text()

    for shown in (profile, single):
        assert '<a href="http://127.0.0.1:9/post"' in shown
        assert "<script>" not in shown
        assert 'alt="A &quot;board&quot;"' in shown
        assert "Careful &amp; slow" in shown
    assert "uk boosted" in profile
    assert "<details>" not in call(f"{instance.url}/@uk/{_publish(instance, token).json()['id']}").text()
    assert '<a href="/@uk">' in call(instance.url + "/").text()
    assert [404, 404, 404] == [call(instance.url + path).status for path in ("/@eve", "/@uk/9", f"/@eve/{status_id}")]
    assert "No posts yet" in _profile_of_nobody(instance)


def _profile_of_nobody(instance: SandboxMastodon) -> str:
    instance.add_account("nobody")
    return call(f"{instance.url}/@nobody").text()
