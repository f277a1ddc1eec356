"""Models that learn on, on a node that is killed by kill -9 again and again: they end with the weights that they would have had.

What a model says of a record has all the digits of a double and follows from every record before it in its partition. So
two runs over the same topic whose outputs are the same, to the last digit, had the same weights all the way.
"""
import json
import random
import time
import unittest

from reference_job import GROUP_PROPERTIES, ReferenceJob

RECORDS = 40_000
KILLS = 6
KEYS = 40


class OnlineModelsTest(ReferenceJob):
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

    def produce(self, path, rate):
        return self.start_weir("produce", path, "--topic", self.source, "--brokers", self.brokers, "--key", "k", "--rate",
                               str(rate))

    def lines_by_id(self, topic):
        lines = self.consume(topic).read_text().splitlines()
        by_id = {json.loads(line)["id"]: line for line in lines}
        self.assertEqual(len(by_id), len(lines), "an output came twice")
        return by_id

    def wait_for_all(self):
        until = time.monotonic() + 120
        while self.lines(self.sink) < RECORDS:
            self.assertLess(time.monotonic(), until, f"{self.lines(self.sink)} outputs\n{self.log()}")
            time.sleep(0.3)

    def run_and_kill(self):
        dice = random.Random(12)
        producer = self.produce(self.write_records(), rate=2000)
        for _ in range(KILLS):
            node = self.start()
            time.sleep(dice.uniform(0.8, 5.0))
            self.assertIsNone(node.poll(), self.log())
            node.kill()
            node.wait()
        node = self.start()
        self.finish_producing(producer)
        self.wait_for_all()
        self.stop(node)

    def run_undisturbed(self):
        """Another pipeline over the same topic."""
        self.sink += "-steady"
        self.make_topics(self.sink)
        self.environment = self.environment | {"OUT": self.sink, "GROUP": self.environment["GROUP"] + "-steady"}
        node = self.start("steady")
        self.wait_for_all()
        self.stop(node)

    def test_what_is_said_after_kills_is_what_an_undisturbed_run_says_to_the_last_digit(self):
        self.make_topics()
        self.run_and_kill()
        killed = self.lines_by_id(self.sink)
        self.run_undisturbed()
        steady = self.lines_by_id(self.sink)
        self.assertEqual(len(steady), RECORDS)
        differing = [number for number in steady if killed.get(number) != steady[number]]
        self.assertEqual(differing, [], f"{killed.get(min(differing, default=0))}\n{steady[min(differing, default=0)]}")
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
