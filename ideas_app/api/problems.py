"""The faults that operations can answer with: each stable code with its status and what it means.

A code stands here once; an operation names those of its own, and those that any operation can give come by
themselves. Words for people come with the fault, as on pages. Must not know any operation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from marshmallow import fields

from ideas_app.api.shapes import Shape, many_of

if TYPE_CHECKING:
    from collections.abc import Iterable


class ProblemField(Shape):
    """One thing wrong with the request, and where."""

    field = fields.String(metadata={"description": "Path of the field: `title`, `ideas.3`."})
    code = fields.String(metadata={"description": "Stable code of this fault."})
    detail = fields.String(metadata={"description": "What is wrong, for people."})


class Problem(Shape):
    """A fault (RFC 9457). `code` is for programs and never changes; `detail` is for people."""

    type = fields.String(metadata={"format": "uri", "description": "Where the code is explained."})
    title = fields.String(
        metadata={"description": "What all faults of this status have in common."}
    )
    status = fields.Integer()
    detail = fields.String(metadata={"description": "What happened and what to do."})
    code = fields.String(metadata={"description": "Stable code."})
    errors = many_of(ProblemField)


@dataclass(frozen=True, slots=True)
class Code:
    """A stable code: the status it comes with and what it means, in English, for the document."""

    status: int
    meaning: str


CODES: dict[str, Code] = {
    "bad_request": Code(400, "The request cannot be read."),
    "json_unreadable": Code(400, "The body is not JSON in UTF-8."),
    "json_too_deep": Code(400, "The body is nested more than 12 levels deep."),
    "json_repeated_name": Code(400, "A name stands twice in one object of the body."),
    "json_bad_characters": Code(400, "NUL or half a surrogate pair in a text of the body."),
    "sign_in": Code(401, "The operation needs a token and none was sent."),
    "token_invalid": Code(401, "The token is unknown, past or revoked, or its account is closed."),
    "scope_missing": Code(403, "The token lacks the scope of the operation."),
    "not_permitted": Code(403, "The account's role lacks the permission of the operation."),
    "not_found": Code(404, "Nothing readable stands under the address."),
    "method_not_allowed": Code(405, "The address has no such method; `Allow` names those it has."),
    "not_acceptable": Code(406, "`Accept` leaves out the one kind that there is."),
    "too_large": Code(413, "The body is larger than 256 KiB."),
    "media_type": Code(415, "The body is not sent as `application/json`."),
    "too_many_requests": Code(429, "The limit of requests is reached; see `Retry-After`."),
    "internal": Code(500, "A fault of the service; it was noted."),
    "unavailable": Code(503, "The service is resting; see `Retry-After`."),
    "unknown_field": Code(422, "A field that the operation, or the campaign, does not have."),
    "required": Code(422, "A field that is needed is missing."),
    "null": Code(422, "null where a value is needed."),
    "not_an_object": Code(422, "Something else where an object is needed."),
    "not_text": Code(422, "Something else where text is needed."),
    "not_a_number": Code(422, "Something else where a whole number is needed."),
    "not_a_truth": Code(422, "Something else where true or false is needed."),
    "not_a_list": Code(422, "Something else where a list is needed."),
    "not_a_date": Code(422, "Something else where a date (YYYY-MM-DD) is needed."),
    "bad_characters": Code(422, "Control characters or broken letters in a text."),
    "repeated": Code(422, "A query parameter that stands there twice."),
    "out_of_range": Code(422, "A number outside the bounds of the field."),
    "too_long": Code(422, "A text longer than the field takes."),
    "too_many_items": Code(422, "A list longer than the field takes."),
    "not_one_of": Code(422, "A word that the field does not know."),
    "cursor": Code(422, "A cursor that this list did not give out, or for other filters."),
    "idempotency_key": Code(422, "An `Idempotency-Key` that is empty, too long or odd."),
    "idempotency_mismatch": Code(422, "The `Idempotency-Key` stood for another request."),
    "idempotency_running": Code(409, "The request with this `Idempotency-Key` is not done yet."),
    "no_campaign": Code(404, "There is no such campaign."),
    "no_comment": Code(404, "There is no such comment on this idea."),
    "no_family": Code(404, "There is no such family."),
    "no_programme": Code(404, "There is no such programme."),
    "no_report": Code(404, "There is no report for that year."),
    "no_round": Code(404, "There is no such shortlist, or it is not published."),
    "not_counted": Code(404, "The round has not been counted."),
    "too_few_ballots": Code(403, "So few ballots that the file could point to a person."),
    "no_idea": Code(404, "There is no such idea, or it is not for you to read."),
}

CODES |= {
    # who may: the person, not the moment
    "not_verified": Code(403, "The account's e-mail address is not confirmed."),
    "age": Code(403, "The campaign is for people of another age."),
    "tie": Code(403, "The campaign is for people who live, work or study in the city."),
    "not_a_participant": Code(403, "The campaign is for participants of certain programmes."),
    "staff": Code(403, "Staff do not vote in this campaign."),
    "own_idea": Code(403, "An own idea is not supported."),
    "own": Code(403, "Nobody decides about, joins or flags a text of their own."),
    "not_author": Code(403, "Only the author may do this."),
    "not_yours": Code(403, "Only the person who wrote it may do this."),
    "no_answer": Code(404, "No answer is owed to the idea."),
    # when: a later or an earlier request might do
    "closed": Code(409, "This is not, or no longer, open in the campaign."),
    "not_yet_open": Code(409, "This opens later; `detail` names the day."),
    "not_in_campaign": Code(409, "The campaign does not have this activity."),
    "too_late": Code(409, "The time for this change is over."),
    "withdrawn": Code(409, "The author took the idea back."),
    "hidden": Code(409, "A moderator has hidden the idea."),
    "on_ballot": Code(409, "The idea stands on a ballot, so its text stays as it is."),
    "settled": Code(409, "The idea has been decided on, so its text stays as it is."),
    "answered": Code(409, "The city has answered the idea."),
    "state": Code(409, "The idea is no longer in the state that this needs."),
    "changed_meanwhile": Code(409, "It was changed since it was read: read it again."),
    "not_open_for_support": Code(409, "The idea takes no supports in its present state."),
    "set_aside": Code(409, "Your support of the idea is set aside and being looked into."),
    "already_flagged": Code(409, "You have flagged it already."),
    "already_decided": Code(409, "Somebody decided about the idea meanwhile."),
    "still_mending": Code(409, "The author still has time to mend the idea."),
    "locked": Code(409, "A colleague has it open at the desk."),
    "voted_on_paper": Code(409, "Your ballot on paper has been counted."),
    "not_discussed": Code(409, "The idea takes no comments in its present state."),
    "gone": Code(409, "The comment was deleted or hidden."),
    "comment_gone": Code(409, "The comment was deleted or hidden."),
    "not_published": Code(409, "Only published ideas are joined."),
    "in_a_family": Code(409, "One of the ideas is in a family already."),
    "family_split": Code(409, "The family has been split."),
    "family_fixed": Code(409, "The family was put to the vote or answered."),
    "still_open": Code(409, "Voting, or entering papers, has not closed yet."),
    "no_draft": Code(409, "The answer says this already."),
    "draft_changed": Code(409, "Somebody changed the draft meanwhile."),
    "draft_begun": Code(409, "A colleague has begun to write; name `version` to write over it."),
    # how many
    "ideas_per_day": Code(429, "So many ideas a day fit; see `Retry-After`."),
    "newcomer_ideas": Code(429, "A new account sends few ideas at first; see `Retry-After`."),
    "comments_per_day": Code(429, "So many comments a day fit; see `Retry-After`."),
    "newcomer_comments": Code(
        429, "A new account writes few comments at first; see `Retry-After`."
    ),
    # what was written
    "title_empty": Code(422, "The title is empty."),
    "title_short": Code(422, "The title is shorter than the campaign asks."),
    "title_long": Code(422, "The title is longer than the campaign takes."),
    "why_empty": Code(422, "Why it is needed is missing."),
    "why_long": Code(422, "`why` is longer than the campaign takes."),
    "how_long": Code(422, "`how` is longer than the campaign takes."),
    "neighbourhood_long": Code(422, "More than the name of a neighbourhood."),
    "resident_number": Code(422, "What looks like a resident registration number."),
    "newcomer_link": Code(422, "A link in a text of a new account."),
    "unknown_programme": Code(422, "There is no such programme."),
    "counselling": Code(422, "Counselling is never named."),
    "unknown_code": Code(422, "The decision needs one of the reasons listed."),
    "code_not_hiding": Code(422, "Texts are not hidden for this reason."),
    "reason_missing": Code(422, "A reason is needed."),
    "no_original": Code(422, "`duplicate_of` names no other idea of the public list."),
    "not_forwarded": Code(422, "With this reason nothing is passed on."),
    "not_for_decision": Code(422, "The decision does not take this field."),
    "not_on_ballot": Code(422, "A tick that is not on the ballot, or not open to you."),
    "too_many": Code(422, "More ticks, or more promises, than fit."),
    "too_few": Code(422, "Fewer ticks, or fewer ideas, than are needed."),
    "empty": Code(422, "There is no text."),
    "too_short": Code(422, "A text shorter than the campaign asks."),
    "title_missing": Code(422, "A title is needed."),
    "text_missing": Code(422, "A text is needed."),
    "other_campaign": Code(422, "Only ideas of one campaign are joined."),
    "unknown_idea": Code(422, "There is no such idea."),
    "k_out_of_range": Code(422, "More seats than there are entries."),
    "no_entries": Code(422, "There is nothing to choose from."),
    "department_missing": Code(422, "The department that answers is needed."),
    "post_missing": Code(422, "The post that is responsible is needed."),
    "date_missing": Code(422, "Something is promised without a date."),
    "date_past": Code(422, "A date that lies in the past."),
    "date_far": Code(422, "A date that is too far away."),
}
"""Codes of acts: those of the services, whose words come along as `detail`."""

ANYWHERE = ("not_acceptable", "too_many_requests", "internal", "unavailable", "token_invalid")
"""Codes that every operation can answer with."""
OF_QUERY = ("unknown_field", "repeated", "bad_characters", "too_long")
OF_PAGE = ("cursor", "out_of_range", "not_a_number")
OF_BODY = (
    "json_unreadable", "json_too_deep", "json_repeated_name", "json_bad_characters", "too_large",
    "media_type", "required", "null", "not_an_object", "not_text", "not_a_number", "out_of_range",
    "too_many_items", "not_a_list", "not_one_of",
)  # fmt: skip
OF_POST = ("idempotency_key", "idempotency_mismatch", "idempotency_running")


def by_status(codes: Iterable[str]) -> dict[int, list[str]]:
    """Codes under their statuses, both in order. Raises `KeyError` for a code that does not stand here."""
    found: dict[int, list[str]] = {}
    for code in sorted(set(codes)):
        found.setdefault(CODES[code].status, []).append(code)
    return dict(sorted(found.items()))
