"""Detectors of anomalies and of drift, on a node that is killed by kill -9 again and again: they say what they would have said.

Scores have all the digits of a double and follow from every record before them in their partition. So two runs over the same
topic whose outputs are the same, to the last digit, had the same memory all the way.
"""
import json
import math
import random
import unittest

from killed_and_steady import RECORDS, KilledAndSteady
from reference_job import GROUP_PROPERTIES, PARTITIONS

KEYS = 40
SPIKES = range(RECORDS // 2, RECORDS, 997)

ONE_COLUMN = ["zscore", "ewma", "moving_average", "robust_zscore", "iqr", "spike", "level_shift", "cusum", "holt_winters",
              "relative_entropy", "spectral_residual", "flat_line", "missing"]
ROWS = ["half_space_trees", "isolation_forest", "random_cut_forest", "k_nearest_neighbours", "one_class_svm"]
DRIFTS = ["adwin", "ddm", "eddm", "hddm_a", "hddm_w", "page_hinkley", "kswin"]


class DetectorsTest(KilledAndSteady):
    def pipeline_text(self):
        detectors = [f"{{ {kind}: load, by: k, as: {kind}, score: {kind}_score, anomaly_score: {kind}_rarity, reason: {kind}_why }}"
                     for kind in ONE_COLUMN]
        detectors += ["{ seasonal: load, time: at, as: seasonal, score: seasonal_score, severity: seasonal_severity }",
                      "{ gap: at, by: k, suppress_for: 10m, time: at, as: gap, score: gap_score }",
                      "{ holt_winters: load, season: auto, as: learned_season, score: learned_season_score }",
                      "{ silence: 20m, by: k, time: at, as: silent, ended: came_back, silent_for: silent_for, reason: silent_why }",
                      "{ rate: 10m, by: k, time: at, as: odd_rate, score: rate_score, anomaly_score: rate_rarity, count: in_ten_minutes, reason: rate_why }",
                      "{ schema_change: 100, as: schema_changed, reason: what_changed }",
                      "{ late: at, by: k, allowed_lateness: 1s, as: late, late_by: late_by }",
                      "{ auto: load, time: at, by: k, as: auto, anomaly_score: auto_rarity, reason: auto_why }"]
        detectors += [f"{{ {kind}: [load, errors], as: {kind}, score: {kind}_score, reason: {kind}_why }}" for kind in ROWS]
        drifts = [f"{{ {kind}: is_wrong, by: k, as: {kind}, level: {kind}_level }}" for kind in DRIFTS]
        drifts += ["{ data_drift: load, baseline_size: 1000, window: 500, as: load_drifts, drift_percent: load_drift, reason: load_drift_why }",
                   "{ estimated_accuracy: is_wrong, by: k, baseline_size: 500, window: 200, as: less_sure, accuracy: accuracy }",
                   "{ data_drift: k, baseline: sliding, window: 500, as: keys_drift, p_value: keys_p }"]
        steps = "\n".join("  - " + step for step in detectors)
        changes = "\n".join("  - " + step for step in drifts)
        return f"""
name: ${{GROUP}}
source:
  kafka: {{ brokers: "${{BROKERS}}", topic: "${{IN}}", group: "${{GROUP}}", properties: {{ {GROUP_PROPERTIES} }} }}
  format: json
schema: {{ id: int, k: {{ type: string, key: true }}, at: timestamp, load: double, errors: double, is_wrong: bool }}
detect:
{steps}
drift:
{changes}
sink:        {{ kafka: {{ topic: "${{OUT}}" }} }}
dead_letter: {{ kafka: {{ topic: "${{DEAD}}" }} }}
processing:  {{ guarantee: "${{GUARANTEE}}" }}
commit:      {{ interval: 100ms }}
memory:      {{ limit: 256MiB }}
stats:       {{ port: 0 }}
"""

    def write_records(self):
        """The load of machines with a daily season, some of it missing; spikes, and from the middle on more errors, and
        a field that was not there before."""
        dice = random.Random(11)
        path = self.folder / "in.ndjson"
        with path.open("w") as out:
            for number in range(RECORDS):
                hour = number * 24 / 4000
                load = 50 + 10 * math.sin(hour * math.tau / 24) + dice.gauss(0, 2) + (200 if number in SPIKES else 0)
                is_wrong = dice.random() < (0.1 if number < RECORDS / 2 else 0.5)
                print(json.dumps({"id": number, "k": f"machine {dice.randrange(KEYS)}", "at": 1_700_000_000_000 + number * 21_600,
                                  "load": None if dice.random() < 0.01 else round(load, 3),
                                  "errors": round(dice.expovariate(1), 3), "is_wrong": is_wrong,
                                  **({"fee": number} if number >= RECORDS / 2 else {})}), file=out)
        return path

    def test_what_is_said_after_kills_is_what_an_undisturbed_run_says_to_the_last_digit(self):
        rows = [json.loads(line) for _, line in sorted(self.outputs_that_agree().items())]
        self.assertEqual(self.lines(self.dead), 0)
        spikes = [rows[number] for number in SPIKES if rows[number]["load"] is not None]
        for kind in ["zscore", "robust_zscore", "iqr", "holt_winters"]:
            found = sum(row[kind] is True for row in spikes)
            self.assertGreater(found, 0.7 * len(spikes), kind)
            self.assertLess(sum(row[kind] is True for row in rows) - found, 0.001 * RECORDS, kind)
        for kind in ["half_space_trees", "random_cut_forest", "k_nearest_neighbours"]:
            scores = sorted(row[f"{kind}_score"] for row in rows if row[f"{kind}_score"] is not None)
            high = scores[len(scores) * 98 // 100]
            self.assertGreater(sum((row[f"{kind}_score"] or 0) > high for row in spikes), 0.7 * len(spikes), kind)
        news = [row["what_changed"] for row in rows if row["schema_changed"]]
        self.assertEqual(len(news), PARTITIONS, news)
        self.assertTrue(all(text.startswith("field 'fee' is new: ") for text in news), news)
        for kind in DRIFTS:
            self.assertTrue(any(row[kind] for row in rows[RECORDS // 2:]), kind)


if __name__ == "__main__":
    unittest.main()
