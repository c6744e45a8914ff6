"""A preview says what the instance would say of the status."""

import json

import pytest

from bot.cli.commands.preview import Previewer
from bot.cli.post_names import PostName
from bot.domain.models import Limits
from tests.unit.crosspost.stage import PNG, Stage

WANTS_ONE = "Pixelfed takes no status without an image, and this one has none that could be attached"


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (
            None,
            [f"the share would fail: {WANTS_ONE}"],
        ),
        ((PNG, "A picture"), []),
    ],
)
def test_pixelfed_wants_an_image(
    image: tuple[bytes, str] | None, expected: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A post without an image that could be attached is refused there: the preview says so beforehand."""
    stage = Stage()
    stage.account.instance_limits = Limits(software="pixelfed")
    stage.publish(image=image)
    Previewer(stage.context, text="", as_json=True).say(PostName("uk", 1), accounts=["uk"])

    assert expected == json.loads(capsys.readouterr().out)["notes"]
