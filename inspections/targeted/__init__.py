"""针对性检查: checks for a reason, counted apart from the random ones (三-a 至 三-n, 四(1)). Addresses: /desk/tasks/targeted/."""
