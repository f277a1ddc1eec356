"""How the cost of the reference job grows with partitions, keys and processes (tools/bench --scale)."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Shape:
    partitions: int = 8
    customers: int = 10_000
    processes: int = 1

    def records_before(self):
        """So many the job reads in two runs before the one that is measured, which goes on where they end. Nearly all customers
        are known then. And with the second batch that a partition is given a broker makes the indexes of its log: tens of
        milliseconds for each partition of each topic."""
        few = 100 * self.partitions
        return few, few + 3 * self.customers

    def text(self):
        several = f", {self.processes} processes" if self.processes > 1 else ""
        return f"{self.partitions} partition{'s'[:self.partitions > 1]}, {self.customers:,} keys{several}"


USUAL = Shape()
SHAPES = [USUAL, Shape(partitions=1), Shape(partitions=64), Shape(partitions=256), Shape(customers=1_000),
          Shape(customers=100_000), Shape(customers=1_000_000), Shape(processes=2)]


def table(found):
    """Markdown. @param found by shape, by the name of a run: its figures"""
    rows = ["| job A, at least once | CPU µs/record | x loop | x the first row | records/s | x loop | x the first row | peak MB "
            "| first output s |", "| --- |" + " ---: |" * 8]
    job_of = {shape: next(figures for name, figures in runs.items() if name != "bare loop") for shape, runs in found.items()}
    usual = job_of[USUAL]
    for shape, runs in found.items():
        loop, job = runs["bare loop"], job_of[shape]
        cells = [shape.text()]
        for key, decimals in (("cpu_us_per_record", 2), ("records_per_second", 0)):
            cells += [f"{job[key]:,.{decimals}f}", f"{job[key] / loop[key]:.2f}", f"{job[key] / usual[key]:.2f}"]
        rows.append("| " + " | ".join([*cells, f"{job['peak_mb']:,.0f}", f"{job['first_output_s']:.1f}"]) + " |")
    return "\n".join(rows)
