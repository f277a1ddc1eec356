"""--log-level and --log-format stand before or behind a verb."""
import json
import unittest

from weir_command import WeirTest, small_pipeline


class log_options_test(WeirTest):
    def setUp(self):
        super().setUp()
        self.write("p.yaml", small_pipeline())
        self.write("in.ndjson", '{"id":1}\n{ "quotes" and a \\ \n')

    def log(self, *arguments, code=0):
        return self.weir(*arguments, code=code).stderr

    def test_a_line_of_json_for_each_message(self):
        for arguments in (["--log-format", "json", "run", "p.yaml"], ["run", "p.yaml", "--log-format", "json"]):
            lines = [json.loads(line) for line in self.log(*arguments).splitlines()]
            self.assertIn("dead letters: 1 decode malformed", " ".join(line["message"] for line in lines))
            self.assertEqual({tuple(line) for line in lines}, {("time", "level", "message")})
            self.assertIn("warning", [line["level"] for line in lines])
            self.assertRegex(lines[-1]["message"], r"^p: .*\n +received +2\n")
            self.assertRegex(lines[0]["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")

    def test_an_error_is_a_message_too(self):
        lines = self.log("--log-format", "json", "run", "nothing.yaml", code=78).splitlines()
        self.assertEqual([json.loads(line)["level"] for line in lines], ["error"])
        self.assertIn("nothing.yaml", json.loads(lines[0])["message"])

    def test_the_level_decides_what_is_logged(self):
        self.assertIn("[warning]", self.log("run", "p.yaml"))
        self.assertNotIn("[warning]", self.log("run", "p.yaml", "--log-level", "error"))
        self.assertIn("[debug]", self.log("--log-level=debug", "run", "p.yaml"))

    def test_a_level_that_there_is_not_is_refused(self):
        self.assertIn("--log-level", self.log("run", "p.yaml", "--log-level", "loud", code=64))


if __name__ == "__main__":
    unittest.main()
