"""Several images, what becomes of those that can't be used, and the instance's room for them."""

import pytest
from msgspec.structs import replace

from bot.crosspost.pictures import NOT_SHOWN, stopped_at
from bot.domain.answers import Refused, Unanswered, Uploaded
from bot.domain.models import Attempt, Limits, MediaFile, MediaState, State
from bot.domain.policy import Images
from bot.errors import ImageError
from tests.fakes.fitter import REMADE
from tests.makers import HOUR, NOON
from tests.unit.crosspost.attaching import GIF, MORE, attached, notes, on_stage, png, shared
from tests.unit.crosspost.stage import PNG, Stage


@pytest.fixture
def stage() -> Stage:
    """The same, with nothing else set."""
    return on_stage()


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
