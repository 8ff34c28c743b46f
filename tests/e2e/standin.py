# SPDX-License-Identifier: MIT
"""A stand-in for the Anthropic Messages API: answers every message with one fixed text, streamed or whole, and
remembers the requests. A test can set the tokens that it accepts; others get 401. A test can also set the tools that
claude has to use before it gets the text.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANSWER = "Hello from the stand-in."


def sse(event, data):
    return f"event: {event}\ndata: {json.dumps(data)}\n\n".encode()


def text_block(text):
    yield sse("content_block_start", {"type": "content_block_start", "index": 0,
                                      "content_block": {"type": "text", "text": ""}})
    for i in range(0, len(text), 7):
        yield sse("content_block_delta", {"type": "content_block_delta", "index": 0,
                                          "delta": {"type": "text_delta", "text": text[i:i + 7]}})


def tool_block(number, name, arguments):
    yield sse("content_block_start", {"type": "content_block_start", "index": 0,
                                      "content_block": {"type": "tool_use", "id": f"toolu_{number}", "name": name,
                                                        "input": {}}})
    yield sse("content_block_delta", {"type": "content_block_delta", "index": 0,
                                      "delta": {"type": "input_json_delta", "partial_json": json.dumps(arguments)}})


def stream_of(block, reason, model):
    message = {
        "id": "msg_1", "type": "message", "role": "assistant", "model": model, "content": [],
        "stop_reason": None, "stop_sequence": None,
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }
    yield sse("message_start", {"type": "message_start", "message": message})
    yield from block
    yield sse("content_block_stop", {"type": "content_block_stop", "index": 0})
    yield sse("message_delta", {"type": "message_delta",
                                "delta": {"stop_reason": reason, "stop_sequence": None},
                                "usage": {"output_tokens": 5}})
    yield sse("message_stop", {"type": "message_stop"})


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def whole(self, status, data):
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.whole(404, {"type": "error", "error": {"type": "not_found_error", "message": "no"}})

    def do_HEAD(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def knows_token(self):
        if self.server.tokens is None:
            return True
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        return (token or self.headers.get("x-api-key")) in self.server.tokens

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        text = self.rfile.read(length)
        try:
            request = json.loads(text)
        except ValueError:
            request = {}
        self.server.requests.append((self.path, dict(self.headers), request))
        if "count_tokens" in self.path:
            self.whole(200, {"input_tokens": 3})
            return
        if self.path.startswith("/v1/messages") and not self.knows_token():
            self.whole(401, {"type": "error", "error": {
                "type": "authentication_error",
                "message": "OAuth token has expired. Please obtain a new token or refresh your "
                           "existing token."}})
            return
        if not self.path.startswith("/v1/messages"):
            self.whole(404, {"type": "error",
                             "error": {"type": "not_found_error", "message": "no"}})
            return
        model = request.get("model", "claude")
        if not request.get("stream"):
            self.whole(200, {"id": "msg_1", "type": "message", "role": "assistant", "model": model,
                             "content": [{"type": "text", "text": self.server.answer}],
                             "stop_reason": "end_turn", "stop_sequence": None,
                             "usage": {"input_tokens": 1, "output_tokens": 1}})
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        block, reason = text_block(self.server.answer), "end_turn"
        if self.server.tools and request.get("tools"):
            block, reason = tool_block(len(self.server.requests), *self.server.tools.pop(0)), "tool_use"
        for piece in stream_of(block, reason, model):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")


class StandIn:
    """Runs on a free port of localhost; `requests` contains (path, headers, body) of each request."""

    def __init__(self, answer=ANSWER):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.answer = answer
        self.server.requests = []
        self.server.tokens = None
        self.server.tools = []
        self.answer = answer
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def requests(self):
        return self.server.requests

    def accept(self, *tokens):
        """Accepts only these tokens from now on."""
        self.server.tokens = set(tokens)

    def use(self, *tools):
        """Lets claude use these tools, each a name and its arguments, before it gets the answer to the next message."""
        self.server.tools = list(tools)

    def said(self):
        """Returns all text of the users' messages."""
        out = []
        for path, _, body in self.requests:
            if path.startswith("/v1/messages"):
                out.append(json.dumps(body.get("messages", "")))
        return "\n".join(out)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
