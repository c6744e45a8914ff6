"""Several images, what becomes of those that can't be used, and the instance's room for them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.crosspost.pictures import NOT_SHOWN, stopped_at
from bot.domain.answers import Refused, Throttled, Unanswered, Uploaded
from bot.domain.models import Attempt, Limits, MediaFile, MediaState, RateLimit, Share, State
from bot.domain.policy import Images, MediaBudget
from bot.errors import ImageError, SiteUnavailableError
from tests.fakes.fitter import REMADE
from tests.makers import HOUR, MINUTE, NOON
from tests.unit.crosspost.stage import PNG, Stage

GIF = b"GIF89a NETSCAPE2.0"
MORE = "https://news.example/wp-content/uploads/more"


def on_stage(**account) -> Stage:
    """A stage whose account takes four images of a post."""
    stage = Stage(account={"max_images": 4, **account})
    stage.first_look()
    return stage


@pytest.fixture
def stage() -> Stage:
    """The same, with nothing else set."""
    return on_stage()


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


class TestSeveral:
    """More than one image."""

    def test_in_their_order(self, stage):
        """The featured image first, then those in the content, no more than wanted."""
        shared(stage, *map(png, range(6)))

        assert ["0", "1", "2", "3"] == attached(stage)

    def test_the_instance_may_take_fewer(self, stage):
        """Its limit holds."""
        stage.account.instance_limits = replace(stage.account.instance_limits, max_media_attachments=2)
        shared(stage, *map(png, range(6)))

        assert ["0", "1"] == attached(stage)

    def test_one_unless_asked(self):
        """Without max_images the featured one goes alone."""
        stage = on_stage(max_images=1)
        shared(stage, png(0), png(1))

        assert ["0"] == attached(stage)

    def test_the_same_picture_goes_once(self, stage):
        """Under whatever name it is shown."""
        shared(stage, png(0), png(0), png(2))

        assert ["0", "2"] == attached(stage)

    def test_focus(self, stage):
        """The point that matters goes along."""
        shared(stage, png(0), png(1), focus=(0.5, -0.5))

        assert [(0.5, -0.5), None] == [file.focus for file in stage.account.media.values()]

    def test_made_to_measure(self, stage):
        """What the instance doesn't take as it is goes as the fitter makes it."""
        limits = Limits(software="mastodon", version="4.5.0", supported_mime_types=("image/jpeg",))
        stage.account.instance_limits = limits
        shared(stage, png(0))

        assert [REMADE] == [file.file for file in stage.account.media.values()]

    def test_a_card_needs_none(self):
        """Nothing is fetched, made or uploaded."""
        stage = on_stage(images=Images.CARD)
        shared(stage, png(0), png(1))

        assert ([], {}) == (stage.fitter.asked, stage.account.media)


class TestAnimations:
    """Many instances make a video of what moves, and take none beside other files."""

    def test_it_goes_alone(self, stage):
        """Where it is the first."""
        shared(stage, GIF, png(1))

        assert ["0"] == attached(stage)
        assert [GIF] == [file.file.data for file in stage.account.media.values()]

    def test_behind_others_it_stands_still(self, stage):
        """Its first frame goes."""
        shared(stage, png(0), GIF, png(2))

        assert ["0", "1", "2"] == attached(stage)
        assert [png(0), REMADE.data, png(2)] == [file.file.data for file in stage.account.media.values()]

    def test_it_is_first_where_those_before_it_are_broken(self, stage):
        """Then it moves, and goes alone."""
        stage.fitter.broken.add(png(0))
        shared(stage, png(0), GIF, png(2))

        assert ["1"] == attached(stage)


class TestLeftOut:
    """One image that can't be used costs that image alone, and the history says so."""

    def test_a_broken_one(self, stage):
        """Whatever the fitter says of it."""
        stage.fitter.broken.add(png(1))
        share = shared(stage, png(0), png(1), png(2))

        assert State.SHARED is share.state
        assert ["0", "2"] == attached(stage)
        assert ["this is no image that can be used"] == notes(stage)

    def test_all_broken(self, stage):
        """The words go alone."""
        stage.site.errors["fetch_image"] = ImageError("site uk: it is HTML")
        share = shared(stage, png(0), png(1))

        assert (State.SHARED, []) == (share.state, attached(stage))
        assert ["site uk: it is HTML"] * 2 == notes(stage)

    def test_of_a_kind_that_nobody_reads(self, stage):
        """It isn't even fetched."""
        post_id = stage.publish(image=(PNG, "A drawing"))
        post = stage.site.posts[post_id]
        drawing = replace(post.image.sizes[0], mime_type="image/svg+xml")
        stage.site.edit(post_id, replace(post, image=replace(post.image, sizes=(drawing,))))
        stage.collect()
        stage.attend()

        assert State.SHARED is stage.share(post_id).state
        assert ["none of its files is an image that can be used"] == notes(stage)
        assert "fetch_image" not in [name for name, _ in stage.site.calls]

    def test_one_that_can_not_be_read(self, stage):
        """A featured image that the site shows to nobody is told of; the status goes without it."""
        post_id = stage.publish()
        stage.site.edit(post_id, replace(stage.site.posts[post_id], featured_media=77))
        stage.collect()
        stage.attend()

        assert State.SHARED is stage.share(post_id).state
        assert [NOT_SHOWN] == notes(stage)

    def test_another_size_of_it(self, stage):
        """Where one file is broken the next is tried."""
        post_id = stage.publish(image=(PNG, "A kite"))
        post = stage.site.posts[post_id]
        small = replace(post.image.sizes[0], url=f"{MORE}/small.png", width=500, height=500)
        stage.site.images[small.url] = MediaFile(data=png(9), mime_type="image/png")
        stage.site.edit(post_id, replace(post, image=replace(post.image, sizes=(*post.image.sizes, small))))
        stage.fitter.broken.add(png(9))
        stage.collect()
        stage.attend()

        assert ["A kite"] == attached(stage)
        assert [("whole", png(9)), ("remade", png(9)), ("whole", PNG)] == stage.fitter.asked

    def test_one_that_the_instance_refuses(self, stage):
        """The others go, where it is refused as a plain JPEG as well."""
        stage.account.answer_upload(Refused(code=422, message="no image"))
        stage.account.answer_upload(Refused(code=422, message="no image"))
        shared(stage, png(0), png(1))

        assert ["1"] == attached(stage)
        assert ("upload", "refused", "no image") in [
            (attempt.step, attempt.outcome, attempt.detail) for attempt in stage.attempts(1)
        ]

    def test_one_that_the_instance_can_not_process(self, stage):
        """The others go."""
        stage.account.answer_upload(Uploaded(id="m9", ready=False))
        stage.account.media_state = lambda _media_id: MediaState.FAILED
        shared(stage, png(0), png(1))

        assert ["1"] == attached(stage)
        assert ["the instance couldn't process it"] == notes(stage)


class TestPlainly:
    """A file that an instance can't do anything with as it is goes once more, as a plain JPEG."""

    @pytest.mark.parametrize(
        "no", [Refused(code=422, message="1600x900 GIF files are not supported"), Unanswered(message="500", code=500)]
    )
    @pytest.mark.parametrize("file", [png(0), GIF])
    def test_it_is_tried_once(self, stage, no, file):
        """Whether it says so or stumbles over it."""
        stage.account.answer_upload(no)
        share = shared(stage, file)

        assert State.SHARED is share.state
        assert ["0"] == attached(stage)
        assert ["image/jpeg"] == [one.file.mime_type for one in stage.account.media.values()]

    def test_a_jpeg_that_was_made_for_the_instance(self, stage):
        """There is no plainer one."""
        stage.account.instance_limits = Limits(supported_mime_types=("image/jpeg",))
        stage.account.answer_upload(Refused(code=422, message="no image"))
        shared(stage, png(0))

        assert ["whole", "remade"] == [method for method, _ in stage.fitter.asked]
        assert () == stage.account.statuses[-1].media_ids

    @pytest.mark.parametrize("no", [Unanswered(message="timeout"), Unanswered(message="503", code=503)])
    def test_what_says_nothing_of_the_file(self, stage, no):
        """It is waited for, as it is."""
        stage.account.answer_upload(no)

        assert State.PENDING is shared(stage, png(0)).state
        assert ["whole"] == [method for method, _ in stage.fitter.asked]

    def test_one_of_which_none_can_be_made(self, stage):
        """The status goes without it, and the history says why."""
        stage.account.answer_upload(Refused(code=422, message="no image"))
        jpeg = stage.fitter.jpeg

        def broken(file, limits):
            stage.fitter.broken.add(file.data)
            return jpeg(file, limits)

        stage.fitter.jpeg = broken
        shared(stage, png(0))

        assert () == stage.account.statuses[-1].media_ids
        assert ("image", "failed") in stage.history(1)


class TestAnew:
    """Making an image anew may bring howdah down: it is written down before, and not tried again."""

    def test_what_is_written_down(self, stage):
        """That it was begun, with its address, and what came of it; nothing where the file goes as it is."""
        stage.account.instance_limits = Limits(supported_mime_types=("image/jpeg",))
        shared(stage, png(0))
        image = [(attempt.outcome, attempt.detail) for attempt in stage.attempts(1) if attempt.step == "image"]

        assert [("begun", stage.site.posts[1].image.sizes[0].url), ("made", "image/jpeg")] == image

    def test_the_next_start_goes_without_it(self, stage):
        """The one that was being made when howdah was killed is left out, the others go; nothing is lost."""
        stage.account.instance_limits = Limits(supported_mime_types=("image/jpeg",), max_media_attachments=4)
        remade = stage.fitter.remade

        def killed(file, limits):
            if file.data == png(1):
                raise KeyboardInterrupt
            return replace(remade(file, limits), data=file.data)

        stage.fitter.remade = killed
        with pytest.raises(KeyboardInterrupt):
            shared(stage, png(0), png(1), png(2))
        stage.pass_time(HOUR)
        stage.attend()

        assert State.SHARED is stage.share(1).state
        assert ["0", "2"] == attached(stage)
        assert [f"howdah was stopped while it made {MORE}/1.png anew"] == notes(stage)

    @pytest.mark.parametrize(
        ("outcomes", "stopped"),
        [
            ("", ""),
            ("begun a, made", ""),
            ("begun a, failed", ""),
            ("begun a", "a"),
            ("begun a, begun b, made", "a"),
            ("begun a, begun b", "ab"),
            ("begun a, left out, begun b, made", "a"),
            ("begun a, made, begun b, made, left out", ""),
        ],
    )
    def test_which_were_stopped(self, outcomes, stopped):
        """Those that were begun and never ended."""
        words = [line.partition(" ") for line in outcomes.split(", ") if line]
        history = [
            Attempt(at=NOON, step="image", outcome="left out", detail="x")
            if outcome == "left"
            else Attempt(at=NOON, step="image", outcome=outcome, detail=detail)
            for outcome, _, detail in words
        ]

        assert frozenset(stopped) == stopped_at([Attempt(at=NOON, step="read", outcome="begun"), *history])


class TestLater:
    """What may pass is waited for, a few times."""

    def test_a_site_in_trouble(self, stage):
        """Nothing is uploaded before all images are at hand; in the end those go that can be had."""
        fetch = stage.site.fetch_image

        def second_is_gone(url, *, max_bytes):
            if url == f"{MORE}/1.png":
                raise SiteUnavailableError("site uk: 503")
            return fetch(url, max_bytes=max_bytes)

        stage.site.fetch_image = second_is_gone
        share = shared(stage, png(0), png(1), png(2))
        assert (State.PENDING, 1, {}) == (share.state, share.media_failures, stage.account.media)
        for _ in range(2):
            stage.pass_time(HOUR)
            stage.attend()

        assert ["0", "2"] == attached(stage)

    def test_an_upload_without_an_answer(self, stage):
        """The share waits, and nothing is attached twice."""
        stage.account.answer_upload(Uploaded(id="m1", ready=True))
        stage.account.answer_upload(Unanswered(message="502"))
        share = shared(stage, png(0), png(1))
        assert (State.PENDING, 1) == (share.state, share.media_failures)
        stage.pass_time(MINUTE)
        stage.attend()

        assert ["0", "1"] == attached(stage)

    def test_a_refusal_with_one_vanished_file_uploads_all_again(self, stage):
        """Any of them may be what the refusal is about."""
        stage.account.answer(Refused(code=422, message="media not found"))
        states = [MediaState.READY, MediaState.MISSING]
        stage.account.media_state = lambda _media_id: states.pop(0)
        share = shared(stage, png(0), png(1))
        assert State.PENDING is share.state
        stage.pass_time(MINUTE)
        stage.attend()

        assert (State.SHARED, 4) == (stage.share(share.post_id).state, len(stage.account.media))


class TestRoom:
    """The upload budget, seen beforehand."""

    def test_room_for_all_of_them(self, stage):
        """A share whose images don't all fit into the window waits until they do."""
        stage.account.rate = RateLimit(remaining=1, reset_at=stage.clock.now() + HOUR)
        first = shared(stage, png(0))
        second = shared(stage, png(1), png(2))

        assert (State.SHARED, State.PENDING) == (first.state, second.state)
        assert 1 == len(stage.account.media)
        stage.account.rate = None
        stage.pass_time(HOUR + MINUTE)
        stage.attend()

        assert ["0", "1"] == attached(stage)

    def test_counted_where_the_instance_says_nothing(self, stage):
        """Thirty within half an hour; the tenth share of three images each is the last."""
        for _ in range(11):
            stage.pass_time(timedelta(seconds=1))
            shared(stage, png(0), png(1), png(2))

        assert (30, 10) == (len(stage.account.media), list(stage.states().values()).count(State.SHARED))

    def test_as_a_card(self):
        """With media_budget = "card" it goes without images, and the history says so."""
        stage = on_stage(media_budget=MediaBudget.CARD)
        stage.account.rate = RateLimit(remaining=1, reset_at=stage.clock.now() + HOUR)
        shared(stage, png(0))
        share = shared(stage, png(1), png(2))

        assert (State.SHARED, []) == (share.state, attached(stage))
        [note] = [attempt.detail for attempt in stage.attempts(share.post_id) if attempt.step == "image"]
        assert "takes no more images until" in note

    def test_throttled_all_the_same(self, stage):
        """The share waits with its account where nothing was uploaded yet."""
        stage.account.answer_upload(Throttled(message="slow"))

        assert State.PENDING is shared(stage, png(0), png(1)).state

    def test_throttled_in_between(self, stage):
        """An instance that never takes that many at once gets what it takes."""
        fine, slow = stage.account.upload, [False, True]

        def upload(file, *, description, focus=None):
            if slow.pop(0):
                stage.account.answer_upload(Throttled(message="slow"))
            return fine(file, description=description, focus=focus)

        stage.account.upload = upload
        share = shared(stage, png(0), png(1), png(2))

        assert (State.SHARED, ["0"]) == (share.state, attached(stage))
        assert ["the instance asks to slow down (429): slow"] == notes(stage)

    def test_throttled_as_a_card(self):
        """With media_budget = "card" that is no reason to wait either."""
        stage = on_stage(media_budget=MediaBudget.CARD)
        stage.account.answer_upload(Throttled(message="slow"))

        assert (State.SHARED, []) == (shared(stage, png(0)).state, attached(stage))
