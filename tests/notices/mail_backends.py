from django.core.mail.backends.base import BaseEmailBackend


class Broken(BaseEmailBackend):
    """A mail server that cannot be reached."""

    def send_messages(self, messages):
        raise OSError("no route")
