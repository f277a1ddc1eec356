"""Models that learn on, on a node that is killed by kill -9 again and again: they end with the weights that they would have had.

What a model says of a record has all the digits of a double and follows from every record before it in its partition. So
two runs over the same topic whose outputs are the same, to the last digit, had the same weights all the way.
"""
import json
import random
import unittest

from killed_and_steady import RECORDS, KilledAndSteady
from reference_job import GROUP_PROPERTIES

KEYS = 40


class OnlineModelsTest(KilledAndSteady):
    def pipeline_text(self):
        return f"""
name: ${{GROUP}}
source:
  kafka: {{ brokers: "${{BROKERS}}", topic: "${{IN}}", group: "${{GROUP}}", properties: {{ {GROUP_PROPERTIES} }} }}
  format: json
schema: {{ id: int, k: {{ type: string, key: true }}, rooms: int, area: double, price: double, sold: bool, kind: string }}
infer:
  - {{ sgd_regressor: price, inputs: [rooms, area], as: expected }}
  - {{ sgd_regressor: price, inputs: [area], by: k, l1: 0.001, schedule: invscaling, as: expected_of_k }}
  - {{ sgd_classifier: sold, inputs: [rooms, area, expected], as: sold_guess, probability: p_sold }}
  - {{ sgd_classifier: kind, inputs: [rooms, area], by: k, as: kind_guess, probability: p_kind }}
  - {{ hoeffding_tree_classifier: kind, inputs: [rooms, area], max_classes: 4, as: kind_by_tree, probability: p_tree }}
  - {{ recursive_least_squares: price, inputs: [rooms, area], by: k, as: squares_of_k }}
  - {{ gaussian_nb: kind, inputs: [rooms, area], as: kind_by_bayes, probability: p_bayes }}
  - {{ passive_aggressive_regressor: price, inputs: [rooms, area, expected], as: expected_passively }}
aggregate: [ {{ rolling: mean, of: expected, by: k, last: 20, as: mean_expected }} ]
sink:        {{ kafka: {{ topic: "${{OUT}}" }} }}
dead_letter: {{ kafka: {{ topic: "${{DEAD}}" }} }}
processing:  {{ guarantee: "${{GUARANTEE}}" }}
commit:      {{ interval: 100ms }}
memory:      {{ limit: 256MiB }}
stats:       {{ port: 0 }}
"""

    def write_records(self):
        """Houses; one in ten has no price yet, and so have the last of each key, which show what has been learned."""
        dice = random.Random(11)
        path = self.folder / "in.ndjson"
        with path.open("w") as out:
            for number in range(RECORDS):
                key = dice.randrange(KEYS) if number < RECORDS - 5 * KEYS else number % KEYS
                is_known = number < RECORDS - 5 * KEYS and dice.random() < 0.9
                rooms, area = dice.randint(1, 8), round(dice.gauss(80, 25), 2)
                price = round(1000 * rooms + (30 + key) * area + dice.gauss(0, 500), 2)
                kind = ["hut", "house", "palace"][(area > 60) + (area > 100)]
                print(json.dumps({"id": number, "k": f"key {key}", "rooms": rooms, "area": area,
                                  "price": price if is_known else None, "sold": price < 7000 if is_known else None,
                                  "kind": kind if is_known else None}), file=out)
        return path

    def test_what_is_said_after_kills_is_what_an_undisturbed_run_says_to_the_last_digit(self):
        steady = self.outputs_that_agree()
        self.assertEqual(self.lines(self.dead), 0)
        self.check_learned(steady)

    def check_learned(self, steady):
        """Equal outputs of models that learn nothing would say nothing."""
        def share_right(numbers, truth, guess):
            rows = [json.loads(steady[number]) for number in numbers]
            rows = [row for row in rows if row[truth] is not None]
            return sum(row[truth] == row[guess] for row in rows) / len(rows)
        last = range(RECORDS // 2, RECORDS - 5 * KEYS)
        self.assertGreater(share_right(last, "sold", "sold_guess"), 0.85)
        self.assertGreater(share_right(last, "kind", "kind_guess"), 0.7)
        self.assertGreater(share_right(last, "kind", "kind_by_tree"), 0.9)
        rows = [json.loads(steady[number]) for number in last]
        rows = [row for row in rows if row["price"] is not None]
        for said in ("expected", "expected_of_k", "squares_of_k"):
            error = sum(abs(row["price"] - row[said]) for row in rows) / len(rows)
            self.assertLess(error, 2500, said)


if __name__ == "__main__":
    unittest.main()
