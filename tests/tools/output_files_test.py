"""What a pipeline does to files that are there already, and where it cannot write."""
import os
import unittest

from weir_command import WeirTest, wait_until

ROWS = "".join(f"{i},{i * 10}\n" for i in range(100))


class OutputFilesTest(WeirTest):
    def setUp(self):
        super().setUp()
        self.write("in.csv", "id,x\n" + ROWS)

    def run_with(self, rest, code, name="p", verb="run"):
        self.write(f"{name}.yaml", f"name: {name}\nsource: {{ file: {{ path: in.csv }}, format: csv }}\n"
                                   f"schema: {{ id: int, x: double }}\nstats: {{ enabled: false }}\n{rest}\n")
        return self.weir(verb, f"{name}.yaml", code=code)

    def test_a_sink_that_is_the_source_is_refused_and_the_source_stays(self):
        os.symlink("in.csv", self.folder / "link.csv")
        os.link(self.folder / "in.csv", self.folder / "hard.csv")
        for name in ("in.csv", "./in.csv", "link.csv", "hard.csv"):
            for section in (f"sink: {{ file: {name} }}", f"sink: console\ndead_letter: {{ file: {name} }}",
                            f"sink: console\nalert_sink: {{ file: {name} }}"):
                for verb in ("validate", "run"):
                    run = self.run_with(section, verb=verb, code=78)
                    self.assertIn("is the same file as the source, 'in.csv'", run.stderr)
        self.assertEqual(self.read("in.csv"), "id,x\n" + ROWS)

    def test_two_sections_do_not_share_a_file_that_is_not_there_yet(self):
        run = self.run_with("sink: { file: out }\ndead_letter: { file: ./out }", code=78)
        self.assertIn("p.yaml:6:14: error: the dead letters' file is the same file as the sink, 'out'", run.stderr)

    def test_a_device_may_be_shared(self):
        self.run_with("sink: { file: /dev/null }\ndead_letter: { file: /dev/null }", code=0)

    def test_a_file_of_somebody_else_stays_as_it_is(self):
        for section in ("sink: { file: mine }", "sink: console\ndead_letter: { file: mine }",
                        "sink: console\nalert_sink: { file: mine }"):
            self.write("mine", "precious\n")
            run = self.run_with(section, code=78)
            self.assertIn("'mine' is there already, and this pipeline did not write it", run.stderr)
            self.assertIn("overwrite: true", run.stderr)
            self.assertEqual(self.read("mine"), "precious\n")

    def test_another_pipelines_file_stays_as_it_is(self):
        self.run_with("sink: { file: out }", code=0)
        before = self.read("out")
        self.run_with("sink: { file: out }", name="q", code=78)
        self.assertEqual(self.read("out"), before)

    def test_its_own_file_is_written_anew_by_the_next_run(self):
        for _ in range(2):
            self.run_with("sink: { file: out }", code=0)
            self.assertEqual(len(self.read("out").splitlines()), 100)

    def test_a_file_that_took_the_place_of_its_own_is_not_its_own(self):
        self.run_with("sink: { file: out }", code=0)
        (self.folder / "out").unlink()
        self.write("out", "precious\n")
        self.run_with("sink: { file: out }", code=78)
        self.assertEqual(self.read("out"), "precious\n")

    def test_overwrite_empties_it(self):
        self.write("out", "old\n")
        self.run_with("sink: { file: { path: out, overwrite: true } }", code=0)
        self.assertEqual(len(self.read("out").splitlines()), 100)

    def test_overwrite_waits_for_the_header_of_a_pipe(self):
        self.write("out", "old, without an end")
        self.write("p.yaml", "name: p\nsource: { file: '-', format: csv }\nschema: { id: int }\n"
                             "sink: { file: { path: out, overwrite: true } }\nstats: { enabled: false }\n")
        self.assertNotEqual(self.weir("run", "p.yaml", input="Id\n1\n").returncode, 0)
        self.assertEqual(self.read("out"), "old, without an end")

    def test_append_keeps_all_of_it_even_a_last_line_without_an_end(self):
        self.write("out", "old\nand a line without an end")
        for runs in (1, 2):
            self.run_with("sink: { file: { path: out, append: true } }", code=0)
            lines = self.read("out").splitlines()
            self.assertEqual(lines[:2], ["old", "and a line without an end"])
            self.assertEqual(len(lines), 2 + 100 * runs)

    def test_both_at_once_are_refused(self):
        run = self.run_with("sink: { file: { path: out, append: true, overwrite: true } }", verb="validate", code=78)
        self.assertIn("'append' and 'overwrite' are both true", run.stderr)

    def test_a_full_standard_output_is_named(self):
        self.write("p.yaml", "name: p\nsource: { file: in.csv }\nschema: { id: int }\nsink: console\nstats: { enabled: false }\n")
        self.start_weir("run", "p.yaml", stdout="/dev/full")
        wait_until(lambda: "cannot write '/dev/stdout': No space left on device" in self.read("log"), 30, "the reason",
                   lambda: self.read("log"))

    def test_a_folder_that_is_not_there_is_said_at_the_start(self):
        for section in ("sink: { file: nowhere/out }", "sink: console\ndead_letter: { file: nowhere/out }"):
            run = self.run_with(section, code=78)
            self.assertIn("cannot write 'nowhere/out': No such file or directory", run.stderr)


if __name__ == "__main__":
    unittest.main()
