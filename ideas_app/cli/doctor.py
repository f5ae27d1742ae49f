"""`flask doctor`: recounts what is counted, walks the log, looks for orphans. Exit 1 on any fault.

Must not know how a feature counts: each feature's queries find their own differences.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select

from ideas_app.adapters import fulltext
from ideas_app.audit import queries as audit
from ideas_app.comments import queries as comments
from ideas_app.comments import service as comments_service
from ideas_app.core.db import session, transaction
from ideas_app.core.outbox import OutboxEvent
from ideas_app.ideas import queries as ideas
from ideas_app.ideas import service as ideas_service
from ideas_app.opendata import queries as opendata
from ideas_app.pages import queries as pages
from ideas_app.pages import service as pages_service
from ideas_app.programmes import queries as programmes
from ideas_app.programmes import service as programmes_service
from ideas_app.retention import queries as retention
from ideas_app.search import service as search_service
from ideas_app.shortlists import queries as shortlists
from ideas_app.votes import queries as votes
from ideas_app.votes import service as votes_service


@dataclass(frozen=True)
class Finding:
    """One fault: which check, and what it found, in words for the operator."""

    check: str
    found: str


def examine() -> list[Finding]:
    """Every fault of the database as it stands now; an empty list is good health."""
    findings = [Finding("counters", line) for line in votes.find_wrong_counters()]
    findings += [Finding("counters", line) for line in comments.find_wrong_counters()]
    findings += [Finding("counters", line) for line in ideas.find_wrong_counters()]
    findings += [Finding("counters", line) for line in ideas.find_wrong_tallies()]
    findings += [Finding("counters", line) for line in pages.find_wrong_people()]
    told = {finding.found.split(":")[0] for finding in findings}
    findings += [
        Finding("orders", line)
        for line in ideas.find_wrong_keys()
        if line.split(":")[0] not in told
    ]
    findings += [Finding("counters", line) for line in programmes.find_wrong_counters()]
    broken = audit.find_break()
    if broken is not None:
        findings.append(Finding("log", str(broken)))
    odd = retention.find_register_break()
    if odd is not None:
        findings.append(Finding("register", f"line {odd} of what was destroyed is not as written"))
    findings += [Finding("shortlists", line) for line in shortlists.find_changed_rounds()]
    findings += [Finding("open data", line) for line in opendata.find_changed_editions()]
    dead = session().scalar(
        select(func.count(OutboxEvent.id)).where(OutboxEvent.dead_at.is_not(None))
    )
    if dead:
        findings.append(Finding("outbox", f"{dead} events failed for good: see /admin/jobs"))
    findings += [Finding("search", line) for line in fulltext.find_differences()]
    findings += [Finding("locale", line) for line in fulltext.find_locale_faults()]
    return findings


@click.command()
@click.option("--fix", is_flag=True, help="Set counters and the search index to what the rows say.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
@with_appcontext
def doctor(fix: bool, as_json: bool) -> None:
    """Check that counters and the search index equal their rows and that the log is whole.

    Example: flask --app ideas_app doctor --fix
    """
    if fix:
        with transaction():
            votes_service.recount()
            comments_service.recount()
            ideas_service.recount()
            pages_service.recount()
            programmes_service.recount()
            search_service.rebuild(lambda _kind, _number: None)
    findings = examine()
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    elif findings:
        for finding in findings:
            click.echo(f"{finding.check}: {finding.found}", err=True)
    else:
        click.echo("nothing found")
    if findings:
        raise SystemExit(1)
