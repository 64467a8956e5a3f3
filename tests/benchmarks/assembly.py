"""How assembly grows: time and memory to make the graphs of so many extractions, and to go on with 1 % new ones.

    python tests/benchmarks/assembly.py [--workers N] [DOCUMENTS …]

Extractions are made up (`generated.py`), so that 100,000 documents take minutes; each size is built by a process of
its own. Peak memory is that of the largest single process.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from generated import extractions

from kg.building.manifest import Entry, Manifest
from kg.building.outputs import Means, Outputs
from kg.model import encode
from kg.settings import Settings
from kg.shelf import key_of

SIZES = (1_000, 10_000, 100_000)


def shelve(outputs: Outputs, count: int, first: int = 0) -> list[Entry]:
    entries = []
    for made in extractions(count, first=first):
        key = key_of(encode(made.document), "made")
        outputs.shelf.put(key, made)
        entries.append(Entry(made.document.name, made.document.id, key))
    return entries


def measured(entries: list[Entry], output: Path, workers: int) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak memory in MB of one assembly, in a process of its own."""
    started = time.perf_counter()
    process = os.fork()
    if process == 0:
        known = Manifest(Settings().base, "made", tuple(sorted(entries)))
        Outputs(output).write(known, (), Means(workers))
        os._exit(0)
    _, status, usage = os.wait4(process, 0)
    if status:
        sys.exit("the assembly failed")
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    before = None
    for count in given.sizes:
        with tempfile.TemporaryDirectory() as folder:
            output = Path(folder) / "out"
            entries = shelve(Outputs(output), count)
            wall, cpu, peak = measured(entries, output, given.workers)
            size = sum(f.stat().st_size for f in output.rglob("*") if f.is_file())
            triples = (output / "graph.ttl").read_bytes().count(b";\n")
            new = max(1, count // 100)
            entries = entries[new:] + shelve(Outputs(output), new, first=count)
            again = measured(entries, output, given.workers)
        print(
            f"{count:,} documents: {wall:.1f} s, {cpu:.1f} s of CPU ({cpu / count * 1e3:.2f} ms each), "
            f"peak {peak:.0f} MB, {size / count:,.0f} bytes each, about {triples / count:.0f} triples each"
        )
        print(f"  again with 1 % new: {again[0]:.1f} s, {again[1]:.1f} s of CPU, peak {again[2]:.0f} MB")
        if before is not None:
            print(f"  CPU a document against {before[0]:,} documents: {cpu / count / before[1]:.2f}")
        before = count, cpu / count
        sys.stdout.flush()


if __name__ == "__main__":
    main()
