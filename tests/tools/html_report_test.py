"""The page that `weir eval --html` writes is whole: its tags and pictures are well-formed, it asks for nothing from
elsewhere, and what comes from data stands there as text."""
import json
import unittest
import xml.etree.ElementTree

from report_page import check_looks, check_page
from weir_command import ROOT, WeirTest

EVIL = "<script>alert('1')</script>"
MODELS = ROOT / "tests/data/models"


class HtmlReportTest(WeirTest):
    def report(self, *arguments):
        self.weir("eval", *arguments, "--html", "report.html", "--bootstrap", "20", code=0)
        return check_page(self, self.read("report.html"))

    def test_a_report_of_values(self):
        name = f'"area {EVIL}"'
        rows = "".join(f'{40 + i * 37 % 100},{i % 5},"{EVIL} & {i % 3}",{(40 + i * 37 % 100) * 3 + i % 5}\n' for i in range(300))
        self.write("in.csv", f"{name},rooms,place,price\n{rows}")
        self.weir("train", "in.csv", "--target", "price", "--features", f"area {EVIL},rooms,place", "--encode", "place",
                  "--n-estimators", "5", "--out", "m.onnx", code=0)
        page, pictures = self.report("m.onnx", "in.csv", "--target", "price", "--by", "place")
        for heading in ("Measures", "Errors", "Partial dependence", "Slices by place"):
            self.assertIn(heading, page.headings)
        self.assertGreaterEqual(len(pictures), 4)
        self.assertIn(f"{EVIL} & 0", page.texts)
        self.assertTrue(any(EVIL in picture for picture in map(lambda p: "".join(
            xml.etree.ElementTree.fromstring(p).itertext()), pictures)))

    def test_a_report_of_classes(self):
        for name, classes in (("binary", 2), ("multiclass", 3)):
            self.write("in.csv", "a,b,c,d,truth,p\n" + (MODELS / f"{name}.csv").read_text())
            page, pictures = self.report(MODELS / f"{name}.onnx", "in.csv", "--inputs", "a,b,c,d", "--target", "truth")
            for heading in ("Measures", "Probabilities", "Confusion", "Classes", "Partial dependence"):
                self.assertIn(heading, page.headings)
            self.assertEqual(pictures[0].count("<polyline"), 1 if classes == 2 else classes)
            self.assertEqual(sum(value.startswith("--share") for name, value in page.attributes if name == "style"),
                             classes * classes)

    def test_a_report_of_one_row_and_of_one_class(self):
        self.write("in.csv", "a,b,c,d,truth,p\n" + (MODELS / "binary.csv").read_text().splitlines()[0] + "\n")
        arguments = [MODELS / "binary.onnx", "in.csv", "--inputs", "a,b,c,d", "--target", "truth"]
        self.report(*arguments)
        judged = json.loads(self.weir("eval", *arguments, "-o", "json", code=0).stdout)
        self.assertIsNone(judged["measures"]["roc_auc"])
        self.write("in.csv", "a,b,c,d,truth\n" + (MODELS / "regressor.csv").read_text().splitlines()[0] + "\n")
        self.report(MODELS / "regressor.onnx", "in.csv", "--inputs", "a,b,c,d", "--target", "truth")


class BrowserTest(WeirTest):
    """The same page in a real browser."""

    def test_a_reader_sees_every_picture_by_day_and_by_night(self):
        rows = "".join(f"{i * 37 % 100 * 1000003},{i % 5},{i * 37 % 100 * 3 + i % 5}\n" for i in range(300))
        self.write("in.csv", "budget,rooms,price\n" + rows)
        self.weir("train", "in.csv", "--target", "price", "--features", "all", "--n-estimators", "5", "--out", "m.onnx", code=0)
        self.weir("eval", "m.onnx", "in.csv", "--target", "price", "--html", "report.html", "--bootstrap", "20", code=0)
        check_looks(self, 4)


if __name__ == "__main__":
    unittest.main()
