"""What each code means, in words for staff: what happened, why, and what to do.

Covers the codes of `adapters.spreadsheets` and of these rules. Must not know where the words are
shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext, lazy_pgettext
from ideas_app.programmes.rules.matching import Change, Match

if TYPE_CHECKING:
    from flask_babel import LazyString

    from ideas_app.adapters.spreadsheets import SpreadsheetError
    from ideas_app.programmes.rules.issues import Issue

N_ = str
"""Marks a text for the catalogue; it is translated when `explain` fills it."""

FILES: dict[str, str] = {
    "file_too_large": N_(
        "The file is larger than %(limit)s MB. Remove pictures or split it, then choose it again."
    ),
    "empty_file": N_("The file holds no rows. Check that you chose the right file."),
    "old_excel": N_(
        "This is an old Excel file (.xls). Save it as .xlsx in your spreadsheet program, then choose "
        "it again."
    ),
    "encrypted": N_(
        "The file is locked with a password, so it cannot be read. Save it without a password, then "
        "choose it again."
    ),
    "unknown_kind": N_(
        "Files ending in “%(ending)s” cannot be read. Save the table as .xlsx or .csv, then choose "
        "it again."
    ),
    "not_a_workbook": N_(
        "The file is named like an Excel workbook, but its content is something else. Open it in "
        "your spreadsheet program and save it as .xlsx."
    ),
    "broken_file": N_(
        "The file is damaged or incomplete, so it cannot be read. Open it in your spreadsheet program "
        "and save it once more."
    ),
    "unpacks_too_large": N_(
        "The file unpacks to more than can be read safely (%(limit)s MB). Copy only the table into a "
        "new workbook, then choose that."
    ),
    "too_many_parts": N_(
        "The workbook consists of more than %(limit)s parts. Copy only the table into a new "
        "workbook, then choose that."
    ),
    "doctype": N_(
        "The file holds a document type declaration, which a workbook never needs, so it is refused. "
        "Copy only the table into a new workbook, then choose that."
    ),
    "too_many_rows": N_("The table has more than %(limit)s rows. Split it into several files."),
    "too_many_columns": N_(
        "The table has more than %(limit)s columns. Delete the columns that are not needed."
    ),
    "too_many_cells": N_(
        "The table spans more than %(limit)s cells. Delete stray values far below or to the right of "
        "the table."
    ),
    "cell_too_long": N_(
        "A cell in row %(row)s is longer than %(limit)s characters. Shorten it, or look for a "
        "quotation mark that is never closed."
    ),
    "no_sheet": N_("There is no sheet “%(sheet)s” in the file. It has: %(sheets)s."),
    "encoding_unknown": N_(
        "The characters of row %(row)s cannot be read: they are neither UTF-8 nor CP949. Save the "
        "file as “CSV UTF-8” or .xlsx."
    ),
    "control_character": N_(
        "Row %(row)s holds a character that no text has (NUL). Save the file once more as “CSV "
        "UTF-8” or .xlsx."
    ),
    "html_file": N_(
        "The content is a web page, not a table. Open it in your spreadsheet program and save it "
        "as .xlsx."
    ),
}

ERRORS: dict[str, str] = {
    "resident_number": N_(
        "This looks like a resident registration number. The law does not let us receive one, so "
        "nothing of the file was kept. Delete those numbers and choose the file again."
    ),
    "header_not_found": N_(
        "No row of titles was found in the first %(within)s rows. Name the column of names “성명” or "
        "“Name”, or choose the row of titles yourself."
    ),
    "column_missing_name": N_(
        "No column is chosen for the name. Without it nobody can be recognised: choose one."
    ),
    "column_missing_person": N_(
        "There is neither a column of birth dates nor one of telephone numbers. A name alone cannot "
        "tell two people apart: add one of them."
    ),
    "no_rows": N_("There is nobody below the row of titles. Check the sheet and that row."),
    "name_missing": N_("The name is missing. Write it, or delete the row."),
    "name_too_long": N_("The name is longer than %(limit)s characters. Write the name alone."),
    "name_hidden": N_(
        "Part of the name is hidden (%(value)s), so the person cannot be recognised. Write the full "
        "name."
    ),
    "name_unreadable": N_("“%(value)s” does not look like a name. Write the name alone."),
    "phone_hidden": N_(
        "Part of the telephone number is hidden. Write the whole number, or leave the cell empty."
    ),
    "phone_rounded": N_(
        "The spreadsheet has shortened the telephone number (%(value)s). Make the column text and "
        "write it again."
    ),
    "phone_unreadable": N_(
        "“%(value)s” is not a telephone number. Write it like 010-1234-5678, or leave the cell "
        "empty."
    ),
    "birth_unreadable": N_("“%(value)s” is not a birth date. Write it like 1999-03-01."),
    "birth_implausible": N_(
        "The birth date “%(value)s” would make the person younger than 7 or older than 100. Check "
        "the year."
    ),
    "birth_unclear": N_(
        "The birth date “%(value)s” may mean %(first)s or %(second)s. Write it like 1999-03-01."
    ),
    "day_unreadable": N_("“%(value)s” is not a date. Write it like 2025-03-02."),
    "day_implausible": N_(
        "The date “%(value)s” is before 2000 or more than a year ahead. Check the year."
    ),
    "mark_unreadable": N_("“%(value)s” is neither yes nor no. Write Y or N."),
    "status_unreadable": N_(
        "“%(value)s” is not a known state. Write “참여”, “수료” or “취득” (attended, completed, certified)."
    ),
    "email_unreadable": N_(
        "“%(value)s” is not an e-mail address. Correct it, or leave the cell empty."
    ),
    "text_too_long": N_("The text is longer than %(limit)s characters. Shorten it."),
    "person_unclear": N_(
        "Neither a birth date nor a telephone number stands beside the name. Write one of them, so "
        "that two people of one name are not mixed up."
    ),
    "row_contradicts": N_(
        "The same person stands in row %(first)s with different data. Keep one of the two rows."
    ),
    "session_mark_unreadable": N_(
        "“%(value)s” is no mark of attendance. Write O for somebody who was there and X for somebody who was "
        "not, or leave the cell empty; “출석”, “지각”, “결석”, ✓, 1 and 0 are read too."
    ),
    "session_twice": N_(
        "This column means the same meeting as “%(other)s”. Keep one of the two, or give each its day."
    ),
    "session_unclear": N_(
        "%(count)s meetings are stored on this day. Write the number into the title, such as “2회 3/5”."
    ),
    "session_without_day": N_(
        "The title does not say when the meeting was, and the programme has no first day. Write it like “1회 "
        "(2025-03-05)”, or enter the meeting first."
    ),
    "too_many_sessions": N_("A programme has at most %(limit)s meetings."),
    "person_undecided": N_(
        "%(value)s may be somebody who is known already. Decide whether it is the same person."
    ),
}

SKIPPED: dict[str, str] = {
    "total": N_("A row of totals was left out."),
    "titles_again": N_("The row of titles stands here once more and was left out."),
    "nobody": N_("No name, birth date or telephone number stands in this row, so it was left out."),
    "absent": N_("%(value)s did not take part according to the file, so the row was left out."),
}

NOTICES: dict[str, str] = {
    "row_twice": N_("The row is the same as row %(first)s and counts once."),
    "filled_down": N_(
        "%(count)s empty cells of “%(column)s” were filled from the row above, as in merged cells."
    ),
    "several_programmes": N_(
        "The file names %(count)s programmes (%(names)s). All rows are stored under the programme "
        "that you chose."
    ),
    "session_renumbered": N_(
        "Meeting %(taken)s was on another day. This column becomes meeting %(number)s; if it is the same one, "
        "correct the day in the file or in the list of meetings."
    ),
    "session_on_first_day": N_(
        "The file does not say when meeting %(number)s was. It is entered on the programme's first day, "
        "%(day)s; correct it in the list of meetings."
    ),
    "other_sheets": N_(
        "Only the sheet “%(sheet)s” is read. These sheets hold rosters too: %(sheets)s. Choose “All "
        "sheets together” or import them one by one."
    ),
}

_ALL = {**FILES, **ERRORS, **SKIPPED, **NOTICES}

FIELD_NAMES: dict[str, LazyString] = {
    "number": lazy_pgettext("roster", "Number in the list"),
    "name": lazy_pgettext("roster", "Name"),
    "birth_on": lazy_pgettext("roster", "Birth date"),
    "gender": lazy_pgettext("roster", "Gender (not stored)"),
    "phone": lazy_pgettext("roster", "Telephone"),
    "email": lazy_pgettext("roster", "E-mail"),
    "neighbourhood": lazy_pgettext("roster", "Neighbourhood"),
    "programme": lazy_pgettext("roster", "Programme (not stored)"),
    "cohort": lazy_pgettext("roster", "Cohort"),
    "applied_on": lazy_pgettext("roster", "Applied on"),
    "joined_on": lazy_pgettext("roster", "Took part on"),
    "attended": lazy_pgettext("roster", "Attended (Y/N)"),
    "completed": lazy_pgettext("roster", "Completed (Y/N)"),
    "certified": lazy_pgettext("roster", "Certified (Y/N)"),
    "certificate": lazy_pgettext("roster", "Certificate"),
    "certified_on": lazy_pgettext("roster", "Certified on"),
    "status": lazy_pgettext("roster", "State in one word"),
    "note": lazy_pgettext("roster", "Note"),
}
SESSION = lazy_pgettext("roster", "Attendance of one meeting")
"""What many columns may be read as, unlike a field."""

MATCH_NAMES: dict[Match, LazyString] = {
    Match.SAME: lazy_pgettext("roster", "Same person (sure)"),
    Match.NEW: lazy_pgettext("roster", "New person"),
    Match.UNSURE: lazy_pgettext("roster", "Unsure"),
    Match.LEFT_OUT: lazy_pgettext("roster", "Left out"),
}

CHANGE_NAMES: dict[Change, LazyString] = {
    Change.NEW: lazy_pgettext("roster", "New record"),
    Change.CHANGED: lazy_pgettext("roster", "Record changed"),
    Change.SAME: lazy_pgettext("roster", "Already stored"),
    Change.NONE: lazy_pgettext("roster", "Nothing stored"),
}


def explain(issue: Issue) -> LazyString:
    """The words of an issue, without its place."""
    values = {"value": issue.value, "column": issue.column, **issue.values}
    return lazy_gettext(_ALL[issue.code], **values)


def explain_in_place(issue: Issue) -> LazyString:
    """The words of an issue with row and column, for lists without columns of their own."""
    what = explain(issue)
    if issue.row is None:
        return what
    if issue.column:
        return lazy_gettext(
            "Row %(row)s, column %(column)s: %(what)s",
            row=issue.row,
            column=issue.column,
            what=what,
        )
    return lazy_gettext("Row %(row)s: %(what)s", row=issue.row, what=what)


def explain_file(error: SpreadsheetError) -> LazyString:
    """The words of a file that cannot be read."""
    return lazy_gettext(FILES[error.code], **error.values)


def as_invalid(error: SpreadsheetError, *, field: str = "file") -> Invalid:
    """A file that cannot be read as a fault of the form field that brought it."""
    return Invalid(Fault(field, error.code, explain_file(error)))
