# SPDX-License-Identifier: MIT
"""A program on a pseudo-terminal whose screen a test can examine."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

import pyte


class Screen(pyte.Screen):
    """CSI ? ... m and CSI > ... m are queries and settings of the keyboard, not colours."""

    def select_graphic_rendition(self, *attrs, private=False):
        if not private:
            super().select_graphic_rendition(*attrs)


class Terminal:
    def __init__(self, argv, env, cwd, rows=24, cols=80):
        self.screen = Screen(cols, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.status = None
        ready, go = os.pipe()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.close(go)
                os.read(ready, 1)
                os.close(ready)
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
                os.chdir(cwd)
                os.execve(argv[0], argv, env)
            finally:
                os._exit(99)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        self.before = self.attributes()  # the program may change the modes at once
        os.close(ready)
        os.close(go)

    def attributes(self):
        return termios.tcgetattr(self.fd)

    def is_raw(self):
        """Returns whether the program has set raw mode. Keys that are typed before that are lost, because the change of
        mode discards them.
        """
        return not self.attributes()[3] & termios.ICANON

    def pump(self, seconds=0.05):
        """Processes the output that arrived. Returns False after the program has closed its terminal."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        self.raw += data
        self.stream.feed(data)
        return bool(data)

    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait_for(self, condition, timeout=60):
        """Waits until the screen contains a text, or until a function of this terminal returns true."""
        check = condition if callable(condition) else lambda t: condition in t.text()
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if check(self):
                return self
            if not self.pump():
                break
        if check(self):
            return self
        raise AssertionError(f"waited in vain for {condition!r}; the screen:\n{self.text()}")

    def type(self, text):
        os.write(self.fd, text.encode())

    def resize(self, rows, cols):
        self.screen.resize(rows, cols)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def signal(self, signo):
        os.kill(self.pid, signo)

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.status = -signal.SIGKILL

    def wait(self, timeout=60):
        """Waits for the end and returns the exit status as a shell reports it."""
        deadline = time.monotonic() + timeout
        while self.status is None and time.monotonic() < deadline:
            self.pump(0.02)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                while self.pump(0.05) and select.select([self.fd], [], [], 0.05)[0]:
                    pass
                self.status = os.waitstatus_to_exitcode(status)
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            raise AssertionError(f"did not end; the screen:\n{self.text()}")
        return self.status if self.status >= 0 else 128 - self.status

    def close(self):
        os.close(self.fd)
        if self.status is None:
            try:
                os.kill(self.pid, signal.SIGHUP)
                for _ in range(100):
                    if os.waitpid(self.pid, os.WNOHANG)[0]:
                        return
                    time.sleep(0.1)
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
            except OSError:
                pass
