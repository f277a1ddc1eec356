"""Dead letters in a file: counted, shown, and written out as they came."""
import json
import unittest

from weir_command import WeirTest

PIPELINE = """name: p
source: { file: in.ndjson }
schema: { id: { type: int, required: true }, k: string }
sink: { file: out.ndjson }
dead_letter: { file: dead.ndjson }
stats: { enabled: false }
"""
RECORDS = [b'{"id":1,"k":"a"}', b'{"id":"x","k":"a"}', b'{"id":"y"}', b'{"k":"b"}', b"no JSON", b'{"id":2,"k":"\xff"}']


class DlqFileTest(WeirTest):
    def setUp(self):
        super().setUp()
        self.write("p.yaml", PIPELINE)
        (self.folder / "in.ndjson").write_bytes(b"\n".join(RECORDS) + b"\n")
        self.weir("run", "p.yaml", code=0)

    def test_list_counts_them_by_stage_and_reason(self):
        said = json.loads(self.weir("dlq", "list", "dead.ndjson", "-o", "json", code=0).stdout)
        self.assertEqual([(one["stage"], one["code"], one["topic"], one["letters"]) for one in said],
                         [("cast", "missing", "in.ndjson", 1), ("cast", "wrong_type", "in.ndjson", 2), ("decode", "encoding", "in.ndjson", 1),
                          ("decode", "malformed", "in.ndjson", 1)])
        self.assertTrue(all(one["first"] <= one["last"] and one["first"] > "2020" for one in said))
        table = self.weir("dlq", "list", "dead.ndjson", "--where", "stage = 'cast'", code=0).stdout
        self.assertRegex(table, r"(?m)^cast +wrong_type +2 .* in.ndjson +field 'id': expected int, found string")
        self.assertNotIn("decode", table)
        self.assertEqual(self.weir("dlq", "list", "dead.ndjson", "--where", "offset > 100", code=0).stdout, "there are no dead letters\n")

    def test_show_prints_them_whole(self):
        rows = [json.loads(line) for line in self.weir("dlq", "show", "dead.ndjson", "-o", "json", code=0).stdout.splitlines()]
        self.assertEqual([(row["place"], row["offset"], row["value"]) for row in rows],
                         [(f"dead.ndjson:{i}", i, RECORDS[i].decode(errors="replace")) for i in range(1, 6)])
        text = self.weir("dlq", "show", "dead.ndjson", "--where", "value like '%no JSON%' and partition = 0", code=0).stdout
        self.assertIn("dead.ndjson:4  decode malformed: ", text)
        self.assertIn("in.ndjson/0@4", text)
        self.assertTrue(text.endswith("\n  no JSON\n"), text)
        self.assertEqual(self.weir("dlq", "show", "dead.ndjson", "--limit", "2", code=0).stdout.count("in.ndjson/0@"), 2)

    def test_replay_to_a_file_gives_back_every_byte(self):
        self.weir("dlq", "replay", "dead.ndjson", "--out", "again.ndjson", code=0)
        self.assertEqual((self.folder / "again.ndjson").read_bytes(), b"\n".join(RECORDS[1:]) + b"\n")
        self.assertIn("is there already", self.weir("dlq", "replay", "dead.ndjson", "--out", "again.ndjson", code=64).stderr)

    def test_what_is_wrong_is_said(self):
        self.assertIn("unknown column 'stag' (did you mean 'stage'?)", self.weir("dlq", "list", "dead.ndjson", "--where", "stag = 1", code=64).stderr)
        self.assertIn("--where must be true or false", self.weir("dlq", "show", "dead.ndjson", "--where", "offset", code=64).stderr)
        self.assertIn("in.ndjson:1: this is no dead letter", self.weir("dlq", "list", "in.ndjson", code=78).stderr)
        self.assertIn("there is no file 'away.ndjson'", self.weir("dlq", "list", "away.ndjson", code=69).stderr)
        self.assertIn("a verb of 'dlq' is missing", self.weir("dlq", code=64).stderr)


if __name__ == "__main__":
    unittest.main()
