"""The table of docs/performance.md."""

from benchmarks.measure import Row
from benchmarks.report import BEGIN, END, line, machine_row, write


def test_a_benchmark_takes_the_place_of_its_old_rows(tmp_path):
    """Those of others stay, in the order of the benchmarks; what stands around the table does, too."""
    page = tmp_path / "performance.md"
    page.write_text(f"# Before\n\n{BEGIN}\n\n{END}\n\nAfter\n")
    order = ("passes", "poll")

    def of(name, *values):
        row = Row(what=f"one {name}", unit="s", values=values)
        return {name: [line(machine_row(name, (100.0,))), line(row)]}

    write(of("poll", 1.0), order=order, page=page)
    write(of("passes", 2.0, 4.0), order=order, page=page)
    write(of("poll", 3.0), order=order, page=page)

    text = page.read_text()
    assert ["| one passes | 3.00 (2.00–4.00) s |  |  |  |", "| one poll | 3.00 s |  |  |  |"] == [
        row for row in text.splitlines() if row.startswith("| one")
    ]
    assert 2 == text.count("| (the machine before ")
    assert text.startswith(f"# Before\n\n{BEGIN}\n\n| what |")
    assert text.endswith(f"\n\n{END}\n\nAfter\n")
