"""A graph in a folder, and `kg serve` as a process of its own, for the tests of the server and its clients."""

import contextlib
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from graphs import hand_made

from kg import graph, store
from kg.model import encode

ROOT = Path(__file__).resolve().parents[1]


def save(output, made=None):
    """The parts of an output folder that a server needs."""
    made = hand_made() if made is None else made
    (output / "extractions").mkdir(parents=True, exist_ok=True)
    for extraction in made:
        (output / "extractions" / f"{extraction.document.id}.json").write_bytes(encode(extraction))
    store.write(graph.assemble(made).ntriples(), output / "store")
    return output


@dataclass
class Reply:
    status: int
    headers: dict
    body: bytes

    @property
    def type(self):
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def text(self):
        return self.body.decode()


def ask(url, *, data=None, method=None, timeout=60, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, data=data, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return Reply(response.status, {k.lower(): v for k, v in response.headers.items()}, response.read())
    except urllib.error.HTTPError as error:
        return Reply(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())


def query(url, sparql, **headers):
    return ask(f"{url}sparql?" + urllib.parse.urlencode({"query": sparql}), **headers)


@contextlib.contextmanager
def serving(output, *options):
    """`kg serve` on a free port; gives its URL."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    program = "from cli.serve import command; command()"
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(output), "--port", "0", *options],
        stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT,
    )  # fmt: skip
    try:
        line = process.stdout.readline()
        assert " at http://" in line, line
        yield line.split(" at ")[1].split()[0]
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        process.stdout.close()
