"""标签: words that facilities bear, put on and taken off many at a time (六(二)-q). Addresses: /desk/objects/tags/."""
