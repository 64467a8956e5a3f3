"""One frozen set of options, made once by the caller and handed to every stage."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    extractors: tuple[str, ...] = ("patterns", "neural")
    """What reads relations: `patterns` and the learned reader, `neural`, which also reads names and figures."""
    threshold: float | None = None
    """Claims below this confidence are left out; None takes the model's default (best F1)."""
    gazetteers: tuple[Path, ...] = ()
    """A user's own lists, beside seeds/gazetteer."""
    models: Path | None = None
    """A folder that `kg train` wrote; None takes seeds/models."""
    overrides: Path | None = None
    """A file of corrections (kg.overrides); `kg build` takes OUT/overrides.toml where there is one."""
    base: str = "https://w3id.org/jinluo/"
    """Base of the IRIs of entities, claims, observations, evidences and documents."""
    max_bytes: int = 32_000_000
    max_characters: int = 1_000_000
    max_cpu_seconds: float = 60.0
    max_memory: int = 2_000_000_000
