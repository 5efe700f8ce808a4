"""The page that is shown while the demo is being played."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.template.loader import render_to_string

from benxi_shuangsuiji.machine import standalone


class ProgressPage:
    """Serves one page, and the style sheets it needs, until the real site takes over the port."""

    def __init__(self, port: int):
        self.done, self.total, self.words = 0, 0, "正在准备数据库"
        page = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path.startswith("/static/css/") and ".." not in self.path:
                    file = standalone.ROOT / self.path.split("?")[0].lstrip("/")
                    if file.is_file():
                        return self._send(200, "text/css; charset=utf-8", file.read_bytes())
                # 503 with a page: a proxy or a script can tell that the site is not up yet.
                return self._send(503, "text/html; charset=utf-8", page.html().encode())

            def _send(self, status, kind, body):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Retry-After", "3")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def html(self) -> str:
        percent = min(99, round(100 * self.done / self.total)) if self.total else 0
        return render_to_string(
            "demo/progress.html", {"percent": percent, "words": self.words, "done": self.done, "total": self.total}
        )

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
