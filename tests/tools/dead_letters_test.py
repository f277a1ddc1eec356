"""Dead letters of a pipeline that keeps none: the log counts them, and shows them whole when it is asked to."""
import unittest

from weir_command import WeirTest, small_pipeline

BAD = 300


class dead_letters_test(WeirTest):
    def run_pipeline(self, *options):
        self.write("p.yaml", small_pipeline())
        self.write("in.ndjson", '{"id":"secret"}\n' + '{"id":1}\n{ not JSON\n' * BAD)
        return self.weir("run", "p.yaml", *options, code=0).stderr

    def test_the_log_counts_them_in_a_line_and_so_does_the_summary(self):
        log = self.run_pipeline()
        said = [line for line in log.splitlines() if "dead letters: " in line]
        self.assertLessEqual(len(said), 2, log)
        self.assertIn("decode malformed (the first is in.ndjson/0@", said[0])
        self.assertIn("1 cast wrong_type (the first is in.ndjson/0@0: field 'id': expected int, found string)", log)
        self.assertNotIn("{ not JSON", log)
        self.assertRegex(log, rf"(?m)^ +{BAD}   decode malformed$")
        self.assertRegex(log, r"(?m)^ +1   cast wrong_type$")

    def test_a_file_of_which_nothing_could_be_read_is_no_success(self):
        self.write("p.yaml", small_pipeline())
        self.write("in.ndjson", "id\n1\n2\n")
        self.assertIn("every record is a dead letter (is 'format' of the source", self.weir("run", "p.yaml", code=1).stderr)

    def test_a_line_that_is_too_long_is_one_of_them_and_no_record(self):
        self.write("p.yaml", small_pipeline(source="in.csv").replace("{ id: int }", "{ id: int, text: string }"))
        self.write("in.csv", "id,text\n1," + "x" * (17 << 20) + "\n2,y\n")
        log = self.weir("run", "p.yaml", code=0).stderr
        self.assertRegex(log, r"(?m)^ +1   decode too_long$")
        self.assertEqual([row["id"] for row in self.rows("out.ndjson")], [2])

    def test_they_are_logged_whole_where_that_is_wanted(self):
        log = self.run_pipeline("-v")
        self.assertEqual(log.count('"value":"{ not JSON"'), BAD, log[:2000])


if __name__ == "__main__":
    unittest.main()
