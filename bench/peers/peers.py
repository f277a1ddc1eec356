"""The peers that tools/bench --peers measures beside Weir: how each is installed or built, and what runs a job of it.

Everything that is installed or built lies under build/peers. Versions stand in requirements.txt alone.
"""
import argparse
import dataclasses
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parent.parent / "build" / "peers"
PYTHON = BUILD / "python" / "bin" / "python"


def install_python_packages():
    """The virtual environment with what requirements.txt names; does nothing when it has that already."""
    wanted, installed = HERE / "requirements.txt", PYTHON.parent.parent / "requirements.txt"
    if installed.exists() and installed.read_bytes() == wanted.read_bytes():
        return
    subprocess.run([sys.executable, "-m", "venv", PYTHON.parent.parent], check=True, stdout=sys.stderr)
    subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "--requirement", wanted], check=True, stdout=sys.stderr)
    shutil.copy(wanted, installed)


def package_version(package):
    return re.search(rf"^{package}==(\S+)", (HERE / "requirements.txt").read_text(), re.MULTILINE)[1]


@dataclasses.dataclass(frozen=True)
class FilePeer:
    """A program that does bench/file.yaml's job: `python file/PACKAGE_job.py IN OUT`."""

    name: str
    package: str

    @property
    def key(self):
        return self.package

    @property
    def label(self):
        return f"{self.name} {package_version(self.package)}"

    def command(self, source, out):
        return [PYTHON, HERE / "file" / f"{self.package}_job.py", source, out]


FILE_PEERS = [
    FilePeer("DuckDB", "duckdb"),
    FilePeer("Polars", "polars"),
    FilePeer("ClickHouse (chdb)", "chdb"),
]

ALL = [*FILE_PEERS]


def named(text):
    """The peers of a list as the command line has it: `duckdb,polars`."""
    known = {peer.key: peer for peer in ALL}
    if unknown := [word for word in text.split(",") if word not in known]:
        raise argparse.ArgumentTypeError(f"no peer {unknown[0]!r}; there are {', '.join(known)}")
    return [known[word] for word in text.split(",")]


def prepare(peers):
    """Installs and builds what these peers need."""
    if any(isinstance(peer, FilePeer) for peer in peers):
        install_python_packages()
