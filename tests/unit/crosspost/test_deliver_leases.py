"""Delivering: one process at a time, and what is committed when."""

import pytest
from msgspec.structs import replace

from bot.crosspost import share as by_hand
from bot.crosspost.context import lease_length
from bot.crosspost.deliver import attend
from bot.domain.models import State
from tests.makers import HOUR, MINUTE, SECOND
from tests.unit.crosspost.stage import PNG

IMAGE = (PNG, "A red kite")


class TestLeases:
    """One process at a time works on an account."""

    def test_a_leased_account_is_left_alone(self, stage):
        """While another process attends to it."""
        stage.publish()
        stage.collect()
        until = stage.clock.now() + HOUR
        stage.store.lease("uk", owner="other", now=stage.clock.now(), until=until)

        assert stage.attend() == ()
        assert [] == stage.links()

    def test_the_lease_is_given_back(self, stage):
        """Another process can go on at once."""
        stage.shared()
        stage.publish()
        stage.collect()

        assert 1 == len(attend(stage.context_of("other"), "uk"))

    def test_a_lease_taken_over_in_mid_preparation_sends_nothing(self, stage):
        """Whoever lost the lane drops what it prepared."""
        post_id = stage.publish()
        stage.collect()
        limits = stage.account.limits

        def slow():
            stage.pass_time(lease_length(stage.account_policy) + SECOND)
            stage.store.lease("uk", owner="other", now=stage.clock.now(), until=stage.clock.now() + HOUR)
            return limits()

        stage.account.limits = slow
        stage.attend()

        assert (State.PENDING, []) == (stage.share(post_id).state, stage.links())

    def test_slow_steps_extend_the_lease(self, stage):
        """However long it takes to prepare a share, nobody else begins with it meanwhile."""
        stage.account.polls = 50
        stage.publish(image=IMAGE)
        stage.collect()
        wait, taken = stage.clock.wait, []

        def try_to_take(duration):
            taken.append(attend(stage.context_of("other"), "uk"))
            return wait(duration)

        stage.clock.wait = try_to_take
        stage.account_policy = replace(stage.account_policy, timeout=SECOND)
        attend(stage.context_of("this"), "uk")

        assert {()} == set(taken)
        assert 50 <= len(taken)
        assert 1 == len(stage.links())

    def test_a_lease_lost_in_a_slow_step(self, stage):
        """Whoever finds the lane taken while an image is processed goes no further."""
        stage.account.polls = 5
        post_id = stage.publish(image=IMAGE)
        stage.collect()
        wait = stage.clock.wait

        def stand_still(duration):
            stage.pass_time(lease_length(stage.account_policy))
            now = stage.clock.now()
            stage.store.lease("uk", owner="other", now=now, until=now + HOUR)
            return wait(duration)

        stage.clock.wait = stand_still
        stage.attend()

        assert (State.PENDING, []) == (stage.share(post_id).state, stage.links())

    def test_a_lease_that_another_process_had_meanwhile(self, stage):
        """Whoever stood still knows nothing of what was sent since, though the lane is free again: it sends nothing."""
        stage.account_policy = replace(stage.account_policy, min_interval=10 * MINUTE)
        in_hand, named = stage.publish(), stage.publish()
        stage.collect()
        read = stage.site.read_several

        def stand_still(post_ids):
            stage.site.read_several = read
            stage.pass_time(lease_length(stage.account_policy) + SECOND)
            by_hand.request(stage.context, "uk", named, account="uk")
            attend(stage.context_of("other"), "uk")
            return read(post_ids)

        stage.site.read_several = stand_still
        attend(stage.context_of("this"), "uk")

        assert {in_hand: State.PENDING, named: State.SHARED} == stage.states()
        assert 1 == len(stage.links())

    def test_a_killed_sender_is_found_and_nothing_is_sent_twice(self, stage):
        """A share in mid-publish when its sender died: looked for, found, recorded."""
        post_id = stage.publish()
        stage.collect()
        publish = stage.account.publish

        def publish_then_die(*args, **kwargs):
            publish(*args, **kwargs)
            raise KeyboardInterrupt

        stage.account.publish = publish_then_die
        with pytest.raises(KeyboardInterrupt):
            stage.attend()
        stage.account.publish = publish
        assert State.SENDING is stage.share(post_id).state

        stage.pass_time(lease_length(stage.account_policy))
        attend(stage.context_of("next"), "uk")
        assert State.UNKNOWN is stage.share(post_id).state
        stage.pass_time(stage.account_policy.answer_deadline)
        attend(stage.context_of("next"), "uk")

        assert State.SHARED is stage.share(post_id).state
        assert 1 == len(stage.links())


class TestOneTransaction:
    """The outcome of a status and the beginning of the next are recorded together."""

    def three(self, stage, **fields):
        """Three posts that are due."""
        for title in ("One", "Two", "Three"):
            stage.publish(title, **fields)
        stage.collect()

    def recorded(self, stage):
        """What the store is told from now on: the names of the calls that write."""
        calls = []
        for name in ("begin", "apply"):
            method = getattr(stage.store, name)

            def told(*args, name=name, method=method, **kwargs):
                calls.append(name)
                return method(*args, **kwargs)

            setattr(stage.store, name, told)
        return calls

    def test_a_running_drain(self, stage):
        """Begins each with the outcome of the one before; only the last is recorded by itself."""
        self.three(stage)
        begin, ended = stage.store.begin, []

        def told(*args, **kwargs):
            ended.append(kwargs["ended"])
            return begin(*args, **kwargs)

        stage.store.begin = told
        stage.attend()

        assert [None, 1, 2] == [one and one.share.post_id for one in ended]
        assert {State.SHARED} == set(stage.states().values())
        assert [("publish", "shared")] * 3 == [stage.history(post_id)[-1] for post_id in (1, 2, 3)]

    def test_what_takes_its_time_comes_after_it(self, stage):
        """Before an image is fetched and uploaded the outcome of the one before is on disk."""
        self.three(stage, image=(PNG, "A picture"))
        calls = self.recorded(stage)
        stage.attend()

        assert ["begin", "apply"] * 3 == calls

    def test_the_next_was_changed_meanwhile(self, stage):
        """By a person, say: then nothing of it is begun, and what came of the one before stands."""
        self.three(stage)
        begin = stage.store.begin

        def meanwhile(share, **kwargs):
            if share.post_id == 2:
                stage.store.begin = begin
                by_hand.skip(stage.context, stage.share(2))
            return begin(share, **kwargs)

        stage.store.begin = meanwhile
        stage.attend()

        assert {1: State.SHARED, 2: State.SKIPPED, 3: State.PENDING} == stage.states()
        assert 1 == len(stage.links())
