"""What becomes of statuses whose posts were edited, or are gone: the corners that the use case seldom sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.domain.answers import Answer, Deleted, NotSent, Published, Refused, Reply, Throttled, Unanswered
from bot.domain.models import Followed, RateLimit, State, Status
from bot.domain.policy import OnDelete, OnEdit
from bot.domain.transitions import following
from bot.domain.transitions.change import changed
from bot.domain.transitions.mending import after_boost
from tests.makers import DAY, HOUR, MINUTE, NOON, account_policy, basis, sent, share

SHARED = replace(sent(), state=State.SHARED, status_id="101", url="https://social.example/@uk/101")
FOLLOWED = Followed(share_id=1)
POLICY = account_policy()


def edited(reply: Reply) -> following.Step:
    """What becomes of an edit, by what the instance said."""
    after = replace(SHARED, status=Status(text="New"), post_modified_at=NOON)
    return following.after_edit(
        SHARED,
        after,
        FOLLOWED,
        reply,
        words=["text"],
        poll_every=HOUR,
        basis=basis(),
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [({}, False), ({"on_edit": OnEdit.EDIT}, True), ({"on_delete": OnDelete.DELETE}, True)],
)
def test_who_follows(fields, expected):
    """Whoever wants one of the two."""
    assert expected == account_policy(**fields).follows


@given(age=st.timedeltas(min_value=-DAY, max_value=60 * DAY))
def test_looks_come_due_later_and_together(age):
    """Always later than now, within six hours, and on the same minutes for all."""
    now = NOON + age
    at = following.next_check(SHARED, poll_every=HOUR, now=now)

    assert now < at <= now + 6 * HOUR
    assert 0 == at.timestamp() % 300


def test_a_share_that_was_never_sent_by_us_counts_from_its_making():
    """There is no other instant."""
    assert NOON + 5 * MINUTE == following.next_check(share(), poll_every=HOUR, now=NOON)


def test_a_site_that_is_looked_at_often():
    """In the first hour its edits are seen as soon as its posts, afterwards no more often than others."""
    assert NOON + MINUTE == following.next_check(share(), poll_every=MINUTE, now=NOON)
    assert NOON + 2 * HOUR + 30 * MINUTE == following.next_check(share(), poll_every=MINUTE, now=NOON + 2 * HOUR)


@pytest.mark.parametrize(
    ("at_sharing", "since", "now", "expected"),
    [
        (None, None, NOON, False),
        (NOON, None, NOON, False),
        (NOON, None, NOON + MINUTE, True),
        (NOON, None, NOON - MINUTE, True),
        (NOON, NOON + MINUTE, NOON + MINUTE, False),
        (NOON, NOON + MINUTE, NOON, True),
        (NOON, None, None, False),
    ],
)
def test_moved(at_sharing, since, now, expected):
    """By what was known last; a site that says nothing, or a share that kept nothing, tells nothing."""
    known, last = replace(SHARED, post_modified_at=at_sharing), replace(FOLLOWED, modified_at=since)

    assert expected == following.moved(known, last, now)


@pytest.mark.parametrize(("in_doubt", "failures", "expected"), [(True, 1, True), (True, 0, False), (False, 1, False)])
def test_moved_while_an_edit_is_in_doubt(in_doubt, failures, expected):
    """Until it is given up it is tried again, though no date tells of a change: a share made of a feed keeps none."""
    known, last = replace(SHARED, post_modified_at=None), replace(FOLLOWED, in_doubt=in_doubt, failures=failures)

    assert expected == following.moved(known, last, NOON)


@pytest.mark.parametrize(
    ("media_ids", "known", "images", "expected"),
    [
        ((), (), (), True),
        (("m",), ("a",), ("a",), True),
        (("m",), ("a",), ("b",), False),
        (("m",), ("a",), (), False),
        (("m",), (), ("b",), True),
        ((), (), ("b",), False),
    ],
)
def test_same_images(media_ids, known, images, expected):
    """Where it wasn't kept which they were, they are taken for the same."""
    assert expected == following.same_images(replace(SHARED, media_ids=media_ids, images=known), images)


def test_what_an_edit_can_not_change():
    """The visibility, and the language where there is no new one."""
    stands = replace(SHARED, status=Status(text="Old", visibility="unlisted", language="de"))

    assert Status(text="New", visibility="unlisted", language="de") == following.revised(stands, Status(text="New"))
    assert "fr" == following.revised(stands, Status(text="New", language="fr")).language


def test_differences():
    """Each has its word."""
    stands = replace(SHARED, status=Status(text="Old"), images=("a",))
    new = Status(text="New", spoiler_text="CW", sensitive=True, language="fr", visibility="direct", mentions=("x",))

    assert ("text", "content warning", "sensitive", "language", "image") == following.differences(stands, new, ())
    assert () == following.differences(stands, Status(text="Old", visibility="direct"), ("a",))


def test_an_edit_that_worked():
    """What stands on the account stands in the share; the account works; the next edit has its gap."""
    url = "https://social.example/@uk/102"
    step = edited(Published(id="102", url=url, created_at=NOON))

    assert step.change is not None
    assert step.change.recovered
    assert ("New", "102", url) == (
        step.change.share.status and step.change.share.status.text,
        step.change.share.status_id,
        step.change.share.url,
    )
    assert (NOON, NOON, NOON + following.EDIT_GAP) == (
        step.followed.edited_at,
        step.followed.modified_at,
        step.followed.next_check_at,
    )


@pytest.mark.parametrize("reply", [NotSent(message="no"), Unanswered(message="no"), Refused(code=422, message="no")])
def test_an_edit_that_did_not(reply):
    """The share is shared still, with the status that stands."""
    step = edited(reply)

    assert step.change is not None
    assert (State.SHARED, SHARED.status, SHARED.url) == (
        step.change.share.state,
        step.change.share.status,
        step.change.share.url,
    )


def test_throttled():
    """An edit lets the account rest; a deletion only itself."""
    no = Throttled(message="slowly", until=NOON + HOUR)
    first = edited(no)
    second = following.after_delete(SHARED, FOLLOWED, no, basis=basis())

    assert first.change is not None
    assert second.change is not None
    assert first.change.pause is not None
    assert second.change.pause is None
    assert {NOON + HOUR} == {first.change.pause.until, first.followed.next_check_at, second.followed.next_check_at}


def test_deleted():
    """The key's life is over, the id is kept: what is asked for again is a new status."""
    step = following.after_delete(SHARED, FOLLOWED, Deleted(), basis=basis())

    assert step.change is not None
    ended = step.change.share
    assert (State.SKIPPED, "", None, "101") == (ended.state, ended.idempotency_key, ended.status, ended.status_id)


def test_an_image_that_waits():
    """For the upload window only the edit waits; with an account that rests, until it works again."""
    waiting = replace(SHARED, state=State.PENDING, next_attempt_at=NOON + HOUR)
    budget = changed(waiting, step="budget", outcome="wait", detail="full", now=NOON)
    at_once = changed(replace(waiting, next_attempt_at=None), step="image", outcome="retry", detail="?", now=NOON)
    steps = [following.waits_for_image(SHARED, FOLLOWED, wanted, now=NOON) for wanted in (budget, at_once)]

    assert [NOON + HOUR, NOON + 5 * MINUTE] == [step.followed.next_check_at for step in steps]
    assert all(step.change and step.change.share is SHARED and step.change.pause is None for step in steps)


def test_a_boost_tells_what_is_left():
    """Its answer counts the window of statuses."""
    rate = RateLimit(remaining=7, reset_at=NOON + HOUR)
    done = Published(id="b", url="https://social.example/b", created_at=NOON)

    change = after_boost(SHARED, Answer(reply=done, rate=rate), now=NOON)

    assert (SHARED, rate, "boosted") == (change.share, change.statuses_rate, change.attempt.outcome)
