"""Publishing and reading statuses on the sandbox's Mastodon."""

import pytest

from bot.sandbox.mastodon import SandboxMastodon
from tests.unit.sandbox.client import Form, HandClock, call, publish, statuses_of, upload


def test_publishing(instance: SandboxMastodon, token: str) -> None:
    """A form with everything in it becomes a status, as the answer and the instance say."""
    media_id = upload(instance, token, "Squares")
    form = [
        ("status", " Hello #Sea @uk https://example.com/ "),
        ("spoiler_text", "Careful"),
        ("visibility", "unlisted"),
        ("language", "de"),
        ("media_ids[]", media_id),
    ]

    entity = publish(instance, token, form, key="k1").json()

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
    media_id = upload(instance, token)
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

    reply = publish(instance, token, form)

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

    assert [200] * 5 == [publish(instance, token, form).status for form in forms]
    assert eve
    assert ("Only this", "") == (instance.statuses[3].text, instance.statuses[3].spoiler_text)


def test_a_hashtag_may_be_forbidden() -> None:
    """The whole status is refused; the refusal names the hashtag, in lower case."""
    with SandboxMastodon(forbidden_hashtags=["kites"]) as instance:
        token = instance.add_account("uk")

        refused = publish(instance, token, {"status": "Look: #Kites #wind"})

        assert (422, []) == (refused.status, instance.statuses)
        assert refused.json()["error"].endswith("hashtag: kites")
        assert 200 == publish(instance, token, {"status": "Look: kites #wind"}).status


def test_a_reply_needs_what_it_replies_to(instance: SandboxMastodon, token: str) -> None:
    """Unknown: 404."""
    first = publish(instance, token).json()["id"]

    assert 200 == publish(instance, token, {"status": "b", "in_reply_to_id": first}).status
    assert 404 == publish(instance, token, {"status": "b", "in_reply_to_id": "9"}).status
    assert [first] == [one["id"] for one in statuses_of(instance, "exclude_replies=1")]


def test_who_may_publish(instance: SandboxMastodon, token: str) -> None:
    """No token or a bad one: 401; without the scope or frozen: 403; an app's own token: 422."""
    reader = instance.add_account("uk", scopes=["read"])
    app_token = instance.issue(instance.tokens[token].app, ["write"], account=None)

    assert [401, 401, 403, 422, 200] == [
        publish(instance, one).status for one in ("", "wrong", reader, app_token, token)
    ]
    instance.disable("uk")
    assert 403 == publish(instance, token).status
    instance.enable("uk")
    instance.revoke(token)
    assert 401 == publish(instance, token).status


# --- limits


def test_the_limit_of_statuses(clock: HandClock) -> None:
    """The headers count down; what is one too many is a 429 without effect; the next window is fresh."""
    with SandboxMastodon(statuses_limit=2, now=clock) as instance:
        token = instance.add_account("uk")
        replies = [publish(instance, token) for _ in range(3)]

        assert [200, 200, 429] == [reply.status for reply in replies]
        assert [("2", "1"), ("2", "0"), ("2", "0")] == [
            (reply.headers["X-RateLimit-Limit"], reply.headers["X-RateLimit-Remaining"]) for reply in replies
        ]
        assert "2026-06-01T12:00:00.000000Z" == replies[0].headers["X-RateLimit-Reset"]
        assert (2, None) == (len(instance.statuses), replies[2].headers["Retry-After"])
        clock.forward(hours=2)
        assert 200 == publish(instance, token).status


def test_edits_and_boosts_count_too(clock: HandClock) -> None:
    """All three are of one family."""
    with SandboxMastodon(statuses_limit=1, now=clock) as instance:
        token = instance.add_account("uk")
        first = publish(instance, token).json()["id"]

        assert 429 == publish(instance, token, "Edited", method="PUT", to=f"/{first}").status
        assert 429 == publish(instance, token, {}, to=f"/{first}/reblog").status
        assert "Hello" == instance.statuses[0].text


def test_the_limit_of_requests(clock: HandClock) -> None:
    """Every call with a token counts, and says what is left; it can be switched off."""
    with SandboxMastodon(requests_limit=1, now=clock) as instance:
        token = instance.add_account("uk")
        url = f"{instance.url}/api/v1/accounts/verify_credentials"
        replies = [call(url, token=token) for _ in range(2)]
        assert [(200, "0"), (429, "0")] == [(one.status, one.headers["X-RateLimit-Remaining"]) for one in replies]
    with SandboxMastodon(requests_limit=5, now=clock) as instance:
        assert "4" == publish(instance, instance.add_account("uk")).headers["X-RateLimit-Remaining"]
    with SandboxMastodon(requests_limit=None, statuses_limit=None, now=clock) as instance:
        token = instance.add_account("uk")
        assert publish(instance, token).headers["X-RateLimit-Limit"] is None


# --- one status


def test_reading_a_status(instance: SandboxMastodon, token: str) -> None:
    """A public one by anybody, a private one by its author; the source has the text as it was sent."""
    public = publish(instance, token, "a & b").json()["id"]
    private = publish(instance, token, {"status": "mine", "visibility": "private"}).json()["id"]
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
    media_id = upload(instance, token, "Squares")
    added = upload(instance, token)
    form = {"status": "One", "spoiler_text": "Careful", "language": "de", "media_ids[]": media_id}
    to = f"/{publish(instance, token, form).json()['id']}"
    clock.forward(minutes=1)

    changes = [
        ("status", "Two"),
        ("media_ids[]", media_id),
        ("media_ids[]", added),
        ("media_attributes[][id]", media_id),
        ("media_attributes[][description]", "Chequers"),
    ]
    kept = publish(instance, token, changes, method="PUT", to=to).json()
    bare = publish(instance, token, "Three", method="PUT", to=to).json()

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
    to = f"/{publish(instance, token, 'One').json()['id']}"
    clock.forward(minutes=1)
    publish(instance, token, {"status": "Two", "spoiler_text": "Careful"}, method="PUT", to=to)

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
        before = publish(instance, token, "One").json()
        after = publish(instance, token, "Two", method="PUT", to=f"/{before['id']}").json()

        assert before["id"] != after["id"]
        assert after["url"].endswith(after["id"])
        assert 404 == call(f"{instance.url}/api/v1/statuses/{before['id']}").status
        assert ["Two"] == [status.text for status in instance.statuses]


def test_the_limit_of_deletions(clock: HandClock) -> None:
    """In half an hour; nothing is deleted beyond it."""
    with SandboxMastodon(now=clock, deletes_limit=1) as instance:
        token = instance.add_account("uk")
        ids = [publish(instance, token).json()["id"] for _ in range(2)]
        codes = [publish(instance, token, {}, method="DELETE", to=f"/{one}").status for one in ids]

        assert ([200, 429], 1) == (codes, len(instance.statuses))
        clock.forward(minutes=30)
        assert 200 == publish(instance, token, {}, method="DELETE", to=f"/{ids[1]}").status


def test_who_has_boosted(instance: SandboxMastodon, token: str) -> None:
    """A status says to each reader whether that one has boosted it; a bad token reads nothing."""
    status_id = publish(instance, token).json()["id"]
    publish(instance, token, {}, to=f"/{status_id}/reblog")
    tokens = (token, instance.add_account("eve"), "")
    read = [call(f"{instance.url}/api/v1/statuses/{status_id}", token=one).json()["reblogged"] for one in tokens]

    assert [True, False, False] == read
    assert 401 == call(f"{instance.url}/api/v1/statuses/{status_id}", token="wrong").status


def test_only_the_author_edits(instance: SandboxMastodon, token: str) -> None:
    """For others the status isn't there."""
    status_id = publish(instance, token).json()["id"]

    assert 404 == publish(instance, instance.add_account("eve"), method="PUT", to=f"/{status_id}").status


def test_deleting(instance: SandboxMastodon, token: str) -> None:
    """The answer has the text; the file can be used again unless it goes too; a second time it is a 404."""
    media_id = upload(instance, token)
    form = {"status": "One", "media_ids[]": media_id}
    first = publish(instance, token, form).json()["id"]
    publish(instance, token, {}, to=f"/{first}/reblog")

    gone = publish(instance, token, {}, method="DELETE", to=f"/{first}")

    assert ("One", []) == (gone.json()["text"], instance.statuses)
    assert 2 == len(instance.deleted)
    assert 404 == publish(instance, token, {}, method="DELETE", to=f"/{first}").status
    second = publish(instance, token, form).json()["id"]
    call(f"{instance.url}/api/v1/statuses/{second}?delete_media=true", "DELETE", token=token)
    assert [] == instance.media


def test_boosting(instance: SandboxMastodon, token: str) -> None:
    """Boosting twice gives one boost; a boost can be left out of the list and taken back."""
    status_id = publish(instance, token).json()["id"]
    boosts = [publish(instance, token, {}, to=f"/{status_id}/reblog").json() for _ in range(2)]

    assert boosts[0]["id"] == boosts[1]["id"] != status_id == boosts[0]["reblog"]["id"]
    assert [boosts[0]["id"], status_id] == [one["id"] for one in statuses_of(instance)]
    assert [status_id] == [one["id"] for one in statuses_of(instance, "exclude_reblogs=1")]
    for _ in range(2):
        assert status_id == publish(instance, token, {}, to=f"/{status_id}/unreblog").json()["id"]
    assert [status_id] == [one["id"] for one in statuses_of(instance)]


# --- the account's list


def test_pages_of_an_accounts_statuses(instance: SandboxMastodon, token: str) -> None:
    """Newest first; below, just above, or above an id; 20 unless asked, 40 at most."""
    ids = [publish(instance, token, str(number)).json()["id"] for number in range(45)]

    def listed(query: str) -> list[str]:
        return [status["id"] for status in statuses_of(instance, query)]

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
    status_id = publish(instance, token).json()["id"]

    link = call(url).headers["Link"]

    assert f'<{url}?limit=20&max_id={status_id}>; rel="next", <{url}?limit=20&min_id={status_id}>; rel="prev"' == link


def test_who_sees_what(instance: SandboxMastodon, token: str) -> None:
    """The author sees all, others what is public; a token without the scope sees nothing."""
    for visibility in ("public", "unlisted", "private", "direct"):
        publish(instance, token, {"status": f"{visibility} #Sea", "visibility": visibility})
    other, writer = instance.add_account("eve"), instance.add_account("uk", scopes=["write"])
    account_id = instance.accounts["uk"].id

    assert [4, 2, 2] == [len(statuses_of(instance, token=one)) for one in (token, other, "")]
    assert 403 == call(f"{instance.url}/api/v1/accounts/{account_id}/statuses", token=writer).status
    assert 404 == call(f"{instance.url}/api/v1/accounts/9/statuses").status
    assert [4, 0, 0, 0] == [
        len(statuses_of(instance, query, token=token))
        for query in ("tagged=sea", "tagged=land", "only_media=1", "pinned=1")
    ]


def test_pages_for_people(instance: SandboxMastodon, token: str) -> None:
    """Profile and status show text, image and description, escaped; every link can be followed."""
    media_id = upload(instance, token, 'A "board"')
    text = "<script> http://127.0.0.1:9/post"
    form = {"status": text, "spoiler_text": "Careful & slow", "media_ids[]": media_id}
    status_id = publish(instance, token, form).json()["id"]
    publish(instance, token, {}, to=f"/{status_id}/reblog")
    publish(instance, token, form, method="PUT", to=f"/{status_id}")
    profile, single = call(f"{instance.url}/@uk").text(), call(f"{instance.url}/@uk/{status_id}").text()

    for shown in (profile, single):
        assert '<a href="http://127.0.0.1:9/post"' in shown
        assert "<script>" not in shown
        assert 'alt="A &quot;board&quot;"' in shown
        assert "Careful &amp; slow" in shown
    assert "uk boosted" in profile
    assert "<details>" not in call(f"{instance.url}/@uk/{publish(instance, token).json()['id']}").text()
    assert '<a href="/@uk">' in call(instance.url + "/").text()
    assert [404, 404, 404] == [call(instance.url + path).status for path in ("/@eve", "/@uk/9", f"/@eve/{status_id}")]
    assert "No posts yet" in _profile_of_nobody(instance)


def _profile_of_nobody(instance: SandboxMastodon) -> str:
    instance.add_account("nobody")
    return call(f"{instance.url}/@nobody").text()
