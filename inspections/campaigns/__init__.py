"""专项检查: a document of a superior that sends checks out for a while (三-k, 四(1)-c). Addresses: /desk/tasks/campaigns/."""
