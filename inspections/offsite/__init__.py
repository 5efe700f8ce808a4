"""非现场查看: each look of an off-site check as a row of its own, with source, period, files and what was seen (七(三)-b, domain.md 7.5).

Addresses: /field/…/looks/, /desk/tasks/…/looks.pdf.
"""
