"""Behaviour of tools/check-layers on small trees made for each test."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECKER = pathlib.Path(__file__).resolve().parents[2] / "tools" / "check-layers"


class CheckLayersTest(unittest.TestCase):
    def check(self, path, line):
        """Exit code and output for a tree of one file whose second line is `line`."""
        with tempfile.TemporaryDirectory() as root:
            file = pathlib.Path(root) / path
            file.parent.mkdir(parents=True)
            file.write_text(f"#pragma once\n{line}\n", encoding="utf-8")
            run = subprocess.run([sys.executable, CHECKER, root], capture_output=True, text=True)
            return run.returncode, run.stdout

    def test_accepts_an_include_that_follows_the_arrows(self):
        self.assertEqual(self.check("io/a.hpp", '#include "core/batch/batch.hpp"'), (0, ""))

    def test_names_file_and_line_of_an_include_against_the_arrows(self):
        code, output = self.check("core/deep/a.hpp", '  # include "models/forest.hpp"')
        self.assertEqual(code, 1)
        self.assertTrue(output.startswith("core/deep/a.hpp:2: error: core/ must not depend on models/"))

    def test_keeps_caf_in_the_actors_and_their_tests(self):
        for path, code in [("io/a.cpp", 1), ("tests/io/a.cpp", 1), ("actors/a.cpp", 0), ("cli/a.cpp", 1),
                           ("tests/actors/a.cpp", 0), ("bench/a.cpp", 0)]:
            self.assertEqual(self.check(path, "#include <caf/all.hpp>")[0], code, path)

    def test_keeps_librdkafka_in_its_folder(self):
        for path, code in [("actors/a.cpp", 1), ("io/file/a.cpp", 1), ("io/kafka/a.cpp", 0), ("tests/io/kafka/a.cpp", 0)]:
            self.assertEqual(self.check(path, "#include <librdkafka/rdkafka.h>")[0], code, path)

    def test_keeps_onnx_in_its_folder(self):
        for path, code in [("models/a.cpp", 1), ("cli/a.cpp", 1), ("models/onnx/a.cpp", 0), ("tests/models/onnx/a.cpp", 0)]:
            self.assertEqual(self.check(path, "#include <onnx/onnx_pb.h>")[0], code, path)

    def test_keeps_eigen_in_the_sources_of_its_folder(self):
        for path, code in [("models/trees/a.cpp", 1), ("models/linear/a.hpp", 1), ("models/linear/a.cpp", 0), ("cli/a.cpp", 1)]:
            self.assertEqual(self.check(path, "#include <Eigen/Dense>")[0], code, path)

    def test_keeps_beast_in_one_file(self):
        self.assertEqual(self.check("io/http/stats.cpp", "#include <boost/beast.hpp>")[0], 1)
        self.assertEqual(self.check("io/http/http.cpp", "#include <boost/beast.hpp>")[0], 0)

    def test_keeps_files_out_of_core_but_not_out_of_its_tests(self):
        self.assertEqual(self.check("core/a.cpp", "#include <fstream>")[0], 1)
        self.assertEqual(self.check("tests/core/a.cpp", "#include <fstream>")[0], 0)

    def test_lets_nothing_depend_on_the_benchmarks(self):
        self.assertEqual(self.check("cli/a.cpp", '#include "bench/timer.hpp"')[0], 1)


if __name__ == "__main__":
    unittest.main()
