"""The shape of what officials send: a draft, an extension, what passes between them, what became of a promise."""

from ideas_app.answers.forms.desk import HandForm, ReviewForm, TemplateForm, TogetherForm
from ideas_app.answers.forms.promises import PromiseForm
from ideas_app.answers.forms.writing import DECISIONS, AnswerForm, ExtensionForm

__all__ = [
    "DECISIONS",
    "AnswerForm",
    "ExtensionForm",
    "HandForm",
    "PromiseForm",
    "ReviewForm",
    "TemplateForm",
    "TogetherForm",
]
