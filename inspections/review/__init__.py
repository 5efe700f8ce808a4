"""审核: a second person agrees with a record or gives it back (七(四)-5). Addresses: /desk/tasks/…/review/."""
