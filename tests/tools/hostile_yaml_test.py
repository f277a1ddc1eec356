"""Files that are made to hurt who reads them: a clear error within a second and 100 MB."""
import os
import time
import unittest

from weir_command import WEIR, WeirTest

SECOND = 1.0
MEGABYTES = 100


class HostileYamlTest(WeirTest):
    def refusal(self, text):
        """What `weir validate` says of a file, as bytes, and that it is refused in time."""
        (self.folder / "p.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
        spent, seconds, said = self.run_once()
        if seconds > SECOND:  # of a busy machine the least of some runs counts
            seconds = min(self.run_once()[1] for _ in range(3))
        self.assertLess(seconds, SECOND)
        self.assertLess(spent, MEGABYTES)
        self.assertLess(len(said), 20_000, said[:2000])
        return said

    def run_once(self):
        begin = time.monotonic()
        with open(self.folder / "said", "wb") as said:
            process = os.posix_spawn(WEIR, [str(WEIR), "validate", str(self.folder / "p.yaml")], os.environ,
                                     file_actions=[(os.POSIX_SPAWN_DUP2, said.fileno(), 1),
                                                   (os.POSIX_SPAWN_DUP2, said.fileno(), 2)])
            _, status, usage = os.wait4(process, 0)
        seconds = time.monotonic() - begin
        said = (self.folder / "said").read_bytes().decode()
        self.assertEqual(os.waitstatus_to_exitcode(status), 78, said)
        return usage.ru_maxrss / 1024, seconds, said.replace(str(self.folder) + "/", "")

    def test_an_alias_bomb(self):
        levels = "abcdefghi"
        text = "a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for one, last in zip(levels[1:], levels):
            text += f"{one}: &{one} [{', '.join(['*' + last] * 9)}]\n"
        self.assertIn("p.yaml:5:4: error: more than 100000 values", self.refusal(text))

    def test_aliases_as_keys_and_inside_what_they_stand_for(self):
        self.assertIn("an alias inside what it stands for", self.refusal("a: &a [*a]\n"))
        self.assertIn("a key must be a text", self.refusal("a: &a [1]\n? *a\n: 2\n"))

    def test_ten_megabytes(self):
        for text in ("a: " + "x" * 10_000_000 + "\n", "a: 1\n" * 2_000_000, "- [" + "1, " * 3_000_000 + "]\n"):
            self.assertIn("p.yaml: error: larger than 1048576 bytes", self.refusal(text))

    def test_as_much_as_may_be_read_at_all(self):
        self.assertIn("p.yaml:1:", self.refusal("a: [" + "1," * 500_000 + "]\n"))
        self.assertIn("unknown field", self.refusal("a: " + "x" * 1_000_000 + "\n"))
        self.assertRegex(self.refusal("a: 1\n" * 190_000), r"\nand \d+ more\n$")

    def test_deep_nesting(self):
        for opening in ("[", "{a: ", "- ", "? "):
            self.assertIn("nested deeper than 32 levels", self.refusal(opening * 1000 + "\n"), opening)
        block = "".join(" " * i + f"a{i}:\n" for i in range(500))
        self.assertIn("nested deeper than 32 levels", self.refusal(block))
        for opening in ("[", "{", "{a: ", "[{"):
            self.assertIn("nested deeper than 32 levels", self.refusal(opening * 200_000))
        self.assertIn("p.yaml", self.refusal("- " * 500_000))

    def test_binary(self):
        for text in (bytes(range(256)) * 100, b"\x7fELF" + os.urandom(100_000), b"name: \xff\xfe\n", "name: p\n".encode("utf-16"),
                     b"name: a\0b\n", b"name: \x1b[31mred\n"):
            self.assertIn("not text: a byte that is not UTF-8, or a control character", self.refusal(text))

    def test_what_a_parser_may_stumble_over(self):
        for text, said in {"%YAML 9.9\n---\na: 1\n": "p.yaml", "%" * 5000: "p.yaml", "a: !!python/object:os.system x\n": "tags are not used here",
                           "&a" * 5000: "p.yaml", "&a " * 5000: "p.yaml", "? " * 30 + "a": "p.yaml", "a: |" + "9" * 100 + "\n x\n": "p.yaml",
                           '"' + "\\x" * 1000: "p.yaml", "a: '" + "\n" * 10_000: "p.yaml", "---\n" * 1000: "p.yaml",
                           "a: 1\n--- \nb: 2\n": "a second document in one file", "": "the file is empty", "---\n...\n": "the file is empty",
                           "null\n": "the file is empty", "&a": "the file is empty", "...\n": "the file is empty"}.items():
            self.assertIn(said, self.refusal(text), text[:60])


if __name__ == "__main__":
    unittest.main()
