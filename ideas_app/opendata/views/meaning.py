"""Ideas in the words of schema.org, as data within their pages: for search engines. Public things only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core.actor import VISITOR
from ideas_app.ideas.views.frame import author_name, idea_url
from ideas_app.opendata.views.frame import blueprint
from ideas_app.votes import queries as votes
from ideas_app.web.i18n import localised
from ideas_app.web.templating import base_url, house_name

if TYPE_CHECKING:
    from ideas_app.answers.models import Answer
    from ideas_app.ideas.models import Idea


@blueprint.app_template_global("idea_as_data")
def idea_as_data(idea: Idea, answer: Answer | None, may_read_text: object) -> dict[str, object]:
    """The idea in the words of schema.org: nothing that its page does not show to every visitor."""
    is_open = idea.is_listed and bool(may_read_text)
    found: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "DiscussionForumPosting",
        "headline": idea.title,
        "url": base_url() + idea_url(idea),
        "inLanguage": "ko",
        "isPartOf": {"@type": "CreativeWork", "name": localised(idea.campaign, "title")},
    }
    if not is_open:
        return found
    counts = [("CommentAction", idea.comments_count)]
    if not votes.hides_totals(VISITOR, [idea.campaign]):
        counts.insert(0, ("LikeAction", idea.supports_count))
    published = idea.published_at or idea.submitted_at
    found |= {
        "text": idea.why,
        "datePublished": published.isoformat(),
        "dateModified": max(published, idea.edited_at or published).isoformat(),
        "author": {"@type": "Person", "name": author_name(idea)},
        "articleSection": localised(idea.field, "name"),
        "interactionStatistic": [
            {
                "@type": "InteractionCounter",
                "interactionType": f"https://schema.org/{kind}",
                "userInteractionCount": count,
            }
            for kind, count in counts
        ],
    }
    if answer is not None and answer.answered_at is not None:
        found["comment"] = {
            "@type": "Comment",
            "text": answer.reason,
            "dateCreated": answer.answered_at.isoformat(),
            "author": {
                "@type": "GovernmentOrganization",
                "name": f"{house_name('CITY_NAME')} {answer.department}".strip(),
            },
        }
    return found
