"""The file: schema, migrations, views, connection, backup, dump."""
