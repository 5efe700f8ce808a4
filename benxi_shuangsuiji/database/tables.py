"""All tables of an app in one operation of its first migration."""

from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation


class Tables(Operation):
    """Create models together.

    Django knows each model again, with all that lead to it, after every `CreateModel`; since each leads to an account, ours
    were made anew five thousand times, two thirds of what `migrate` took. Here it learns of all of them first, and
    whichever of two models leads to the other may stand first.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, *models: CreateModel):
        self.models = models

    def state_forwards(self, app_label, state):
        vars(state).pop("apps", None)  # what it knows so far; built again when it is next asked, once
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return "Create tables " + ", ".join(model.name for model in self.models)
