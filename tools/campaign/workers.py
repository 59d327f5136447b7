# SPDX-License-Identifier: BSD-2-Clause
"""N workers take the runs one after the other. A line for each run that ends; on a
terminal a bar below them, and lines only of what did not pass.

The first result that cannot be kept, and the first signal, end all machines: what was
kept stays, the same command goes on."""

import contextlib
import os
import queue
import shutil
import signal
import sys
import threading
import time

from perform import Performance

WIDTH = 30          # of the bar


class Progress:
    def __init__(self, total, done):
        self.total, self.done, self.began = total, 0, time.monotonic()
        self.counts = dict.fromkeys(("passed", "failed", "broken"), 0)
        self.before = done      # results that were there
        self.terminal = sys.stderr.isatty()
        self.draw()

    def draw(self):
        if not self.terminal or not self.total:
            return
        full = WIDTH * self.done // self.total
        left = ""
        if self.done:
            each = (time.monotonic() - self.began) / self.done
            minutes, seconds = divmod(int(each * (self.total - self.done)), 60)
            left = f", {minutes}:{seconds:02} left"
        text = (f"[{'#' * full}{'.' * (WIDTH - full)}] {self.done}/{self.total}: "
                + ", ".join(f"{n} {kind}" for kind, n in self.counts.items()) + left)
        self.write("\r\033[K" + text[:shutil.get_terminal_size().columns - 1])

    def line(self, text):
        self.write(("\r\033[K" if self.terminal else "") + text + "\n")

    def write(self, text):
        """Who does not hear it any more can read the results."""
        with contextlib.suppress(OSError):
            sys.stderr.write(text)
            sys.stderr.flush()

    def ended(self, result):
        self.done += 1
        self.counts[result["verdict"]] += 1
        if not self.terminal or result["verdict"] != "passed":
            why = f": {result['reason']}" if result["reason"] else ""
            self.line(f"[{self.done}/{self.total}] {result['verdict']} {result['id']} "
                      f"({result['seconds']:.1f} s){why}")
        self.draw()

    def close(self):
        if self.terminal:
            self.write("\n")


class Workers:
    def __init__(self, store, runs, count, done=0, hear=None):
        self.store = store
        self.left = queue.SimpleQueue()
        for run in runs:
            self.left.put(run)
        self.count = min(count, len(runs))
        self.progress = Progress(len(runs), done)
        self.hear = hear
        self.lock = threading.Lock()
        self.busy = {}          # thread: Performance
        self.error = None       # what ended it all
        self.over = False

    def run(self):
        """All runs; the signal that ended them, or None. Raises what else did."""
        signals = []

        def signalled(number, _):
            self.over = True
            signals.append(number)

        before = {number: signal.signal(number, signalled)
                  for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        threads = [threading.Thread(target=self.work) for _ in range(self.count)]
        try:
            for thread in threads:
                thread.start()
            while any(thread.is_alive() for thread in threads):
                if signals or self.error:
                    self.stop()
                time.sleep(0.05)
        finally:
            self.stop()
            for thread in threads:
                thread.join()
            self.progress.close()
            for number, handler in before.items():
                signal.signal(number, handler)
        if self.error:
            raise self.error
        return signals[0] if signals else None

    def stop(self):
        with self.lock:
            self.over = True
            for performance in self.busy.values():
                performance.stop()

    def next(self):
        """A run and its Performance; None when there is no more to do."""
        with self.lock:
            if self.over or self.left.empty():
                return None
            run = self.left.get()
            self.busy[threading.get_ident()] = Performance(run, self.hear)
            return run, self.busy[threading.get_ident()]

    def work(self):
        try:
            while (one := self.next()) is not None:
                run, performance = one
                result, console, trace = performance.result(run)
                with self.lock:
                    del self.busy[threading.get_ident()]
                if self.over and (result["verdict"] == "broken"
                                  or result["status"] is None):
                    return      # it was we who broke it, or its last words
                self.store.save(result, console, trace)
                with self.lock:
                    self.progress.ended(result)
        except Exception as error:  # pylint: disable=broad-except
            self.error = error


def cores():
    return len(os.sched_getaffinity(0))
