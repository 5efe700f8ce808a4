"""Backup and restore (reliability.md E, P27; decision 0064), and the turning over of the data key (decision 0065).

`taking`: a backup. `restoring`: a database and files out of one, verified. `sealed`: encryption (age) and what lies where.
`tools`: PostgreSQL's own programs. `contents`: what is compared. `rotation`: everything sealed with `DJANGO_DATA_KEY` anew.
"""
