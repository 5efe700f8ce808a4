"""What every form of the project shares: its key, its words, its fields, one page for one act, one way to decide."""
