"""A post whose id a feed didn't tell, and that people and other roads than a look find by the site's own id."""

from datetime import timedelta

import pytest

from bot.crosspost.adopt import adopt
from bot.crosspost.backfill import Span, backfill, find_older, wanted
from bot.crosspost.move_in import Entries, move_in
from bot.crosspost.notices import handle_notice
from bot.crosspost.share import request
from bot.domain.models import State
from bot.domain.notices import KeptNotice, Notice
from bot.errors import RefusedError
from tests.makers import DAY
from tests.unit.crosspost.stage import Stage

OURS, THEIRS = -5, 12


@pytest.fixture
def stage() -> Stage:
    """A post was found in the feed, and waits; the REST API tells its id by now, and nobody has looked since."""
    stage = Stage(site={"settle": timedelta(minutes=5)})
    stage.first_look()
    stage.publish(post_id=OURS)
    stage.collect()
    change_id(stage, OURS, THEIRS)
    return stage


def change_id(stage: Stage, old: int, new: int) -> None:
    """Let the site tell a post by another id."""
    stage.site.edit(new, stage.site.posts.pop(old))


def shared(stage: Stage) -> list[int]:
    """The ids of the posts whose shares stand, one for each share."""
    return [share.post_id for share in stage.store.shares() if share.state is State.SHARED]


def test_who_shares_it_by_hand_means_the_one_that_waits(stage: Stage) -> None:
    """It goes at once, and once; asked for again it is refused."""
    request(stage.context, "uk", THEIRS, account="uk")
    stage.attend()

    assert [OURS] == shared(stage)
    with pytest.raises(RefusedError, match="shared already"):
        request(stage.context, "uk", THEIRS, account="uk")


def test_who_shares_it_once_more_adds_nothing_to_what_waits(stage: Stage) -> None:
    """An editor's button, pressed while it is under way, does nothing."""
    notice = Notice(id="msg_1", post_id=THEIRS, again=True)
    stage.store.accept_notice("uk", notice, now=stage.clock.now())

    handle_notice(stage.context, KeptNotice(site="uk", notice=notice, since=stage.clock.now()))

    assert [OURS] == [share.post_id for share in stage.store.shares()]


def test_adopting_marks_the_one_that_waits(stage: Stage) -> None:
    """Nothing is sent any more."""
    stage.account.write(stage.site.posts[THEIRS].link)

    adopt(stage.context, "uk", account="uk", address=stage.site.url, on_progress=lambda _: None)

    assert [OURS] == shared(stage)


def test_importing_marks_the_one_that_waits(stage: Stage) -> None:
    """Also where the other tool remembers a time only."""
    until = stage.clock.now() + DAY

    move_in(stage.context, "uk", Entries(tool="a tool", urls={}, until=until), account="uk", on_progress=lambda _: None)

    assert [OURS] == shared(stage)


def test_a_backfill_leaves_what_was_shared_by_its_id() -> None:
    """The feed that is read by now gives it another one."""
    stage = Stage()
    stage.first_look()
    stage.shared(post_id=THEIRS)
    change_id(stage, THEIRS, OURS)

    posts = find_older(stage.context, "uk", Span(since=stage.clock.now() - DAY), on_progress=lambda _: None)

    assert () == wanted(stage.context, "uk", posts, account="uk", limit=None)
    assert 0 == backfill(stage.context, "uk", posts, account="uk", on_progress=lambda _: None)
