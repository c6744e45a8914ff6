"""A preview shows to the letter what is sent afterwards, or why it isn't."""

import json

import pytest
from msgspec.structs import replace

from bot.cli.terminal.preview_text import say_preview, say_preview_json
from bot.crosspost.share import Wish, request
from bot.domain.answers import Barred, NotSent, Refused, Unanswered
from bot.domain.models import Limits, State
from bot.domain.policy import Images
from bot.errors import AccountBarredError, RefusedError
from bot.report.preview import Preview, preview, with_pictures
from tests.makers import HOUR
from tests.unit.crosspost.stage import PNG, Stage

PIXELFED = "Pixelfed takes no status without an image, and this one has none that could be attached"
HTML = b"<html>no picture</html>"


def on_stage(**account: object) -> Stage:
    """A stage that has looked at its site once."""
    stage = Stage(account=account)
    stage.first_look()
    return stage


def shown(stage: Stage, post_id: int = 1, text: str = "") -> Preview:
    """The preview of a post, its pictures looked at."""
    post, limits = stage.site.posts[post_id], stage.account.instance_limits
    made = preview(stage.context, "uk", post, account="uk", limits=limits, text=text)
    return with_pictures(stage.context, made)


def deliver(stage: Stage, times: int = 1) -> None:
    """Look at the site and attend to the account, an hour apart."""
    for _ in range(times):
        stage.collect()
        stage.attend()
        stage.pass_time(HOUR)


def assert_sent_as(made: Preview, stage: Stage) -> None:
    """That the newest status on the account is the one that was shown, with the same files."""
    status = stage.account.statuses[-1]

    assert made.composition.status == status.status
    assert [picture.file for picture in made.pictures if picture.file] == [
        stage.account.media[one].file for one in status.media_ids
    ]
    assert "" == made.objection


@pytest.mark.parametrize("supported", [(), ("image/jpeg",)])
@pytest.mark.parametrize("images", Images)
@pytest.mark.parametrize("data", [PNG, HTML])
def test_what_is_shown_is_what_is_sent(supported: tuple[str, ...], images: Images, data: bytes) -> None:
    """Its words, and its images as the instance takes them; those that can't be used are in neither."""
    stage = on_stage(images=images)
    stage.account.instance_limits = Limits(supported_mime_types=supported)
    stage.publish(excerpt="Read it.", tags=("Birds",), image=(data, "A heron"))
    made = shown(stage)
    deliver(stage)

    assert_sent_as(made, stage)


class TestAShareThatWaits:
    """What was refused of it before is left out of the next send, and of its preview."""

    def test_a_hashtag_that_the_instance_refuses(self) -> None:
        """The status is shown without it."""
        stage = on_stage(template="{title}\n\n{link}\n\n{hashtags}")
        stage.account.answer(Refused(code=422, message="Validation failed: #Birds"))
        stage.account.answer(NotSent(message="connection refused"))
        stage.publish(tags=("Birds", "Ponds"))
        before = shown(stage)
        deliver(stage)
        made = shown(stage)
        deliver(stage)

        assert (("#Birds", "#Ponds"), ("#Ponds",)) == (before.composition.hashtags, made.composition.hashtags)
        assert_sent_as(made, stage)

    def test_images_that_are_left_out(self) -> None:
        """A firewall refused the share with them: it goes without, and that is said."""
        stage = on_stage()
        stage.account.answer(Barred(code=403, message="Just a moment..."))
        stage.publish(image=(PNG, "A heron"))
        before = shown(stage)
        deliver(stage)
        made = shown(stage)
        deliver(stage)

        assert ("", "the instance didn't take it before") == (before.without_image, made.without_image)
        assert_sent_as(made, stage)

    def test_a_persons_own_words(self) -> None:
        """Those that were asked for, unless others are asked for now."""
        stage = on_stage()
        stage.publish()
        request(stage.context, "uk", 1, account="uk", wish=Wish(text="Look!"))
        stage.account.answer(Refused(code=422, message="no"))
        deliver(stage)

        assert State.FAILED is stage.share(1).state
        assert shown(stage).composition.status.text.startswith("Look!")
        assert shown(stage, text="See!").composition.status.text.startswith("See!")


class TestWhyNot:
    """What would keep it from being sent."""

    @pytest.mark.parametrize("data", [None, HTML])
    def test_pixelfed_without_an_image(self, data: bytes | None) -> None:
        """Also where the post has one that can't be used. The share fails with the same words."""
        stage = on_stage()
        stage.account.instance_limits = Limits(software="pixelfed")
        stage.publish(image=(data, "") if data is not None else None)
        made = shown(stage)
        deliver(stage)

        assert (PIXELFED, PIXELFED) == (made.objection, stage.share(1).error)
        assert made.remarks() == (f"the share would fail: {PIXELFED}",)

    def test_an_address_that_is_too_long(self) -> None:
        """The share fails with the same words."""
        stage = on_stage()
        stage.account.instance_limits = Limits(max_characters=10)
        stage.publish()
        made = shown(stage)
        deliver(stage)

        assert made.objection == stage.share(1).error
        assert made.objection.startswith("doesn't fit: 23 of 10 characters")

    def test_no_status_at_all(self) -> None:
        """It is refused in the words that the share fails with."""
        stage = on_stage()
        stage.publish()
        stage.site.edit(1, replace(stage.site.posts[1], link="javascript:alert(1)"))
        deliver(stage)

        with pytest.raises(RefusedError) as refused:
            shown(stage)
        assert str(refused.value) == f"uk/1 on uk: {stage.share(1).error}"

    def test_a_repeat_of_an_unanswered_send(self) -> None:
        """Such a share goes as it was sent, whatever its post says by now."""
        stage = on_stage()
        stage.account.answer(Unanswered(message="timeout"))
        stage.publish()
        deliver(stage)

        assert "where it isn't found, it goes again as it was sent" in " ".join(shown(stage).remarks())

    def test_what_a_site_says_is_shared(self) -> None:
        """As before a send: only an address on the account's own instance proves it; without a token it is believed."""
        stage = on_stage()
        own, other = "https://social.example/@uk/7", "https://elsewhere.example/@uk/7"
        stage.publish(share_url=own)
        stage.publish(share_url=other)

        assert (own, "") == (shown(stage, 1).shared_at, shown(stage, 2).shared_at)
        stage.context.remembered.profiles.clear()
        stage.account.error = AccountBarredError("without a token", code=401)
        assert other == shown(stage, 2).shared_at

    def test_an_address_that_is_known_as_another_shares(self) -> None:
        """It isn't believed without a token: what howdah wrote back is of the first account of several."""
        stage = on_stage()
        stage.publish(share_url=stage.shared().url)
        stage.context.remembered.profiles.clear()
        stage.account.error = AccountBarredError("without a token", code=401)

        assert shown(stage, 2).shared_at == ""

    def test_what_the_author_unticked(self) -> None:
        """The box of the plugin is looked at as well."""
        stage = on_stage()
        stage.publish(share_field=True, share_box="0")
        made = shown(stage)
        deliver(stage)

        assert "its author left the box of Share on Mastodon unticked" == made.refusal == stage.share(1).error


def test_a_post_that_only_a_feed_tells_of(capsys: pytest.CaptureFixture[str]) -> None:
    """It is called by its link; programs are told no id, since the site gave none."""
    stage = on_stage()
    number = stage.publish()
    stage.site.posts[number] = replace(stage.site.posts[number], id=-5)
    made = shown(stage, number)
    say_preview(made, ())
    say_preview_json(made, ())

    text, _, line = capsys.readouterr().out.partition("\n\n")
    assert text.startswith(f"{made.post.link} on uk: ")
    assert json.loads(line)["post_id"] is None
