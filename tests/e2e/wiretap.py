# SPDX-License-Identifier: MIT
"""A socket in front of an engine: passes everything on, records the requests, and can change them."""

import os
import re
import shutil
import socket
import tempfile
import threading


class Wiretap:
    """`change` is a function of the bytes that cco sends; it must not change their length."""

    def __init__(self, engine, change=lambda data: data):
        self.engine = engine
        self.change = change
        self.dir = tempfile.mkdtemp(prefix="cco-tap-")
        os.chmod(self.dir, 0o711)
        self.socket = os.path.join(self.dir, "docker.sock")
        self.lines = []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.socket)
        self.listener.listen(32)
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def asked(self, what):
        return [line for line in self.lines if what in line]

    def accept(self):
        while True:
            try:
                left, _ = self.listener.accept()
            except OSError:
                return
            right = socket.socket(socket.AF_UNIX)
            right.connect(self.engine)
            threading.Thread(target=self.copy, args=(left, right, True), daemon=True).start()
            threading.Thread(target=self.copy, args=(right, left, False), daemon=True).start()

    def copy(self, source, target, is_request):
        try:
            while data := source.recv(1 << 20):
                if is_request:
                    data = self.change(data)
                    found = re.match(rb"((?:GET|HEAD|POST|PUT|DELETE) \S+) HTTP/1.1\r\n", data)
                    if found:
                        self.lines.append(re.sub(r" /v1\.\d+", " ", found.group(1).decode()))
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            for one in source, target:
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)  # its thread ends before another socket can get its number
        self.thread.join()
        self.listener.close()
        shutil.rmtree(self.dir, ignore_errors=True)
