"""The page that `weir eval --html` writes is whole: its tags and pictures are well-formed, it asks for nothing from
elsewhere, and what comes from data stands there as text."""
import html
import html.parser
import json
import re
import shutil
import subprocess
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


# Looks at the page as a reader sees it, and says so in JSON. A frame is a browser's own view of the other file.
LOOK = """<!doctype html><title>?</title><iframe id=f src=report.html style="width:1000px;height:3000px"></iframe><script>
document.getElementById("f").onload = event => {
  const view = event.target.contentWindow, page = view.document, seen = [];
  const boxes = [...page.querySelectorAll("svg")].map(svg => [...svg.querySelectorAll("text")].map(t => t.getBoundingClientRect()));
  const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  let covered = 0;
  for (const texts of boxes)
    texts.forEach((a, i) => texts.slice(i + 1).forEach(b => covered += overlap(a, b)));
  const style = view.getComputedStyle(page.body);
  const pictures = [...page.querySelectorAll("svg")].map(svg => svg.getBoundingClientRect());
  document.body.innerText = JSON.stringify({
    covered, pictures: pictures.length, small: pictures.filter(p => p.width < 200 || p.height < 30).length,
    wide: page.documentElement.scrollWidth > view.innerWidth, back: style.backgroundColor, text: style.color,
  });
};
</script>"""


def brightness(colour):
    red, green, blue = map(int, re.findall(r"\d+", colour)[:3])
    return (299 * red + 587 * green + 114 * blue) / 255000


class BrowserTest(WeirTest):
    """The same page in a real browser."""

    def look(self, scheme):
        browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        self.assertTrue(browser, "no Chromium: tools/packages install test")
        self.write("look.html", LOOK)
        run = subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files",
                              f"--user-data-dir={self.folder}/browser", f"--blink-settings=preferredColorScheme={scheme}",
                              "--virtual-time-budget=5000", "--dump-dom", f"file://{self.folder}/look.html"],
                             capture_output=True, text=True, timeout=120)
        found = re.search(r"<body[^>]*>(\{.*\})", run.stdout)
        self.assertTrue(found, run.stdout + run.stderr)
        return json.loads(html.unescape(found[1]))

    def test_a_reader_sees_every_picture_by_day_and_by_night(self):
        rows = "".join(f"{i * 37 % 100 * 1000003},{i % 5},{i * 37 % 100 * 3 + i % 5}\n" for i in range(300))
        self.write("in.csv", "budget,rooms,price\n" + rows)
        self.weir("train", "in.csv", "--target", "price", "--features", "all", "--n-estimators", "5", "--out", "m.onnx", code=0)
        self.weir("eval", "m.onnx", "in.csv", "--target", "price", "--html", "report.html", "--bootstrap", "20", code=0)
        by_night, by_day = self.look(0), self.look(1)
        for seen in (by_night, by_day):
            self.assertGreaterEqual(seen["pictures"], 4)
            self.assertEqual((seen["small"], seen["covered"], seen["wide"]), (0, 0, False), seen)
            self.assertGreater(abs(brightness(seen["back"]) - brightness(seen["text"])), 0.5, seen)
        self.assertGreater(brightness(by_day["back"]), 0.8)
        self.assertLess(brightness(by_night["back"]), 0.2)


if __name__ == "__main__":
    unittest.main()
