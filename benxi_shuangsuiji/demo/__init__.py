"""The demo: invented enterprises and people, played through the same actions as the pages (decisions.md 8)."""
