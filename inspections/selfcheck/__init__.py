"""合规体检: what the plan's clauses ask by a date, a number or a paper, unit by unit (ui-2.md 23). No rule is made here."""
