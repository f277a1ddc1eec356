"""A page of a report as a test looks at it: by its tags, and as a real browser shows it."""
import html
import html.parser
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree

VOID = {"meta", "br", "hr", "img", "link", "input"}


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


def check_page(test, text):
    """It is whole, and asks for nothing from elsewhere. Gives its tags, and its pictures."""
    page = Page(text)
    pictures = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    for picture in pictures:
        xml.etree.ElementTree.fromstring(picture)
        test.assertNotRegex(picture, r"\b(nan|inf)\b")
    test.assertEqual(len(pictures), page.tags.count("svg"))
    test.assertTrue({"script", "link", "img", "iframe", "object"}.isdisjoint(page.tags))
    for name, value in page.attributes:
        test.assertNotIn(name, ("src", "href", "xlink:href", "action"))
        test.assertFalse(name.startswith("on"), name)
        if name != "xmlns":
            test.assertNotIn("//", value or "")
    test.assertNotRegex(text, r"url\(|@import")
    test.assertIn("prefers-color-scheme: dark", text)
    return page, pictures


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


def look_at_page(test, scheme):
    """What a reader sees of report.html in the test's folder. @param scheme 0: by night, 1: by day"""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    test.assertTrue(browser, "no Chromium: tools/packages install test")
    test.write("look.html", LOOK)
    run = subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files",
                          f"--user-data-dir={test.folder}/browser", f"--blink-settings=preferredColorScheme={scheme}",
                          "--virtual-time-budget=5000", "--dump-dom", f"file://{test.folder}/look.html"],
                         capture_output=True, text=True, timeout=120)
    found = re.search(r"<body[^>]*>(\{.*\})", run.stdout)
    test.assertTrue(found, run.stdout + run.stderr)
    return json.loads(html.unescape(found[1]))


def check_looks(test, least_pictures):
    """Every picture is seen, by day and by night."""
    by_night, by_day = look_at_page(test, 0), look_at_page(test, 1)
    for seen in (by_night, by_day):
        test.assertGreaterEqual(seen["pictures"], least_pictures)
        test.assertEqual((seen["small"], seen["covered"], seen["wide"]), (0, 0, False), seen)
        test.assertGreater(abs(brightness(seen["back"]) - brightness(seen["text"])), 0.5, seen)
    test.assertGreater(brightness(by_day["back"]), 0.8)
    test.assertLess(brightness(by_night["back"]), 0.2)
