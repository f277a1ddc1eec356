"""CSV as the world writes it: other delimiters and quotes, no header, and files that are broken."""
import json
import signal
import unittest

from weir_command import WeirTest, wait_until

PIPELINE = """
name: p
source: {{ file: {{ path: in.csv{more} }}, format: csv{rows} }}
schema: {{ id: int, name: string }}
sink: {{ file: out.ndjson }}
dead_letter: {{ file: dead.ndjson }}
stats: {{ enabled: false }}
"""
ALL = 20_000


class CsvFilesTest(WeirTest):
    def pipeline(self, rows="", more=""):
        self.write("p.yaml", PIPELINE.format(rows=rows, more=more))

    def run_over(self, csv, rows="", code=0):
        """What comes out, and the dead letters: reasons and texts."""
        (self.folder / "in.csv").write_bytes(csv.encode())
        self.pipeline(rows)
        self.run_of = self.weir("run", "p.yaml", code=code)
        dead = self.rows("dead.ndjson") if (self.folder / "dead.ndjson").exists() else []
        return self.rows("out.ndjson"), [(row["reason"], row["value"]) for row in dead]

    def test_delimiters_quotes_and_line_ends(self):
        wanted = [{"id": 1, "name": "a;b\nc\"'"}, {"id": 2, "name": None}]
        for rows, csv in (
            (", delimiter: ';'", '\ufeff"id";name\r\n1;"a;b\nc""\'"\r\n2;\r\n'),
            (", delimiter: tab", "id\tname\n1\t\"a;b\nc\"\"'\"\n2\t\n"),
            (", delimiter: '|', quote: \"'\"", "id|name\n1|'a;b\nc\"'''\n2|"),
            (", delimiter: '|', has_header: false", "\ufeff1|\"a;b\nc\"\"'\"\n2|\n"),
            (", delimiter: '|', has_header: false, header: [name, id]", "\"a;b\nc\"\"'\"|1\n|2\n"),
        ):
            with self.subTest(rows):
                self.assertEqual(self.run_over(csv, rows), (wanted, []))

    def test_no_quotes_at_all(self):
        out, dead = self.run_over("id\tname\n1\t5\" pipe\n2\t\"x\n", ", delimiter: tab, quote: none")
        self.assertEqual(([row["name"] for row in out], dead), (['5" pipe', '"x'], []))

    def test_a_header_without_rows_has_no_records(self):
        for csv in ("id,name\n", "id,name"):
            self.assertEqual(self.run_over(csv), ([], []))

    def test_an_empty_file_has_no_header(self):
        self.pipeline()
        self.write("in.csv", "")
        self.assertIn("'in.csv' has no header row (a CSV file begins with the names of its columns)",
                      self.weir("run", "p.yaml", code=78).stderr)

    def test_ragged_rows_are_dead_letters(self):
        out, dead = self.run_over("id,name\n1,a\n2\n3,c,\n4,d\n")
        self.assertEqual([row["id"] for row in out], [1, 4])
        self.assertEqual(dead, [("expected 2 fields, found 1", "2"), ("expected 2 fields, found 3", "3,c,")])

    def test_the_last_row_of_a_truncated_file_is_a_dead_letter(self):
        out, dead = self.run_over("id,name\n1,a\n2")
        self.assertEqual(([row["id"] for row in out], dead), ([1], [("expected 2 fields, found 1", "2")]))

    def test_a_quote_that_is_never_closed_takes_along_what_is_in_the_dead_letter(self):
        out, dead = self.run_over('id,name\n1,a\n2,"b\n3,c\n')
        self.assertEqual([row["id"] for row in out], [1])
        self.assertEqual(dead, [("a quote that is never closed (byte 2)", '2,"b\n3,c\n')])

    def test_a_quote_within_a_field_spoils_its_row_alone(self):
        out, dead = self.run_over('id,name\n1,5" pipe\n2,b\n3,"c"d\n4,e\n')
        self.assertEqual([row["id"] for row in out], [2, 4])
        self.assertEqual([value for _, value in dead], ['1,5" pipe', '3,"c"d'])

    def test_fields_that_no_schema_names_stay_what_they_are(self):
        self.write("in.csv", 'id,a,b,c,d,e,f\n1,12.50,007,true,"5",,12345678901234567890\n')
        self.pipeline()
        self.write("p.yaml", self.read("p.yaml").replace("{ id: int, name: string }", "{ id: int }"))
        self.weir("run", "p.yaml", code=0)
        self.assertEqual(self.read("out.ndjson"),
                         '{"id":1,"a":12.50,"b":"007","c":true,"d":"5","e":null,"f":12345678901234567890}\n')

    def from_header(self, csv, rows="", schema="from: header", code=0):
        self.write("in.csv", csv)
        self.pipeline(rows)
        self.write("p.yaml", self.read("p.yaml").replace("{ id: int, name: string }", "{ " + schema + " }"))
        return self.weir("validate", "p.yaml", code=code)

    def test_a_schema_comes_from_a_header(self):
        csv = "id;when;sum;ok;zip;n\n1;2026-01-05;1.5;true;01234;\n2;2026-01-06T10:00:00Z;2;false;99999;\nx\n"
        said = self.from_header(csv, ", delimiter: ';'").stdout
        self.assertIn("p.yaml: schema: from the header of 'in.csv', types by its first 1000 rows: id int, when timestamp, "
                      "sum double, ok bool, zip string, n string\n", said)
        self.assertIn("schema: from the header of 'in.csv'", self.weir("run", "p.yaml", code=0).stderr)
        self.assertEqual(self.rows("out.ndjson")[1], {"id": 2, "when": "2026-01-06T10:00:00Z", "sum": 2, "ok": False,
                                                      "zip": "99999", "n": None})
        self.assertEqual([row["reason"] for row in self.rows("dead.ndjson")], ["expected 6 fields, found 1"])

    def test_what_a_schema_names_itself_is_not_guessed(self):
        said = self.from_header("id,name\n1,2\n", schema="from: header, name: { type: string, required: true }").stdout
        self.assertIn("types by its first 1000 rows: id int\n", said)
        self.assertIn("field 'nmae'", self.from_header("id,name\n1,2\n", schema="from: header, nmae: int", code=78).stderr)

    def test_a_schema_cannot_come_from_what_has_no_header(self):
        self.assertIn("the file has no header: name its fields by 'header' in source",
                      self.from_header("1,2\n", ", has_header: false", code=78).stderr)
        self.assertEqual(self.from_header("1,x\n", ", has_header: false, header: [a, b]").stdout.count("a int, b string"), 1)
        self.assertIn("'in.csv' has no header row", self.from_header("", code=78).stderr)
        (self.folder / "in.csv").unlink()
        self.assertIn("p.yaml:4:11: error: the fields cannot be taken from the header: cannot read 'in.csv'",
                      self.weir("validate", "p.yaml", code=78).stderr)

    def test_an_interrupted_run_goes_on_in_rows_of_many_lines(self):
        for sign in (signal.SIGINT, signal.SIGKILL):
            with self.subTest(sign):
                for name in ("out.ndjson", ".weir/p.state"):
                    (self.folder / name).unlink(missing_ok=True)
                self.write("in.csv", "".join(f"{i};'a\n;{i}'\n" for i in range(ALL)))
                rows = ", delimiter: ';', quote: \"'\", has_header: false"
                self.pipeline(rows, ", rate: 4000")
                node = self.start_weir("run", "p.yaml")
                seen = lambda: (self.folder / ".weir/p.state").exists() and self.read("out.ndjson").count("\n")
                wait_until(lambda: seen() > 5000, 30, "outputs", lambda: self.read("log"))
                node.send_signal(sign)
                node.wait(30)
                self.pipeline(rows.replace('"\'"', "none"))
                said = self.weir("run", "p.yaml", code=78).stderr
                self.assertIn("with another delimiter, quote or has_header", said)
                self.pipeline(rows)
                self.weir("run", "p.yaml", code=0)
                self.assertEqual(self.rows("out.ndjson"), [{"id": i, "name": f"a\n;{i}"} for i in range(ALL)])


if __name__ == "__main__":
    unittest.main()
