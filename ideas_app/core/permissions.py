"""Who may do which kind of thing: one screen. What depends on the thing itself stands in each `policy`.

Must not know any feature.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The one role that a person holds."""

    YOUTH = "youth"
    MODERATOR = "moderator"
    OFFICIAL = "official"
    ADMIN = "admin"


STAFF = frozenset({Role.MODERATOR, Role.OFFICIAL, Role.ADMIN})


class Scope(StrEnum):
    """What the owner of a token lets a program do with it; never more than the owner's role allows."""

    READ = "read"
    WRITE = "write"
    STAFF = "staff"


class Permission(StrEnum):
    """A kind of act, `thing:verb`, in alphabetical order."""

    ACCOUNT_MANAGE = "account:manage"
    ANSWER_WRITE = "answer:write"
    AUDIT_READ = "audit:read"
    BALLOT_CAST = "ballot:cast"
    BALLOT_PREPARE = "ballot:prepare"
    CAMPAIGN_MANAGE = "campaign:manage"
    COMMENT_HIGHLIGHT = "comment:highlight"
    COMMENT_WRITE = "comment:write"
    EVALUATION_ASK = "evaluation:ask"
    EVALUATION_GIVE = "evaluation:give"
    EXPORT_OPEN = "export:open"
    EXPORT_TEMPLATE = "export:template"
    EXPORT_WORKING = "export:working"
    FLAG_RAISE = "flag:raise"
    IDEA_FOLLOW = "idea:follow"
    IDEA_MODERATE = "idea:moderate"
    IDEA_SUBMIT = "idea:submit"
    IDEA_SUPPORT = "idea:support"
    OPINION_READ = "opinion:read"
    PROGRAMME_MANAGE = "programme:manage"
    REQUEST_ANSWER = "request:answer"
    RETENTION_MANAGE = "retention:manage"
    ROSTER_IMPORT = "roster:import"
    SHORTLIST_COMPUTE = "shortlist:compute"
    SHORTLIST_PUBLISH = "shortlist:publish"
    SHORTLIST_READ = "shortlist:read"
    SYSTEM_OPERATE = "system:operate"
    TERMS_WRITE = "terms:write"


_YOUTH = frozenset(
    {
        Permission.BALLOT_CAST,
        Permission.COMMENT_WRITE,
        Permission.FLAG_RAISE,
        Permission.IDEA_FOLLOW,
        Permission.IDEA_SUBMIT,
        Permission.IDEA_SUPPORT,
    }
)
_MODERATOR = _YOUTH | {
    Permission.BALLOT_PREPARE,
    Permission.COMMENT_HIGHLIGHT,
    Permission.EVALUATION_ASK,
    Permission.EVALUATION_GIVE,
    Permission.EXPORT_OPEN,
    Permission.EXPORT_TEMPLATE,
    Permission.EXPORT_WORKING,
    Permission.IDEA_MODERATE,
    Permission.OPINION_READ,
    Permission.PROGRAMME_MANAGE,
    Permission.ROSTER_IMPORT,
    Permission.SHORTLIST_COMPUTE,
    Permission.SHORTLIST_PUBLISH,
    Permission.SHORTLIST_READ,
}
_OFFICIAL = _YOUTH | {
    Permission.ANSWER_WRITE,
    Permission.EVALUATION_ASK,
    Permission.EVALUATION_GIVE,
    Permission.EXPORT_OPEN,
    Permission.EXPORT_WORKING,
    Permission.OPINION_READ,
    Permission.SHORTLIST_READ,
}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.YOUTH: _YOUTH,
    Role.MODERATOR: _MODERATOR,
    Role.OFFICIAL: _OFFICIAL,
    Role.ADMIN: frozenset(Permission),
}
"""Higher roles keep the youth's rights; whether staff may vote is the campaign's rule, not a grant."""


def has(role: Role | None, permission: Permission) -> bool:
    """Whether a role carries a permission; a visitor (None) carries none."""
    return role is not None and permission in GRANTS[role]
