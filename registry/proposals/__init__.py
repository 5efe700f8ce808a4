"""名录变更: changes that one person proposes and another approves (六(二)-d). Addresses: /desk/changes/."""
