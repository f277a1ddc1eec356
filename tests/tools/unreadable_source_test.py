"""A source file that cannot be read to its end is not one that ended."""
import unittest

from weir_command import WeirTest, small_pipeline


class UnreadableSourceTest(WeirTest):
    def test_ends_the_node_with_the_reason_and_not_as_if_the_file_had_ended(self):
        source = "/proc/self/mem"  # it opens, and its first bytes cannot be read
        self.write("p.yaml", small_pipeline(source=source))
        run = self.weir("run", "p.yaml", code=1)
        self.assertIn(f"cannot read '{source}': Input/output error", run.stderr)
        self.assertIn("the next start goes on from the last commit", run.stderr)


if __name__ == "__main__":
    unittest.main()
