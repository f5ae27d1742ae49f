"""The queue calls workers into lanes; it may be a file or Redis, and it may be away."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import huey  # noqa: F401  # whole, with its Redis: these tests open both kinds of queues in one process
import pytest

from ideas_app.adapters.queue import ENOUGH, Queue, QueueAwayError
from tests.cli.post_office import wait_until

needs_redis = pytest.mark.skipif(not os.environ.get("REDIS_URL"), reason="REDIS_URL is not set")


@pytest.fixture(params=["file", pytest.param("redis", marks=needs_redis)])
def make(request, tmp_path: Path):
    """Makes a queue as a web process or a worker has it; all are the same one."""
    url = os.environ["REDIS_URL"] if request.param == "redis" else ""

    def make(key: str = "k" * 32) -> Queue:
        return Queue(file=tmp_path / "queue.db", redis_url=url, key=key)

    yield make
    make()._open(1.0).flush()


class Worker:
    """A worker in a thread, which notes the lanes it was called into."""

    def __init__(self, queue: Queue, work=lambda _lane: None, lanes=None) -> None:
        self.lanes: list[str] = []
        self.sweeps = 0
        self.stop = threading.Event()

        def note(lane: str) -> None:
            self.lanes.append(lane)
            work(lane)

        def sweep() -> None:
            self.sweeps += 1

        more = {"lanes": lanes or {"mail": 1, "inside": 2}, "every": 0.1, "stop": self.stop}
        self.thread = threading.Thread(target=queue.serve, args=(note, sweep), kwargs=more)
        self.thread.start()

    def leave(self) -> None:
        self.stop.set()
        self.thread.join()


def test_a_call_of_a_web_process_reaches_a_worker_and_the_sweep_beats(make) -> None:
    web = make()
    web.call("mail")
    worker = Worker(make())
    wait_until(lambda: worker.lanes and worker.sweeps)
    worker.leave()
    assert worker.lanes == ["mail"]


def test_a_lane_takes_no_more_threads_than_it_has_and_a_busy_one_holds_up_no_other(make) -> None:
    busy, go_on = threading.Event(), threading.Event()

    def work(lane: str) -> None:
        if lane == "mail":
            busy.set()
            go_on.wait(60)

    queue = make()
    worker = Worker(queue, work)
    queue.call("mail")
    assert busy.wait(60)
    queue.call("mail")
    queue.call("inside")
    wait_until(lambda: "inside" in worker.lanes)
    go_on.set()
    worker.leave()
    assert worker.lanes == ["mail", "inside"], "whoever is in a lane empties it"


def test_calls_that_nobody_answers_do_not_pile_up(make) -> None:
    queue = make()
    for _ in range(2 * ENOUGH):
        queue.call("mail")
    assert queue._open(1.0).pending_count() == ENOUGH


def test_a_call_that_was_forged_is_not_unpacked(make) -> None:
    make(key="x" * 32).call("mail")
    queue = make()
    worker = Worker(queue)
    queue.call("inside")
    wait_until(lambda: worker.lanes)
    worker.leave()
    assert worker.lanes == ["inside"]


def test_a_queue_that_is_away_is_told_at_once_and_then_left_alone_for_a_while(tmp_path) -> None:
    for queue in (
        Queue(file=tmp_path / "nowhere" / "queue.db", redis_url="", key="k"),
        Queue(file=tmp_path / "q.db", redis_url="redis://127.0.0.1:9/0", key="k"),
    ):
        for _ in range(2):
            with pytest.raises(QueueAwayError):
                queue.call("mail")
        assert queue._away_until > 0


def test_a_worker_whose_queue_cannot_be_opened_sweeps_on(tmp_path) -> None:
    worker = Worker(Queue(file=tmp_path / "nowhere" / "queue.db", redis_url="", key="k"))
    wait_until(lambda: worker.sweeps > 1)
    worker.leave()
