"""The peers that tools/bench --peers measures beside Weir: how each is installed or built, and what runs a job of it.

Everything that is installed or built lies under build/peers. requirements.txt and pom.xml pin the versions.
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
STATE_TOPICS = ["customers-changelog"]  # which a peer makes for itself, behind the name of its group


def install_python_packages(requirements, python):
    """The virtual environment of `python` with what a file here names; does nothing when it has that already."""
    wanted, installed = HERE / requirements, python.parent.parent / "requirements.txt"
    if installed.exists() and installed.read_bytes() == wanted.read_bytes():
        return
    subprocess.run([sys.executable, "-m", "venv", python.parent.parent], check=True, stdout=sys.stderr)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--requirement", wanted], check=True, stdout=sys.stderr)
    shutil.copy(wanted, installed)


def package_version(package):
    return re.search(rf"^{package}==(\S+)", (HERE / "requirements.txt").read_text(), re.MULTILINE)[1]


def property_of_pom(name):
    return re.search(rf"<{name}>(.*)</{name}>", (HERE / "pom.xml").read_text())[1]


def build_java(modules):
    """Builds modules of pom.xml, with their jars and those that they need in build/peers/MODULE/lib."""
    for module in modules:
        # Maven does not take away a jar of another version, and all that lie there are run.
        shutil.rmtree(BUILD / module / "lib", ignore_errors=True)
    built = subprocess.run(["mvn", "-q", "-B", "-f", HERE / "pom.xml", "package", "-am", "-pl", ",".join(modules)],
                           stdout=subprocess.PIPE, text=True)
    if built.returncode != 0:
        sys.exit(f"{built.stdout}\nbench/peers: Maven does not build {', '.join(modules)}")


@dataclasses.dataclass(frozen=True)
class FilePeer:
    """A tool of batches that does bench/file.yaml's job: `python file/PACKAGE_job.py IN OUT`."""

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


@dataclasses.dataclass(frozen=True)
class KafkaPeer:
    """A stream engine on the JVM that runs job A or B: a module of pom.xml."""

    name: str
    key: str  # the module's folder
    main: str
    idle_s = None  # it is never idle: it goes on compiling itself, and takes its checkpoints
    time_limit_s = 1200

    @property
    def label(self):
        return f"{self.name} {property_of_pom(f'{self.key}.version')}"

    def command(self, job):
        return ["java", *JVM, "-cp", f"{BUILD / self.key / 'lib'}/*", self.main, job]


# The parallel collector takes less CPU time than the default one.
JVM = ["-XX:+UseParallelGC", "-Xms512m", "-Xmx512m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"]

ALL = [
    FilePeer("DuckDB", "duckdb"),
    FilePeer("Polars", "polars"),
    FilePeer("ClickHouse (chdb)", "chdb"),
    KafkaPeer("Kafka Streams", "kafka-streams", "weir.bench.streams.Main"),
    KafkaPeer("Flink", "flink", "weir.bench.flink.Main"),
]


def named(text):
    """The peers of a list as the command line has it: `duckdb,polars`."""
    known = {peer.key: peer for peer in ALL}
    if unknown := [word for word in text.split(",") if word not in known]:
        raise argparse.ArgumentTypeError(f"no peer {unknown[0]!r}; there are {', '.join(known)}")
    return [known[word] for word in text.split(",")]


def prepare(peers):
    """Installs and builds what these peers need."""
    if not peers:
        return
    subprocess.run([HERE.parent.parent / "tools" / "packages", "install", "peers"], check=True, stdout=sys.stderr)
    if any(isinstance(peer, FilePeer) for peer in peers):
        install_python_packages("requirements.txt", PYTHON)
    if modules := [peer.key for peer in peers if isinstance(peer, KafkaPeer)]:
        build_java(modules)
