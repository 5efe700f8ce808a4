"""What the server's log says of an answer."""

import logging


class OneLine(logging.Filter):
    """A page that was refused or is not there is one line: where in the code it was refused tells nobody anything.

    Only what failed keeps the way it came.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = None
        return True
