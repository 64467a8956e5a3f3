"""Apache Jena's riot: the program where it is on PATH, else Debian's jars of it (libapache-jena-java) and Java."""

import shutil
import subprocess
import tempfile
import zipfile
from functools import cache
from pathlib import Path

_JARS = Path("/usr/share/java")
_OWN = "org/apache/jena/ext/"
_LIBRARIES = (
    "jena-arq", "jena-base", "jena-cmds", "jena-core", "jena-iri", "jena-shacl", "commons-cli", "commons-codec",
    "commons-compress", "commons-csv", "commons-io", "commons-lang3", "commons-logging", "dexx.collection", "gson",
    "guava", "httpclient", "httpclient-cache", "httpcore", "jackson-annotations", "jackson-core", "jackson-databind",
    "jakarta.json-api", "jsonld-java", "thrift", "protobuf", "slf4j-api", "slf4j-nop", "titanium-json-ld",
)  # fmt: skip
MISSING = "needs Apache Jena: its riot on PATH, or Debian's libapache-jena-java and Java"


@cache
def _riot() -> tuple[str, ...] | None:
    if program := shutil.which("riot"):
        return (program,)
    if not (_JARS / "jena-cmds.jar").is_file() or not shutil.which("java"):
        return None
    # Debian's jena-core.jar moved the classes of Xerces but not the files that they read: these are put beside them.
    moved = Path(tempfile.mkdtemp(prefix="jena-"))
    with zipfile.ZipFile(_JARS / "jena-core.jar") as jar:
        for name in jar.namelist():
            if name.startswith(_OWN) and name.endswith(".properties"):
                target = moved / name.removeprefix(_OWN)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(jar.read(name))
    path = ":".join(map(str, [moved, *(_JARS / f"{name}.jar" for name in _LIBRARIES)]))
    return ("java", "-cp", path, "riotcmd.riot")


def there() -> bool:
    return _riot() is not None


def riot(*arguments: str, path: Path) -> list[str]:
    """The lines that riot writes. Raises `CalledProcessError` where it finds a fault."""
    command = _riot()
    # Debian has no provider for Jena's reader of JSON-LD 1.1; our JSON-LD is 1.0 too.
    syntax = ["--syntax=jsonld10"] if path.suffix == ".jsonld" and command[0] == "java" else []
    told = subprocess.run([*command, *syntax, *arguments, path], capture_output=True, check=True, text=True)
    return told.stdout.splitlines()
