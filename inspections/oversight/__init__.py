"""监督: how far each unit has come, and what the checks find (五-2b, 四(2)-d). Addresses: /desk/city/, /desk/analysis/."""
