"""许可事项: what a permit asks of its holder, entered once, asked point by point at every check (三-o3, 七(五)-l)."""
