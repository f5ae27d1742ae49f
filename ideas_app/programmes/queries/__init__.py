"""Reads of programmes and of who took part. Names never leave here but to those who run rosters.

Must not change anything.
"""

from __future__ import annotations

from ideas_app.programmes.queries.counters import find_wrong_counters
from ideas_app.programmes.queries.figures import (
    Figures,
    YearFigures,
    count_participants,
    figures_of,
    list_cohorts,
    suppressed,
    year_figures,
)
from ideas_app.programmes.queries.matches import (
    list_known,
    list_persons_in_year,
)
from ideas_app.programmes.queries.people import (
    Participant,
    find_account_of,
    find_claimable,
    find_person_of,
    find_persons,
    list_participants,
    list_records_of,
    list_takers,
    programmes_of,
    programmes_of_person,
)
from ideas_app.programmes.queries.programmes import (
    ImportRow,
    find_programme,
    find_same_file,
    get_by_id,
    get_import,
    get_programme,
    is_newest_import,
    last_imports,
    list_imports,
    list_partners,
    list_programmes,
    list_tallies,
    list_visits,
    list_years,
)

__all__ = (
    "Figures",
    "ImportRow",
    "Participant",
    "YearFigures",
    "count_participants",
    "figures_of",
    "find_account_of",
    "find_claimable",
    "find_person_of",
    "find_persons",
    "find_programme",
    "find_same_file",
    "find_wrong_counters",
    "get_by_id",
    "get_import",
    "get_programme",
    "is_newest_import",
    "last_imports",
    "list_cohorts",
    "list_imports",
    "list_known",
    "list_participants",
    "list_partners",
    "list_persons_in_year",
    "list_programmes",
    "list_records_of",
    "list_takers",
    "list_tallies",
    "list_visits",
    "list_years",
    "programmes_of",
    "programmes_of_person",
    "suppressed",
    "year_figures",
)
