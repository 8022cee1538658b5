"""The database behind the ports of `domain.ports`: SQLite by default, PostgreSQL by URL.

SQL lives here and nowhere else. Tables are SQLAlchemy Core; statements are built once at import and reused. Each file holds the
records of one kind; `records.SqlRecords` gathers them over one open transaction.
"""
