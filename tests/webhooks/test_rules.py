"""Signatures follow the published specification; waits grow and end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ideas_app.webhooks import rules
from tests.webhooks.receiver import is_signed

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def test_the_example_of_the_specification_gives_its_signature():
    # Standard Webhooks, reference test vector of its libraries
    signature = rules.sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(min_size=24, max_size=64), st.binary(max_size=200), st.integers(0, 2**40))
@settings(max_examples=40, deadline=None)
def test_a_receiver_knows_our_messages_and_no_changed_one(random, body, stamp):
    secret, other = rules.secret_from(random), rules.secret_from(random[::-1] + b"x")
    headers = rules.headers_of([secret, other], "msg_1", stamp, body)
    got = {name.lower(): value for name, value in headers.items()}
    assert is_signed(secret, got, body)
    assert is_signed(other, got, body)
    assert not is_signed(rules.secret_from(b"y" * 24), got, body)
    assert not is_signed(secret, got, body + b"!")
    assert not is_signed(secret, got | {"webhook-id": "msg_2"}, body)


def test_waits_grow_and_then_it_is_over():
    waits = [rules.next_wait(tries) for tries in range(1, len(rules.WAITS) + 1)]
    assert waits == sorted(waits)
    assert rules.next_wait(len(rules.WAITS) + 1) is None


def test_only_many_failures_over_a_long_time_are_hopeless():
    day, many = rules.FAILING_TO_STOP, rules.FAILURES_TO_STOP
    assert rules.is_hopeless(many, NOW - day, NOW)
    assert not rules.is_hopeless(many - 1, NOW - day, NOW)
    assert not rules.is_hopeless(many, NOW - day + timedelta(seconds=1), NOW)
    assert not rules.is_hopeless(many, None, NOW)


def test_every_event_that_can_be_chosen_has_words_and_the_test_cannot():
    assert set(rules.EVENT_WORDS) == set(rules.Event) - {rules.Event.TEST}
