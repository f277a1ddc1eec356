"""The page that `weir eval --html` writes is whole: its tags and pictures are well-formed, it asks for nothing from
elsewhere, and what comes from data stands there as text."""
import html.parser
import json
import re
import unittest
import xml.etree.ElementTree

from weir_command import ROOT, WeirTest

VOID = {"meta", "br", "hr", "img", "link", "input"}
EVIL = "<script>alert('1')</script>"
MODELS = ROOT / "tests/data/models"


class Page(html.parser.HTMLParser):
    """A page by its tags; fails where one is not closed in its place."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes, self.headings, self.texts = [], [], [], [], []
        self.feed(text)
        self.close()
        if self.open:
            raise AssertionError(f"not closed: {self.open}")

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        if self.open.pop() != tag:
            raise AssertionError(f"</{tag}> closes another tag")

    def handle_data(self, data):
        self.texts.append(data)
        if self.open and self.open[-1] == "h2":
            self.headings.append(data)


class HtmlReportTest(WeirTest):
    def report(self, *arguments):
        self.weir("eval", *arguments, "--html", "report.html", "--bootstrap", "20", code=0)
        text = self.read("report.html")
        page = Page(text)
        pictures = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
        for picture in pictures:
            xml.etree.ElementTree.fromstring(picture)
            self.assertNotRegex(picture, r"\b(nan|inf)\b")
        self.assertEqual(len(pictures), page.tags.count("svg"))
        self.assertTrue({"script", "link", "img", "iframe", "object"}.isdisjoint(page.tags))
        for name, value in page.attributes:
            self.assertNotIn(name, ("src", "href", "xlink:href", "action"))
            self.assertFalse(name.startswith("on"), name)
            if name != "xmlns":
                self.assertNotIn("//", value or "")
        self.assertNotRegex(text, r"url\(|@import")
        self.assertIn("prefers-color-scheme: dark", text)
        return page, pictures

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


if __name__ == "__main__":
    unittest.main()
