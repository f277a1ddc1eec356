#!/usr/bin/env python3
"""Instructions a record of two builds of weir, from file to file: figures that do not depend on what else the machine does.

    bench/compare_instructions.py BASE NEW

Each binary runs the reference job (A, and A with a forest's prediction) under valgrind's callgrind, over two lengths of the
same generated transactions; the difference is what a record costs. Needs valgrind; takes about half a minute.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHORT, LONG = 50_000, 150_000
FOREST = f"""infer:
  - {{ model: {ROOT}/tests/data/models/regressor.onnx, inputs: [Amount, Age, hour, dow], as: risk }}
"""


def pipeline(folder, rows, forest):
    """The reference job with files in the place of its topics."""
    job = (ROOT / "examples/reference/pipeline.yaml").read_text(encoding="utf-8")
    steps = job[job.index("schema:"):job.index("sink:")].replace("aggregate:", (FOREST if forest else "") + "aggregate:")
    path = folder / "pipeline.yaml"
    path.write_text(f"name: compare\nsource: {{ file: {{ path: {folder}/{rows}.ndjson, partitions: 8, key: CustomerID }} }}\n"
                    f"{steps}sink: {{ file: /dev/null }}\ndead_letter: {{ file: /dev/null }}\n"
                    f"stats: {{ enabled: false }}\nstate: {{ dir: {folder}/state }}\nparallelism: 1\n", encoding="utf-8")
    return path


def instructions(weir, folder, rows, forest):
    run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", weir, "run",
                          str(pipeline(folder, rows, forest))], capture_output=True, text=True, check=True)
    return int(re.search(r"Collected : (\d+)", run.stderr)[1])


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 64
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for rows in (SHORT, LONG):
            subprocess.run([sys.argv[2], "generate", "transactions", "--rows", str(rows), "--out",
                            str(folder / f"{rows}.ndjson")], capture_output=True, check=True)
        for job, forest in (("A", False), ("A with a forest", True)):
            base, new = ((instructions(weir, folder, LONG, forest) - instructions(weir, folder, SHORT, forest))
                         / (LONG - SHORT) for weir in sys.argv[1:])
            print(f"{job:16} {base:8.0f} {new:8.0f} instructions a record: {new / base:.3f} x")
    return 0


if __name__ == "__main__":
    sys.exit(main())
