"""The gate before the application: a few requests at a time, as long as those inside are quick."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given, settings
from hypothesis import strategies as st

from ideas_app.core import waiting
from ideas_app.web import gate
from ideas_app.web.gate import Gate


class Inside:
    """An application that tells how many are inside at once, and keeps some of them until they are let go."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.now = self.most = 0
        self.entered = threading.Semaphore(0)
        self.let_go = threading.Event()

    def __call__(self, asked, _start_response):
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.entered.release()
        if asked.get("is_slow"):
            if asked.get("waits_for_disk"):
                waiting.let_go()
                waiting.let_go()  # the place was one
            self.let_go.wait(30)
        with self.lock:
            self.now -= 1
        if asked.get("fails"):
            raise RuntimeError("failed inside")
        return [b"ok"]


def answer(layer, **asked):
    return layer(asked, None)


@settings(max_examples=5, deadline=None)
@given(st.integers(1, 3))
def test_no_more_quick_requests_are_inside_at_once_than_there_are_places(width):
    inside = Inside()
    layer = Gate(inside)
    layer.narrow(width)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: answer(layer), range(200)))

    assert answers == [[b"ok"]] * 200
    assert 1 <= inside.most <= width


def test_whoever_is_inside_for_long_keeps_nobody_and_those_behind_get_a_gate_of_their_own(
    monkeypatch,
):
    monkeypatch.setattr(gate, "PATIENCE", 0.001)
    inside = Inside()
    layer = Gate(inside)
    layer.narrow(1)

    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(answer, layer, is_slow=True)
        inside.entered.acquire()

        assert answer(layer) == [b"ok"]
        # the new gate has its place free: nobody behind waits for the slow one again
        monkeypatch.setattr(gate, "PATIENCE", 30)
        assert answer(layer) == [b"ok"]
        assert not slow.done()

        inside.let_go.set()
        assert slow.result(30) == [b"ok"]


def test_who_waits_for_the_disk_lets_one_more_in_and_no_two(monkeypatch):
    monkeypatch.setattr(gate, "PATIENCE", 30)
    inside = Inside()
    layer = Gate(inside)
    layer.narrow(1)

    with ThreadPoolExecutor(2) as threads:
        writes = threads.submit(answer, layer, is_slow=True, waits_for_disk=True)
        inside.entered.acquire()
        assert answer(layer) == [b"ok"]
        assert not writes.done()
        inside.let_go.set()
        assert writes.result(30) == [b"ok"]
        # the place that was given up early did not come back a second time
        inside.most = 0
        assert list(threads.map(lambda _: answer(layer), range(50))) == [[b"ok"]] * 50
    assert inside.most == 1


def test_a_fault_inside_gives_the_place_back(monkeypatch):
    inside = Inside()
    layer = Gate(inside)
    layer.narrow(1)
    failed = False
    try:
        answer(layer, fails=True)
    except RuntimeError:
        failed = True
    monkeypatch.setattr(gate, "PATIENCE", 30)

    assert failed
    assert answer(layer) == [b"ok"]
    assert inside.most == 1


def test_before_it_is_narrowed_everybody_comes_in():
    inside = Inside()
    layer = Gate(inside)

    with ThreadPoolExecutor(3) as threads:
        waiting = [threads.submit(answer, layer, is_slow=True) for _ in range(3)]
        for _ in waiting:
            inside.entered.acquire()
        inside.let_go.set()

    assert inside.most == 3
    assert [one.result() for one in waiting] == [[b"ok"]] * 3
