"""Short words for what tests of the desk do again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ideas_app.audit.models import AuditEntry
from ideas_app.audit.queries import list_of_subject
from ideas_app.comments.models import Stance
from ideas_app.comments.service import write
from ideas_app.core.db import session, transaction
from ideas_app.ideas.models import Family, Idea
from ideas_app.ideas.queries import get_idea
from ideas_app.moderation import queries, service
from ideas_app.moderation.models import Appeal, Flag, Objection
from ideas_app.votes.service import (
    give_support,
    leave_family,
    return_to_family,
    take_support_back,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ideas_app.core.actor import Actor

WORDS = "글 안에 휴대전화 번호가 있어 싣지 않았습니다."


def decide(verb: str, actor: Actor, idea_id: int, *words: Any, **more: Any) -> Idea:
    """One of service's decisions on an idea; the idea as it is then."""
    with transaction():
        getattr(service, verb)(actor, get_idea(idea_id), *words, **more)
    return get_idea(idea_id)


def comment_on(actor: Actor, idea_id: int, text: str = "저도 같은 생각이에요.") -> int:
    with transaction():
        return write(actor, get_idea(idea_id), text, Stance.FOR).id


def flag_idea(actor: Actor, idea_id: int, code: str = "abuse") -> int:
    with transaction():
        return service.raise_flag(actor, get_idea(idea_id), code, "두 번째 문장").id


def flag_comment(actor: Actor, comment_id: int, code: str = "abuse") -> int:
    with transaction():
        return service.raise_flag(actor, queries.get_comment(comment_id), code).id


def settle_flag(actor: Actor, flag_id: int, outcome: str, reason: str = WORDS, **more: Any) -> Flag:
    with transaction():
        service.settle_flag(actor, queries.get_flag(flag_id), outcome, reason, **more)
    return queries.get_flag(flag_id)


def appeal(actor: Actor, idea_id: int, text: str = "민원이 아니라 제안입니다.") -> int:
    with transaction():
        return service.file_appeal(actor, get_idea(idea_id), text).id


def settle_appeal(
    actor: Actor, appeal_id: int, outcome: str, reason: str = "다시 보았습니다."
) -> Appeal:
    with transaction():
        service.settle_appeal(actor, queries.get_appeal(appeal_id), outcome, reason)
    return queries.get_appeal(appeal_id)


def join(actor: Actor, idea_ids: Sequence[int], reason: str = "바라는 바가 같습니다.") -> int:
    with transaction():
        ideas = [get_idea(idea_id) for idea_id in idea_ids]
        words = "산단 통근버스를 함께 타는 노선으로", "여러 회사가 함께 쓰는 통근버스를 만듭니다."
        return service.form_family(actor, ideas, *words, reason).id


def split(actor: Actor, family_id: int, reason: str = "두 글쓴이의 요청으로 나눕니다.") -> Family:
    with transaction():
        service.split_family(actor, queries.get_family(family_id), reason)
    return queries.get_family(family_id)


def add(
    actor: Actor, family_id: int, idea_ids: Sequence[int], reason: str = "같은 노선입니다."
) -> None:
    with transaction():
        ideas = [get_idea(idea_id) for idea_id in idea_ids]
        service.add_to_family(actor, queries.get_family(family_id), ideas, reason)


def take_out(
    actor: Actor, family_id: int, idea_id: int, reason: str = "다른 노선 이야기입니다."
) -> None:
    with transaction():
        service.take_out(actor, queries.get_family(family_id), get_idea(idea_id), reason)


def leave(actor: Actor, family_id: int) -> int:
    with transaction():
        return leave_family(actor, queries.get_family(family_id))


def come_back(actor: Actor, family_id: int) -> int:
    with transaction():
        return return_to_family(actor, queries.get_family(family_id))


def object_to(actor: Actor, family_id: int, idea_id: int) -> int:
    with transaction():
        family, idea = queries.get_family(family_id), get_idea(idea_id)
        return service.object_to_family(actor, family, idea, "면 이야기가 빠져 있어요.").id


def settle_objection(actor: Actor, objection_id: int, outcome: str) -> Objection:
    with transaction():
        objection = queries.get_objection(objection_id)
        service.settle_objection(actor, objection, outcome, "공통 글에 한 문장을 넣었습니다.")
    return queries.get_objection(objection_id)


def support(actor: Actor, idea_id: int) -> None:
    with transaction():
        give_support(actor, idea_id)


def take_back(actor: Actor, idea_id: int) -> None:
    with transaction():
        take_support_back(actor, idea_id)


def tags_of(kind: str, thing_id: int) -> list[str]:
    return [entry.tag for entry in list_of_subject(kind, thing_id)]


def last_entry() -> AuditEntry:
    return session().scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
