"""A year of reminders by two workers that are killed, told once more by plain rows (P12, domain.md 8.1)."""
