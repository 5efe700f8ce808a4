"""The site in a process of its own, which a test may kill: serving.py PORT SCRIPT.

It says on its output what is being sent to it, before it carries it out. SCRIPT stands before the worker of the phone, which
runs where a test cannot set the clock.
"""

import sys
from wsgiref.simple_server import WSGIRequestHandler

from django.core.servers.basehttp import ThreadedWSGIServer

from benxi_shuangsuiji.wsgi import application

WORKER = "/field/worker.js"


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


class Told:
    def __init__(self, script: str):
        self.site, self.script = application, script.encode()

    def __call__(self, environ, start_response):
        if environ["REQUEST_METHOD"] == "POST":
            say(environ["PATH_INFO"])
        if environ["PATH_INFO"] != WORKER:
            return self.site(environ, start_response)

        def start(status, headers, *rest):
            return start_response(status, [h for h in headers if h[0].lower() != "content-length"], *rest)

        return [self.script + b"\n" + b"".join(self.site(environ, start))]


def serve(port: int, script: str) -> None:
    server = ThreadedWSGIServer(("127.0.0.1", port), Quiet)
    server.set_app(Told(script))
    say("ready")
    server.serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2])
