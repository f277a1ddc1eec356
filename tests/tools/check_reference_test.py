"""The checker of the reference job has to find each kind of mistake: an independent job A in floats makes the outputs."""
import json
import math
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECKER = pathlib.Path(__file__).resolve().parents[2] / "bench" / "check_reference.py"


def transaction(number, customer, amount):
    return {"CustomerID": customer, "Date": f"2026-01-05T13:{number // 60:02}:{number % 60:02}.000Z", "Amount": amount,
            "Age": 34, "Gender": "F", "TransactionType": "purchase", "Location": "Berlin", "Device": "mobile"}


def outputs_of(inputs):
    history = {}
    for record in inputs:
        amount = record["Amount"]
        if amount is None or amount <= 50:
            continue
        before = history.setdefault(record["CustomerID"], [])
        z = 0.0
        if len(before) >= 5:
            mean = math.fsum(before) / len(before)
            deviation = math.sqrt(math.fsum((x - mean) ** 2 for x in before) / len(before))
            z = (amount - mean) / deviation if deviation else 0.0
        before.append(amount)
        yield record | {"hour": 13, "dow": 0, "amount_per_age": amount / 34,
                        "rolling_mean": math.fsum(before[-20:]) / len(before[-20:]), "z": z, "anomaly": abs(z) > 3}


class CheckReferenceTest(unittest.TestCase):
    def setUp(self):
        self.inputs = [transaction(i, f"C00000{i % 3}", [None, 12.5, 60.25 + i * 7 % 40, 99.9, 1000.0][i % 5])
                       for i in range(300)]
        self.outputs = list(outputs_of(self.inputs))
        self.dead = ["{broken", "{broken"]

    def check(self, *options):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            lines = [json.dumps(r) for r in self.inputs]
            (folder / "in").write_text("\n".join(lines[:7] + ["{broken"] + lines[7:] + ["{broken"]) + "\n")
            (folder / "out").write_text("".join(json.dumps(r) + "\n" for r in self.outputs))
            (folder / "dead").write_text("".join(line + "\n" for line in self.dead))
            run = subprocess.run([sys.executable, CHECKER, folder / "in", folder / "out", "--dead", folder / "dead",
                                  *options], capture_output=True, text=True)
            return run.returncode, run.stdout

    def test_accepts_a_right_output(self):
        code, text = self.check()
        self.assertEqual(code, 0, text)
        self.assertIn("all equal", text)

    def test_takes_what_comes_again_at_least_once_and_only_then(self):
        self.outputs += self.outputs[20:40]
        self.dead.append("{broken")
        self.assertEqual(self.check()[0], 1)
        code, text = self.check("--at-least-once")
        self.assertEqual(code, 0, text)
        self.assertIn("20 came again", text)

    def test_finds_what_is_lost_and_what_is_wrong_at_least_once(self):
        whole = list(self.outputs)
        del self.outputs[30]
        self.assertIn("1 of", self.check("--at-least-once")[1])
        self.outputs = whole + [whole[30] | {"rolling_mean": whole[30]["rolling_mean"] + 1}]
        code, text = self.check("--at-least-once")
        self.assertEqual(code, 1)
        self.assertIn("rolling_mean is", text)
        self.outputs = whole + [whole[30] | {"Age": 35}]
        self.assertIn("no input is like it", self.check("--at-least-once")[1])

    def test_accepts_keys_that_are_interleaved_in_another_way(self):
        self.outputs.sort(key=lambda record: record["CustomerID"])
        self.assertEqual(self.check()[0], 0)

    def test_finds_a_number_that_is_off_by_a_millionth(self):
        for field in ("z", "rolling_mean", "amount_per_age"):
            right = self.outputs[100][field]
            self.outputs[100][field] = right * (1 + 1e-6)
            self.assertIn(field, self.check()[1])
            self.outputs[100][field] = right

    def test_finds_a_missing_a_repeated_and_a_displaced_record(self):
        right = list(self.outputs)
        for wrong in (right[:-1], right + right[-1:], right[:3] + [right[6], right[4], right[5], right[3]] + right[7:]):
            self.outputs = wrong
            self.assertEqual(self.check()[0], 1)

    def test_finds_an_input_field_that_has_changed(self):
        self.outputs[5] = self.outputs[5] | {"Device": "pos"}
        self.assertIn("Device", self.check()[1])

    def test_finds_dead_letters_that_are_missing_or_too_many(self):
        for wrong in (["{broken"], ["{broken", "{broken", "{other"]):
            self.dead = wrong
            self.assertEqual(self.check()[0], 1)


if __name__ == "__main__":
    unittest.main()
