"""Standard input as a source: each run reads what comes, whatever became of the one before."""
import signal
import subprocess
import unittest

from weir_command import WEIR, WeirTest, numbered, small_pipeline, wait_until


class StandardInputTest(WeirTest):
    def seen(self):
        out = self.folder / "out.ndjson"
        return out.read_text().count("\n") if out.exists() else 0

    def test_a_run_behind_one_that_was_killed_passes_over_nothing(self):
        self.write("p.yaml", small_pipeline(source="'-'"))
        node = subprocess.Popen([WEIR, "run", "p.yaml"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, cwd=self.folder, text=True)
        self.addCleanup(node.wait, 30)
        self.addCleanup(node.kill)
        node.stdin.write(numbered(500))
        node.stdin.flush()
        wait_until(lambda: self.seen() == 500, 30, "outputs")
        before = self.state_size()
        node.stdin.write(numbered(500))
        node.stdin.flush()
        wait_until(lambda: self.state_size() > before, 30, "a commit")
        node.send_signal(signal.SIGKILL)
        node.wait(30)
        node.stdin.close()
        self.weir("run", "p.yaml", input=numbered(700), code=0)
        self.assertEqual([row["id"] for row in self.rows("out.ndjson")], list(range(700)))

    def state_size(self):
        wal = self.folder / ".weir/p.state-wal"
        return wal.stat().st_size if wal.exists() else 0

    def test_append_keeps_what_the_runs_before_have_written(self):
        self.write("p.yaml", small_pipeline(source="'-'", sink="{ path: out.ndjson, append: true }"))
        for _ in range(2):
            self.weir("run", "p.yaml", input=numbered(3), code=0)
        self.assertEqual([row["id"] for row in self.rows("out.ndjson")], [0, 1, 2, 0, 1, 2])


if __name__ == "__main__":
    unittest.main()
