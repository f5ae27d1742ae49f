"""A bundle is read and written outside of transactions, which would hold up votes; only storing it is one.

Must not know requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.campaigns import queries as campaigns
from ideas_app.core import clock
from ideas_app.core.db import insert_ignore, is_in_transaction, session, transaction
from ideas_app.core.errors import Conflict
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.opendata import policy, queries
from ideas_app.opendata.models import PRESENT, OpenBundle
from ideas_app.opendata.rules import LICENCES, WORDS, About, Package, digest_of, pack
from ideas_app.web.i18n import localised, speaking
from ideas_app.web.templating import base_url, house_name, setting

if TYPE_CHECKING:
    from datetime import date

    from ideas_app.adapters.formats import Language
    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.actor import Actor
    from ideas_app.opendata.queries import Contents

LANGUAGES: tuple[Language, Language] = ("ko", "en")


@dataclass(frozen=True, slots=True)
class Built:
    """A bundle that was made, and what it was made of."""

    package: Package
    as_of: date
    data_digest: str
    holds: list[int]


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was read of a campaign in one language."""

    found: Contents
    data_digest: str


def build(campaign: Campaign, lang: Language) -> Built:
    """The bundle of a campaign (with phases and fields) as a visitor may read it now, stored nowhere.

    Data that has not changed keeps the day of the kept bundle, so that its bytes stay the same.
    """
    reading = _read(campaign, lang)
    kept = queries.find_bundle(campaign.id, lang)
    is_same = kept is not None and kept.data_digest == reading.data_digest
    return _pack(campaign, lang, reading, kept.as_of if kept and is_same else clock.today())


def _read(campaign: Campaign, lang: Language) -> _Reading:
    with speaking(lang):
        found = queries.read_contents(campaign, base_url())
        about = _about(campaign, lang, clock.today())
    return _Reading(found, digest_of(about, found.tables, found.ballots))


def _pack(campaign: Campaign, lang: Language, reading: _Reading, as_of: date) -> Built:
    found = reading.found
    with speaking(lang):
        package = pack(_about(campaign, lang, as_of), found.tables, found.ballots)
    return Built(package, as_of, reading.data_digest, found.holds)


def refresh(campaign_id: int) -> None:
    """Makes the present bundles of a campaign anew where the data has changed. Running twice makes them once.

    Not within a transaction, where reading a large campaign would hold up votes.
    """
    for lang in LANGUAGES:
        if not is_in_transaction():
            session().rollback()
        campaign = campaigns.get_by_id(campaign_id)
        reading = _read(campaign, lang)
        kept = queries.find_bundle(campaign_id, lang)
        if kept is not None and kept.data_digest == reading.data_digest:
            with transaction() as current:
                same = current.get_one(OpenBundle, kept.id)
                same.checked_at = clock.now()
        elif reading.found.tables["ideas"] or kept is not None:
            built = _pack(campaign, lang, reading, clock.today())
            with transaction():
                _store(campaign_id, lang, PRESENT, built)


def _store(campaign_id: int, lang: Language, edition: int, built: Built) -> None:
    """Puts a bundle in the place of the one before."""
    now = clock.now()
    values = {
        "as_of": built.as_of,
        "data_digest": built.data_digest,
        "digest": built.package.digest,
        "size": len(built.package.content),
        "files": built.package.plain_files,
        "holds": built.holds,
        "content": built.package.content,
        "made_at": now,
        "checked_at": now,
    }
    where = {"campaign_id": campaign_id, "lang": lang, "edition": edition}
    if insert_ignore(OpenBundle, {**where, **values}):
        return
    kept = queries.find_bundle(campaign_id, lang, edition)
    if kept is not None:
        for name, value in values.items():
            setattr(kept, name, value)


def archive(actor: Actor, campaign_id: int) -> int:
    """Keeps the present bundles of a campaign unchanged, in both languages; the number of the edition.

    Their fingerprints go to the log. Raises `Refused` for those who may not, `Conflict` where nothing has
    changed since the last edition, nothing is there to keep, or something in it was hidden a moment ago.
    """
    policy.may_archive(actor).require()
    with transaction() as current:
        present = {lang: queries.find_bundle(campaign_id, lang) for lang in LANGUAGES}
        edition = _next_edition(campaign_id, present)
        for lang, bundle in present.items():
            if bundle is None:
                continue
            copy = _copy(bundle, edition)
            current.add(copy)
            current.flush()
            audit.record(
                actor,
                Tag.OPEN_DATA_ARCHIVED,
                "campaign",
                campaign_id,
                # the public log shows reasons, and this is what everybody should be able to compare
                reason=f"{edition} ({lang}): SHA-256 {copy.digest}",
                diff={"edition": edition, "lang": lang, "digest": copy.digest},
            )
    return edition


def _copy(bundle: OpenBundle, edition: int) -> OpenBundle:
    names = ("campaign_id", "lang", "as_of", "data_digest", "digest", "size", "files", "holds")
    values = {name: getattr(bundle, name) for name in (*names, "content")}
    now = clock.now()
    return OpenBundle(**values, edition=edition, made_at=now, checked_at=now)


def _next_edition(campaign_id: int, present: dict[Language, OpenBundle | None]) -> int:
    if not any(present.values()):
        raise Conflict("no_data", _l("There is no such data yet."))
    for bundle in present.values():
        is_withheld = bundle is not None and queries.is_withheld(bundle)
        verdict = policy.may_hand_out(is_withheld=is_withheld, is_kept=False)
        if not verdict:
            raise Conflict(verdict.code, verdict.reason or "")
    last = {lang: queries.find_newest_edition(campaign_id, lang) for lang in present}
    same = [
        kept is not None and bundle is not None and kept.data_digest == bundle.data_digest
        for kept, bundle in zip(last.values(), present.values(), strict=True)
    ]
    if all(same):
        raise Conflict(
            "unchanged", _l("Nothing has changed since the last edition: it is kept already.")
        )
    return max((kept.edition for kept in last.values() if kept), default=PRESENT) + 1


def archive_answered(actor: Actor, campaign: Campaign) -> bool:
    """Keeps a campaign once everything on its shortlist is answered and no edition is kept yet; whether it did."""
    if queries.find_newest_edition(campaign.id, LANGUAGES[0]) is not None:
        return False
    if not queries.is_wholly_answered(campaign):
        return False
    archive(actor, campaign.id)
    return True


def _about(campaign: Campaign, lang: Language, as_of: date) -> About:
    return About(
        name=campaign.slug,
        title=f"{localised(campaign, 'title')} · {house_name('SITE_NAME')}",
        lang=lang,
        as_of=as_of,
        provider=house_name("OPEN_DATA_PROVIDER"),
        site=house_name("SITE_NAME"),
        base=base_url(),
        home=f"{base_url()}/data/{campaign.slug}",
        licence=LICENCES[setting("OPEN_DATA_LICENCE")],
        words_ko=_words("ko"),
        words_en=_words("en"),
    )


def _words(lang: Language) -> dict[str, dict[str, str]]:
    with speaking(lang):
        return {
            name: {code: str(word) for code, word in words.items()} for name, words in WORDS.items()
        }
