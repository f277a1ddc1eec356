"""What every test of the program needs: the binary ($WEIR, or that of build/release), and to wait for what it does."""
import os
import pathlib
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
WEIR = pathlib.Path(os.environ.get("WEIR", ROOT / "build/release/weir"))


def weir(*arguments, timeout=60, **more):
    """Runs a verb to its end. `more` goes to subprocess.run()."""
    return subprocess.run([WEIR, *arguments], capture_output=True, text=True, timeout=timeout, **more)


def wait_until(condition, limit, what, log=lambda: ""):
    """Asks again and again; fails with `what` and the log after `limit` seconds."""
    until = time.monotonic() + limit
    while not condition():
        if time.monotonic() > until:
            raise AssertionError(f"not within {limit} s: {what}\n{log()}")
        time.sleep(0.1)
