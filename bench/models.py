"""tools/bench --models: what training, loading and scoring a model costs, beside scikit-learn, LightGBM, XGBoost and ONNX
Runtime, which do the same with the same rows."""
import json
import pathlib
import statistics
import subprocess
import sys

import peers  # stands in bench/peers, where tools/bench looks

ROOT = pathlib.Path(__file__).resolve().parent.parent
HERE = ROOT / "bench" / "peers"
PYTHON = peers.BUILD / "models" / "bin" / "python"


def lines_of(*command):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"tools/bench: {command[0]} failed with exit code {done.returncode}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def measure(rows, repetitions, folder):
    """@returns the table, and the figures by task and who did it; Weir and the peers take turns"""
    subprocess.run([ROOT / "tools" / "packages", "install", "peers"], check=True, stdout=sys.stderr)
    peers.install_python_packages("requirements-models.txt", PYTHON)
    found = {}
    for _ in range(repetitions):
        data = pathlib.Path(folder) / "rows"
        for line in [*lines_of(ROOT / "build/release/bench/models_bench", rows, data),
                     *lines_of(PYTHON, HERE / "models_peers.py", rows, data)]:
            print(json.dumps(line), file=sys.stderr, flush=True)
            found.setdefault((line["task"], line["unit"]), {}).setdefault(line.get("peer", "Weir"), []).append(line["value"])
    medians = {task: {who: statistics.median(values) for who, values in by.items()} for task, by in found.items()}
    lines = ["| task | Weir | peer | | peer / Weir |", "| --- | ---: | ---: | --- | ---: |"]
    for (task, unit), by in medians.items():
        ours = by.pop("Weir")
        for who, value in by.items() or [("", None)]:
            peer = "" if value is None else f"{value:.4g} {unit}"
            ratio = "" if value is None else f"{value / ours:.1f}"
            lines.append(f"| {task} | {ours:.4g} {unit} | {peer} | {who} | {ratio} |")
    return "\n".join(lines), {task: by for (task, _), by in medians.items()}
