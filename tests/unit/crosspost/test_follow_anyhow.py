"""Following, whatever authors, sites and instances do: what must hold in every order of things."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.crosspost.follow import follow
from bot.domain.answers import NotSent, Refused, Throttled, Unanswered
from bot.domain.models import State
from bot.domain.policy import OnDelete, OnEdit
from bot.domain.transitions.following import EDIT_GAP, GONE_FOR
from bot.errors import SiteUnavailableError
from tests.makers import HOUR, MINUTE, SECOND
from tests.unit.crosspost.stage import Stage

POSTS = 3
REFUSALS = (
    Unanswered(message="?"),
    NotSent(message="no"),
    Throttled(message="slowly"),
    Refused(code=422, message="no"),
)
ACTIONS = (
    "edit",
    "write back",
    "trash",
    "untrash",
    "site fails",
    "site recovers",
    "edit fails",
    "delete fails",
    "look",
)
lives = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.integers(1, POSTS), st.sampled_from((MINUTE, 10 * MINUTE, HOUR))),
    max_size=60,
)


class _Life:
    """A stage with a few shared posts, and since when each of them is gone."""

    def __init__(self) -> None:
        self.stage = Stage(account={"on_edit": OnEdit.EDIT, "on_delete": OnDelete.DELETE})
        self.stage.site.publish("Of before")
        self.stage.first_look()
        self.ids = [self.stage.publish(f"Post {number}") for number in range(POSTS)]
        self.stage.collect()
        self.stage.attend()
        self.gone: dict[int, datetime] = {}

    def befall(self, action: str, number: int) -> None:
        """Something happens, a second after all before."""
        self.stage.pass_time(SECOND)
        site, account, post_id = self.stage.site, self.stage.account, self.ids[number - 1]
        what: dict[str, Callable[[], None]] = {
            "edit": lambda: self._edit(post_id, title=f"Edit at {self.stage.clock.now():%d %H:%M:%S}"),
            "write back": lambda: self._edit(post_id, share_url="https://social.example/@uk/1"),
            "trash": lambda: self._trash(post_id),
            "untrash": lambda: self._untrash(post_id),
            "site fails": lambda: setattr(site, "error", SiteUnavailableError("503")),
            "site recovers": lambda: setattr(site, "error", None),
            "edit fails": lambda: account.answer_edit(REFUSALS[number]),
            "delete fails": lambda: account.answer_delete(REFUSALS[number - 1]),
            "look": self.look,
        }
        what[action]()

    def _edit(self, post_id: int, **fields: Any) -> None:
        post = self.stage.site.posts[post_id]
        self.stage.site.edit(post_id, replace(post, **fields, modified_at=self.stage.clock.now()))

    def _trash(self, post_id: int) -> None:
        self.stage.site.trash(post_id)
        self.gone.setdefault(post_id, self.stage.clock.now())

    def _untrash(self, post_id: int) -> None:
        self.stage.site.trashed.discard(post_id)
        self.gone.pop(post_id, None)

    def look(self) -> None:
        """Follow, and see that only what is gone for an hour was deleted."""
        before = {kept.id for kept in self.stage.account.statuses}
        follow(self.stage.context, "uk")
        deleted = before - {kept.id for kept in self.stage.account.statuses}
        for share in self.stage.store.shares():
            if share.status_id in deleted:
                assert share.state is State.SKIPPED
                assert self.stage.clock.now() - self.gone[share.post_id] >= GONE_FOR

    def end_well(self) -> None:
        """All is well from now on, for as long as everything needs."""
        self.stage.site.error = None
        self.stage.account.answer_no_more()
        for _ in range(20):
            self.stage.pass_time(HOUR)
            self.look()


@given(lives)
@settings(max_examples=60)
def test_what_must_hold(life):
    """Nothing is ever published, nothing deleted in haste; and in the end each status says what its post says."""
    world = _Life()
    for action, number, pause in life:
        world.befall(action, number)
        world.stage.pass_time(pause if action == "look" else timedelta(0))
    world.end_well()

    stage = world.stage
    assert POSTS == len(stage.account.sent)
    for share in stage.store.shares():
        if share.state is State.SHARED and not share.error:
            [status] = [kept.status for kept in stage.account.statuses if kept.id == share.status_id]
            assert stage.site.posts[share.post_id].title == status.text.splitlines()[0]
        if share.post_id in stage.site.trashed and not share.error:
            assert share.state is State.SKIPPED


@given(st.lists(st.integers(1, 30), min_size=1, max_size=40))
@settings(max_examples=40)
def test_an_author_who_can_not_leave_it_alone(pauses):
    """However often a post is edited, its status is edited once in ten minutes at most."""
    world = _Life()
    sent: list[datetime] = []
    editing = world.stage.account.edit

    def noted(*args, **kwargs):
        sent.append(world.stage.clock.now())
        return editing(*args, **kwargs)

    world.stage.account.edit = noted  # type: ignore[method-assign] # a fake of ours
    for minutes in pauses:
        world.befall("edit", 1)
        world.stage.pass_time(minutes * MINUTE)
        world.look()

    assert all(later - earlier >= EDIT_GAP for earlier, later in pairwise(sent))
