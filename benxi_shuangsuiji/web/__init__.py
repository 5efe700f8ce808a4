"""The frame that every page stands in, and what lists of every subject have in common."""
