"""An empty database gets its tables as they are today, not as they came to be.

Step by step, each migration changes what Django knows of two hundred models that nearly all lead to an account, and Django
makes nearly all of them anew for it, fourteen thousand times: most of what `migrate` took in every new installation, every demo
and every test run. Where there is nothing, there is nothing to carry along, and only where the steps end counts. Django reckons
that without making a model; the tables are made of it in one transaction, with the record that every migration has been.
A database that holds anything goes step by step. That both ways end in the same tables, constraints, indexes and rows
is asked by tests/drills/test_from_nothing.py.

What a migration does beside tables runs afterwards, on the tables of today, such as rows that every system begins with. What only
mends rows of before says so (`elidable=True`, which is Django's word for it) and is left out.
"""

from django.contrib.postgres.operations import CreateExtension
from django.db import transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython, RunSQL
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.operations.models import IndexOperation, ModelOperation

from .tables import Tables

OF_TABLES = (ModelOperation, FieldOperation, IndexOperation, Tables)  # what Django reckons without a database
OF_ROWS = (RunPython, RunSQL)
BEGINS_WITH = {"demo_clock"}  # that a database is going to be a demo or a test is said while it is empty


def build(connection) -> bool:
    """Make all tables if there are none; whether that was so. What is then left of `migrate` finds nothing to apply."""
    if set(connection.introspection.table_names(include_views=True)) - BEGINS_WITH:
        return False
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    migrations = [migration for migration, _ in executor.migration_plan(leaves)]
    steps = [(m, operation) for m in migrations for operation in m.operations]
    if not all(isinstance(o, (*OF_TABLES, *OF_ROWS, CreateExtension)) for _, o in steps):
        return False  # of a kind that is not known here: as ever, one after the other
    state = executor.loader.project_state(leaves)
    with transaction.atomic(using=connection.alias):
        with connection.schema_editor() as editor:
            for migration, operation in steps:
                if isinstance(operation, CreateExtension):
                    operation.database_forwards(migration.app_label, editor, state, state)
        with connection.schema_editor() as editor:
            for model in state.apps.get_models():
                if model._meta.can_migrate(connection):  # an abstract user of Django's, replaced by ours, has no table
                    editor.create_model(model)
        with connection.schema_editor() as editor:  # once the keys between the tables stand
            for migration, operation in steps:
                if isinstance(operation, OF_ROWS) and not operation.elidable:
                    operation.database_forwards(migration.app_label, editor, state, state)
        executor.recorder.ensure_schema()
        for migration in migrations:
            executor.record_migration(migration)
    return True
