"""How fast builds are, in ratios of one run: stages, `jieba.posseg`, one and two workers, a second build, growth.

    python tests/benchmarks/build.py [DOCUMENTS] [--neural]

Documents are made by varying the sentences of seeds/documents, so that nothing else is needed.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from kg import bench

if __name__ == "__main__":
    numbers = [int(a) for a in sys.argv[1:] if a.isdigit()] or [200]
    with tempfile.TemporaryDirectory() as folder:
        for line in bench.report(Path(folder), numbers, neural="--neural" in sys.argv):
            print(line, flush=True)
