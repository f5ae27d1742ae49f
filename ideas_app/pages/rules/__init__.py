"""How far an idea has come, in steps. Pure."""

from ideas_app.pages.rules.steps import SMALLEST, Step, may_be_told, path_of, steps_of

__all__ = ["SMALLEST", "Step", "may_be_told", "path_of", "steps_of"]
