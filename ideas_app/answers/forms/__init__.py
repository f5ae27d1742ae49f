"""The shape of what officials send: an answer, an extension, what became of a promise."""

from ideas_app.answers.forms.promises import PromiseForm
from ideas_app.answers.forms.writing import DECISIONS, AnswerForm, ExtensionForm

__all__ = ["DECISIONS", "AnswerForm", "ExtensionForm", "PromiseForm"]
