from tests.inspections.archive.conftest import one_page as one_page
