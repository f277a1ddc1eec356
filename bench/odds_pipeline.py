#!/usr/bin/env python3
"""Prints bench/odds.yaml with the columns of another file:

    bench/odds_pipeline.py FILE.csv > odds.yaml
    IN=FILE.csv OUT=SCORES.csv weir run odds.yaml

The file has a header, numbers, and a last column that is no input: the label.
"""
import argparse
import pathlib
import re

PIPELINE = pathlib.Path(__file__).resolve().parent / "odds.yaml"


def pipeline_of(inputs):
    """@param inputs names of columns"""
    quoted = [name if re.fullmatch(r"[A-Za-z]\w*", name) else f"'{name}'" for name in inputs]
    text = PIPELINE.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^schema: .*$", lambda _: f"schema: {{ {', '.join(f'{name}: double' for name in quoted)} }}", text)
    return re.sub(r"\[f0, .*?\]", lambda _: f"[{', '.join(quoted)}]", text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=pathlib.Path)
    with open(parser.parse_args().file, encoding="utf-8") as rows:
        header = rows.readline().strip().split(",")
    print(pipeline_of(header[:-1]), end="")


if __name__ == "__main__":
    main()
