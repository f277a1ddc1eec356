"""Behaviour of bench/peers/compare_outputs.py on outputs made for each test."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

COMPARISON = pathlib.Path(__file__).resolve().parents[2] / "bench" / "peers" / "compare_outputs.py"


def output(second, **changes):
    """A customer's output of that second, which tells it apart."""
    return {"CustomerID": "C1", "Date": f"2026-01-01T00:00:{second:02}.000Z", "Amount": 60, "Device": None,
            "rolling_mean": 61.5, "z": 0.25, "anomaly": False, "risk": 4.5} | changes


class CompareOutputsTest(unittest.TestCase):
    def compare(self, weir, peer, *options):
        """Exit code and output."""
        with tempfile.TemporaryDirectory() as folder:
            paths = [pathlib.Path(folder) / name for name in ("weir.ndjson", "peer.ndjson")]
            for path, records in zip(paths, (weir, peer)):
                path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
            run = subprocess.run([sys.executable, COMPARISON, *paths, *options], capture_output=True, text=True)
            return run.returncode, run.stdout

    def test_accepts_the_same_records_in_another_order(self):
        records = [output(1), output(2, z=0.5), output(1, CustomerID="C2")]
        code, text = self.compare(records, records[::-1])
        self.assertEqual(code, 0, text)
        self.assertIn("3 records of 2 customers compared: all equal", text)

    def test_accepts_what_an_engine_may_write_otherwise(self):
        for changes in [{"Amount": 60.0}, {"z": 0.25 * (1 + 5e-10)}]:
            self.assertEqual(self.compare([output(1)], [output(1, **changes)])[0], 0, changes)

    def test_names_each_field_that_is_wrong(self):
        for changes in [{"z": 0.25 * (1 + 5e-9)}, {"rolling_mean": 61}, {"anomaly": True}, {"anomaly": 0}, {"Device": "web"},
                        {"Amount": "60"}]:
            code, text = self.compare([output(1)], [output(1, **changes)])
            self.assertEqual(code, 1, changes)
            self.assertTrue(text.startswith(f"C1: {next(iter(changes))} is "), text)

    def test_wants_the_same_fields(self):
        code, text = self.compare([output(1)], [output(1, place=1)])
        self.assertEqual(code, 1)
        self.assertIn("the fields are", text)

    def test_counts_each_customers_records(self):
        for peer in [[output(1)], [output(1), output(2), output(2)], [output(1), output(2, CustomerID="C2")]]:
            code, text = self.compare([output(1), output(2)], peer)
            self.assertEqual(code, 1)
            self.assertIn("FAILED", text)

    def test_takes_single_precision_only_where_it_is_told(self):
        nearly = [output(1, risk=4.5 * (1 + 5e-6))]
        self.assertEqual(self.compare([output(1)], nearly)[0], 1)
        self.assertEqual(self.compare([output(1)], nearly, "--single", "risk")[0], 0)
        self.assertEqual(self.compare([output(1)], [output(1, risk=4.501)], "--single", "risk")[0], 1)

    def test_takes_either_answer_at_the_threshold(self):
        weir = [output(1, z=3.000000000001, anomaly=True)]
        self.assertEqual(self.compare(weir, [output(1, z=2.999999999999, anomaly=False)])[0], 0)
        self.assertEqual(self.compare(weir, [output(1, z=2.999999999999, anomaly=None)])[0], 1)

    def test_does_not_accept_nothing(self):
        self.assertEqual(self.compare([], [])[0], 1)


if __name__ == "__main__":
    unittest.main()
