"""文书 of a check: record, checklist, report, what the enterprise is told, receipts; each from the facts, as PDF and Word."""
