"""Run by Alembic: applies the migrations on the connection that `healthtwin.store` hands over."""

from alembic import context

from healthtwin.store.migration import all_tables

if __name__ != "healthtwin.store.migrations.env":  # Alembic runs this file; whoever imports it runs nothing
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=all_tables(),
        compare_type=True,
        render_as_batch=True,  # SQLite alters a table only by copying it
        transactional_ddl=True,
    )
    context.run_migrations()
