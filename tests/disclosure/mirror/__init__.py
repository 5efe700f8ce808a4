"""The public side as static files."""
