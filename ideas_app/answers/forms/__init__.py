"""The shape of what officials send: an answer, an extension, what is said of promises."""

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
    "KeeperForm",
    "PromiseForm",
    "PromisesForm",
    "ReopenForm",
    "StepForm",
]
