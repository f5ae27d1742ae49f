"""The shape of what officials send: a draft, an extension, what passes between them, what is said of promises."""

from ideas_app.answers.forms.desk import HandForm, ReviewForm, TemplateForm, TogetherForm
from ideas_app.answers.forms.promises import (
    KeeperForm,
    PromiseForm,
    PromisesForm,
    ReopenForm,
    StepForm,
)
from ideas_app.answers.forms.writing import DECISIONS, AnswerForm, ExtensionForm

__all__ = [
    "DECISIONS",
    "AnswerForm",
    "ExtensionForm",
    "HandForm",
    "KeeperForm",
    "PromiseForm",
    "PromisesForm",
    "ReopenForm",
    "ReviewForm",
    "StepForm",
    "TemplateForm",
    "TogetherForm",
]
