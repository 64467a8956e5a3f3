"""Where the files of the learned models lie."""

from __future__ import annotations

from pathlib import Path

from kg import resources
from kg.errors import DataError

FILES = (
    "reader.onnx", "figure-subject.json", "figure-period.json", "entities.json", "confidence.json",
)  # fmt: skip
AGAIN = "made by another version, or damaged; train it again with `kg train`, or restore the file"


def path(name: str, folder: Path | None = None) -> Path:
    """The file of a folder that `kg train` wrote where it has it, else that of seeds/models.

    Raises DataError where the folder holds none of FILES.
    """
    if folder is not None and (folder / name).is_file():
        return folder / name
    if folder is not None and not any((folder / file).is_file() for file in FILES):
        raise DataError(f"{folder}: holds no model; name a folder that `kg train` wrote")
    return resources.seeds() / "models" / name
