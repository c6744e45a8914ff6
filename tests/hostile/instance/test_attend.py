"""A lane on a hostile instance: it ends, sends at most one status, and every share has a url or a reason."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.crosspost.context import Posting
from bot.crosspost.deliver import attend
from bot.domain.models import State
from bot.mastodon import MastodonAccount
from bot.sandbox.messages import Answer, Request
from tests.hostile.instance.entities import ACCOUNT, ANSWERS, INSTANCE, LINKS, MEDIA, NODEINFO, STATUS
from tests.hostile.mangling import dumped
from tests.hostile.server import ScriptedServer
from tests.unit.crosspost.stage import PNG, Stage

# By the end of the path; what stands first is meant where several fit.
GOOD = {
    "/verify_credentials": ACCOUNT,
    "/1/statuses": [
        STATUS | {"id": "99", "content": "<p>Hello</p>", "card": None, "created_at": "2026-03-01T00:00:00Z"}
    ],
    "/statuses": STATUS,
    "/media": MEDIA,
    "/media/22": MEDIA,
    "/instance": INSTANCE,
    "/.well-known/nodeinfo": LINKS,
    "/nodeinfo/2.0": NODEINFO,
}
SCRIPTS = st.fixed_dictionaries(
    {end: st.one_of(st.just(Answer(body=dumped(entity))), ANSWERS) for end, entity in GOOD.items()}
)
ROUNDS = 4


@settings(max_examples=40)
@given(script=SCRIPTS)
def test_a_lane_ends_with_a_url_or_a_reason(server: ScriptedServer, script: dict[str, Answer]) -> None:
    """Round after round, an hour apart: nothing is raised, no round sends more than one status that may stand."""

    def say(request: Request) -> Answer:
        return next((answer for end, answer in script.items() if request.path.endswith(end)), Answer(status=404))

    server.begin(say)
    stage = Stage()
    stage.first_look()
    post_id = stage.publish(image=(PNG, "A kite"))
    stage.collect()
    account = MastodonAccount(
        "uk", server.url, read_token=lambda: "t0ken", timeout=timedelta(seconds=20), allow_private=True
    )
    posting = Posting(account=account, policy=stage.account_policy, instance=server.url)
    stage.context.accounts["uk"] = posting  # type: ignore[index] # the stage made it a dict

    for _ in range(ROUNDS):
        before = len(server.requests)
        attend(stage.context, "uk")
        sent = [request for request in server.requests[before:] if request.method == "POST"]
        published = [request for request in sent if request.path.endswith("/statuses")]
        assert len(published) <= 1 or script["/statuses"].status in (400, 413, 422)
        stage.pass_time(timedelta(hours=1))
    account.close()

    share = stage.share(post_id)
    paused = stage.store.account("uk").pause_reason
    assert (share.state is State.SHARED) is bool(share.url)
    assert share.state is State.SHARED or share.error or paused
    assert share.state is not State.SENDING
