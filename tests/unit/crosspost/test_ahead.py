"""While one status is on its way the next is made; nothing but time tells the difference."""

import threading
from collections.abc import Collection, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from bot.crosspost.ahead import FRESH, MakeAhead, ReadAhead
from bot.crosspost.draft import about
from bot.crosspost.questions import LIMITS_LAST
from bot.domain.answers import Unanswered
from bot.domain.models import Limits, MediaFile, Post, Share, SiteInfo, State
from bot.domain.transitions.change import Change
from bot.errors import ImageError, LeaseLostError, SiteError, SiteUnavailableError
from tests.makers import MINUTE
from tests.unit.crosspost.stage import PNG, Stage

PATIENCE = 10  # seconds until a test gives up


@pytest.fixture
def executor() -> Iterator[Executor]:
    """A thread that makes things."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield pool


class Unwilling(Executor):
    """An executor that never begins."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Take it, and leave it."""
        return Future()


def on_stage(executor: Executor | None, **account: Any) -> Stage:
    """A stage with three posts that wait, each with an image of its own; the instance's limits are known."""
    stage = Stage(account=account)
    stage.first_look()
    stage.shared("Before")
    for number in range(3):
        stage.publish(f"Post {number}", image=(PNG + bytes([number]), f"Image {number}"))
    stage.collect()
    stage.context = replace(stage.context, executor=executor)
    return stage


def fetched(stage: Stage) -> list[str]:
    """The images that were fetched, in order."""
    return [str(argument) for name, argument in stage.site.calls if name == "fetch_image"]


def publish_once(stage: Stage, done: threading.Event) -> None:
    """Let the first publish wait for something."""
    publish = stage.account.publish

    def waiting(*args: Any, **kwargs: Any) -> Any:
        assert done.wait(PATIENCE)
        return publish(*args, **kwargs)

    stage.account.publish = waiting  # type: ignore[method-assign]


def begun(stage: Stage) -> tuple[MakeAhead, Share]:
    """Something that is being made of the first post, and the share."""
    share, started = stage.share(2), threading.Event()
    about = stage.site.about

    def asked() -> SiteInfo:
        started.set()
        return about()

    stage.site.about = asked  # type: ignore[method-assign]
    stage.context.remembered.site_info.clear()
    making = MakeAhead(stage.context, ReadAhead(stage.context))
    making.begin(share, Limits())
    assert started.wait(PATIENCE)
    return making, share


def test_the_next_image_is_fetched_and_fitted_meanwhile(executor: Executor) -> None:
    """Each while the status before it is on its way."""
    stage, second = on_stage(executor), threading.Event()
    whole = stage.fitter.whole

    def fitting(file: MediaFile, limits: Limits) -> MediaFile | None:
        if file.data.endswith(b"\1"):
            second.set()
        return whole(file, limits)

    stage.fitter.whole = fitting  # type: ignore[method-assign]
    publish_once(stage, second)
    stage.attend()

    assert [State.SHARED] * 4 == list(stage.states().values())
    assert 3 == len(fetched(stage))


@pytest.mark.parametrize("supported", [(), ("image/jpeg",)])
def test_it_comes_to_the_same(executor: Executor, supported: tuple[str, ...]) -> None:
    """The same statuses, files and histories as where nobody makes anything ahead."""
    told = []
    for who in (None, executor):
        stage = on_stage(None)
        stage.context = replace(stage.context, executor=who)
        stage.store.remember_limits("uk", Limits(supported_mime_types=supported), now=stage.clock.now())
        stage.attend()
        files = [media.file for media in stage.account.media.values()]
        told.append((stage.account.texts, files, [stage.history(number) for number in (2, 3, 4)]))

    assert told[0] == told[1]


def test_nobody_has_time() -> None:
    """What isn't begun by its turn is made in its turn."""
    stage = on_stage(Unwilling())
    stage.attend()

    assert [State.SHARED] * 4 == list(stage.states().values())


@pytest.mark.parametrize("error", [ImageError("it is HTML"), SiteUnavailableError("503")])
def test_what_goes_wrong(executor: Executor, error: SiteError) -> None:
    """It goes wrong in its turn: an image that can't be used is left out, one that can't be had now is waited for."""
    stage = on_stage(executor)
    stage.site.errors["fetch_image"] = error
    stage.attend()
    expected = State.SHARED if isinstance(error, ImageError) else State.PENDING

    assert [expected] * 3 == [stage.share(number).state for number in (2, 3, 4)]


def test_a_site_that_can_not_say_its_name(executor: Executor) -> None:
    """Where the template shows it nothing is made; in its turn the share waits."""
    stage = on_stage(executor, template="{site}: {title}")
    stage.context.remembered.site_info.clear()
    stage.site.errors["about"] = SiteUnavailableError("503")
    making, share = begun(stage)

    assert making.take(share, keep=lambda: None) is None


def test_not_where_the_rhythm_holds_it_back(executor: Executor) -> None:
    """Its image would be fetched for nothing."""
    stage = on_stage(executor, min_interval=MINUTE)
    stage.pass_time(MINUTE)
    stage.attend()

    assert 1 == len(fetched(stage))


def test_what_was_read_too_long_ago(executor: Executor) -> None:
    """The next post is read anew as well while one is on its way, and once."""
    stage = on_stage(executor)
    publish = stage.account.publish

    def slow(*args: Any, **kwargs: Any) -> Any:
        stage.pass_time(timedelta(seconds=11))
        return publish(*args, **kwargs)

    stage.account.publish = slow  # type: ignore[method-assign]
    stage.attend()

    assert [State.SHARED] * 4 == list(stage.states().values())
    assert [1, 1, 1] == [fetched(stage).count(address) for address in dict.fromkeys(fetched(stage))]


def test_limits_that_changed_meanwhile(executor: Executor) -> None:
    """What was made by the old ones is dropped."""
    stage = on_stage(executor)
    limits, publish = stage.account.instance_limits, stage.account.publish
    stage.store.remember_limits("uk", limits, now=stage.clock.now() - LIMITS_LAST + timedelta(seconds=5))

    def published(*args: Any, **kwargs: Any) -> Any:
        answer = publish(*args, **kwargs)
        stage.account.instance_limits = replace(limits, max_media_attachments=0)
        stage.pass_time(timedelta(seconds=6))
        return answer

    stage.account.publish = published  # type: ignore[method-assign]
    stage.attend()

    assert [1, 0, 0] == [len(kept.media_ids) for kept in stage.account.statuses[-3:]]


def test_what_came_of_the_last_is_recorded_before_the_next_is_waited_for(executor: Executor) -> None:
    """Else a kill meanwhile would leave a status in doubt that was answered for."""
    stage, recorded = on_stage(executor), threading.Event()
    whole, apply = stage.fitter.whole, stage.store.apply

    def fitting(file: MediaFile, limits: Limits) -> MediaFile | None:
        if file.data.endswith(b"\1"):
            assert recorded.wait(PATIENCE)
        return whole(file, limits)

    def applied(share: Share, change: Change, *, now: datetime) -> Share:
        after = apply(share, change, now=now)
        recorded.set()
        return after

    stage.fitter.whole = fitting  # type: ignore[method-assign]
    stage.store.apply = applied  # type: ignore[method-assign]
    stage.attend()

    assert [State.SHARED] * 4 == list(stage.states().values())


@pytest.mark.parametrize("begins", [True, False])
def test_nothing_is_made_once_the_lease_is_given_back(executor: Executor, begins: bool) -> None:
    """Where the lane ends early, what was begun is waited for, and what wasn't is left."""
    stage = on_stage(executor if begins else Unwilling())
    stage.account.answer(Unanswered(message="timed out"))
    release, fetched_by_then = stage.store.release, []

    def released(*args: Any, **fields: Any) -> None:
        fetched_by_then.extend(fetched(stage))
        release(*args, **fields)

    stage.store.release = released  # type: ignore[method-assign]
    stage.attend()

    assert fetched_by_then == fetched(stage)
    assert [State.UNKNOWN, State.PENDING, State.PENDING] == [stage.share(number).state for number in (2, 3, 4)]


def test_no_status_can_be_made(executor: Executor) -> None:
    """That is found out in its turn."""
    stage = on_stage(executor)
    stage.site.edit(3, replace(stage.site.posts[3], link="ftp://news.example/3/"))
    stage.attend()

    assert [State.SHARED, State.FAILED, State.SHARED] == [stage.share(number).state for number in (2, 3, 4)]


def test_a_lease_that_is_lost_while_waiting(executor: Executor) -> None:
    """What was begun is waited for at the end all the same: the account is another process' then."""
    stage, ended = on_stage(executor), threading.Event()
    whole = stage.fitter.whole

    def fitting(file: MediaFile, limits: Limits) -> MediaFile | None:
        assert ended.wait(PATIENCE)
        return whole(file, limits)

    def keep() -> None:
        raise LeaseLostError("another process attends to account uk now")

    stage.fitter.whole = fitting  # type: ignore[method-assign]
    making, share = begun(stage)
    with pytest.raises(LeaseLostError):
        making.take(share, keep=keep)
    pending = making._pending
    assert pending is not None
    assert pending.running()
    ended.set()
    making.end()

    assert pending.done()


@pytest.mark.parametrize("is_lost", [False, True])
def test_the_lease_is_kept_while_waiting(executor: Executor, is_lost: bool) -> None:
    """Where another process has taken the account over meanwhile, nothing is sent."""
    stage, kept = on_stage(executor), threading.Event()
    whole = stage.fitter.whole

    def fitting(file: MediaFile, limits: Limits) -> MediaFile | None:
        assert kept.wait(PATIENCE)
        return whole(file, limits)

    def keep() -> None:
        kept.set()
        if is_lost:
            raise LeaseLostError("another process attends to account uk now")

    stage.fitter.whole = fitting  # type: ignore[method-assign]
    making, share = begun(stage)
    with pytest.raises(LeaseLostError) if is_lost else nullcontext():
        made = making.take(share, keep=keep)
        assert made is not None
        assert 1 == len(made.pictures)


def test_a_post_is_as_old_as_the_question_for_it() -> None:
    """A site that takes long to answer may have shown how it was before."""
    stage = on_stage(None)
    read = stage.site.read_several

    def slowly(post_ids: Collection[int]) -> tuple[Post, ...]:
        stage.clock.forward(FRESH)
        return read(post_ids)

    stage.site.read_several = slowly  # type: ignore[method-assign]
    posts, shares = ReadAhead(stage.context), [stage.share(2), stage.share(3)]
    posts.fetch(shares)

    assert [None, None] == [posts.take(share) for share in shares]


@pytest.mark.parametrize(("complete", "asked"), [(True, 1), (False, 2)])
def test_what_a_site_says_of_itself_is_kept_where_it_is_complete(*, complete: bool, asked: int) -> None:
    """Else its statuses would have no language for a day."""
    stage = on_stage(None)
    stage.context.remembered.site_info.clear()
    stage.site.info = SiteInfo(title="The Site", complete=complete)
    stage.site.calls.clear()

    assert [stage.site.info] * 2 == [about(stage.context, "uk") for _ in range(2)]
    assert asked == len(stage.site.calls)
