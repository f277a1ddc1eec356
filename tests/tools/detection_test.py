"""What docs/detection.md shows: its pictures are those of the program, and its figures are of every detector of one column."""
import importlib.util
import json
import re
import unittest

from weir_command import ROOT, WEIR, WeirTest


def module_of(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


detectors = module_of(ROOT / "docs" / "pictures" / "detectors.py")
detection = module_of(ROOT / "bench" / "detection.py")


class DetectionTest(WeirTest):
    def names(self):
        """Of the detectors of one column that learn what is usual, and of bounds."""
        kinds = json.loads(self.weir("list", "detectors", "-o", "json", code=0).stdout)
        return {kind["name"] for kind in kinds if "[" not in kind["example"]} - {"rule", "new_category", "late", "silence", "rate", "schema_change"}

    def test_pictures_and_figures_are_of_every_detector_of_one_column(self):
        self.assertEqual(set(detectors.OPTIONS), self.names())
        self.assertEqual(set(detection.DETECTORS), self.names())
        page = (ROOT / "docs" / "detection.md").read_text(encoding="utf-8")
        self.assertEqual(set(re.findall(r"\(pictures/(\w+)\.svg\)", page)), self.names())

    def test_the_pictures_are_what_the_detectors_say(self):
        all_series = [detectors.spikes(), detectors.shift(), detectors.season()]
        told = {series.name: detectors.told_of(WEIR, series) for series in all_series}
        for name in detectors.OPTIONS:
            text, _ = detectors.picture(name, all_series, told)
            stored = (ROOT / "docs" / "pictures" / f"{name}.svg").read_text(encoding="utf-8")
            self.assertEqual(text, stored, f"docs/pictures/{name}.svg: run docs/pictures/detectors.py")

    def test_the_benchmark_sees_few_alarms_on_noise(self):
        alarms = detection.false_alarms(WEIR, self.folder, 5_000)
        self.assertEqual(set(alarms), self.names() - {"threshold"})
        for name, by in alarms.items():
            for noise, in_a_million in by.items():
                self.assertLessEqual(in_a_million * 5_000 / 1e6, 5, f"{name} on {noise} noise")


if __name__ == "__main__":
    unittest.main()
