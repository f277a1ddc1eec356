"""`weir models show` says what a file holds, and how it was made."""
import hashlib
import json
import unittest

from weir_command import ROOT, WeirTest


class ModelsTest(WeirTest):
    def train(self, *options):
        self.write("in.csv", "place,area,price\n" + "".join(f"{'ab'[i % 2]},{i},{3 * i + i % 2}\n" for i in range(100)))
        self.weir("train", "in.csv", "--target", "price", "--features", "place,area", "--encode", "place", "--out", "m.onnx",
                  *options, code=0)

    def show(self, path):
        return json.loads(self.weir("models", "show", path, "-o", "json", code=0).stdout)

    def test_a_trained_file_says_how_it_was_made(self):
        self.train("--n-estimators", "7", "--random-state", "3")
        shown = self.show("m.onnx")
        self.assertEqual(shown["features"], [{"name": "place", "type": "string"}, {"name": "area", "type": "float"}])
        card = shown["card"]
        self.assertEqual((card["kind"], card["target"], card["random_state"]), ("random_forest", "price", 3))
        self.assertEqual(card["parameters"], {"n_estimators": "7"})
        self.assertEqual(card["data"]["sha256"], hashlib.sha256(self.read("in.csv").encode()).hexdigest())
        self.assertEqual((card["data"]["train"], card["data"]["test"]), (80, 20))
        self.assertGreater(card["test"]["r2"], 0.9)
        place, area = card["features"]
        self.assertAlmostEqual(sum(place["shares"].values()), 1)
        self.assertEqual(area["missing"], 0)
        self.assertEqual(len(area["quantiles"]), 11)
        self.assertLess(card["prediction"]["quantiles"][0], card["prediction"]["quantiles"][10])

    def test_the_same_training_makes_the_same_file(self):
        self.train()
        first = (self.folder / "m.onnx").read_bytes()
        self.train()
        self.assertEqual((self.folder / "m.onnx").read_bytes(), first)

    def test_a_file_from_elsewhere_has_no_card(self):
        run = self.weir("models", "show", ROOT / "tests/data/onnx/columns_one_hot.onnx", code=0)
        self.assertIn("takes     colour", run.stdout)
        self.assertIn("high, low, middle", run.stdout)
        self.assertNotIn("card", self.show(ROOT / "tests/data/onnx/columns_one_hot.onnx"))

    def test_what_is_no_model_is_said(self):
        self.write("no.onnx", "text")
        run = self.weir("models", "show", "no.onnx", code=78)
        self.assertIn("this is no ONNX file", run.stderr)


if __name__ == "__main__":
    unittest.main()
