"""The database's shape, one revision after the other; applied by yingke.app.migrate."""
