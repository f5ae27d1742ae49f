"""Two people who ask about their data: one with an account, whose answer is soon due, and one without."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ideas_app.cli.demo.stage import YOUTH
from ideas_app.core import clock
from ideas_app.privacy.service import Asking, ask, ask_without_account

if TYPE_CHECKING:
    from ideas_app.cli.demo.stage import Stage


def ask_about_data(stage: Stage) -> None:
    """Both requests wait for the administrator."""
    wanted = Asking(
        kind="correction", about="roster", text="2025년 과정 명단에 전화번호가 예전 번호로 있어요."
    )
    with clock.at(clock.now() - timedelta(days=8)):
        ask(stage.youths[YOUTH], wanted)
    outside = Asking(
        kind="deletion",
        about="roster",
        text="작년에 한 번 참여했어요. 명단에서 제 전화번호를 지워 주세요.",
        name="문가람",
        contact="garam@example.org",
    )
    with clock.at(clock.now() - timedelta(days=2)):
        ask_without_account(outside, address="192.0.2.20")
