"""Write the golden files anew: `python -m tests.golden`. Read every change by eye before it is committed."""

from tests.golden.statuses import cases, golden_of, statuses_of

for case in cases():
    golden_of(case).parent.mkdir(parents=True, exist_ok=True)
    golden_of(case).write_text(statuses_of(case), encoding="utf-8")
