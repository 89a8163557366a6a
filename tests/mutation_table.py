"""The table of mutants and rules, as Markdown.

    python tests/mutation_table.py [ROUNDS] [SEED]

prints it, and on standard error what went wrong. `make mutation` keeps it in `docs/mutation.md`.
"""

import sys

from helpers.dataset import find_project
from meaning import UNSEEN
from mutation import OPERATORS, ROUNDS, SEED, Operator, Result, all_rules, examine


def table(results: dict[Operator, Result], rounds: int, seed: int) -> str:
    """The table of operators and rules as Markdown."""
    made, caught = sum(r.made for r in results.values()), sum(r.caught for r in results.values())
    lines = [
        "# Mutation testing of the data",
        "",
        f"{len(results)} ways to break the real data, and examples of things that are not in it, "
        f"each at {rounds} random places (seed {seed}): "
        f"{made} mutants, {caught} reported by the rule they break ({caught / made:.0%}). `make mutation` makes this table; "
        "`tests/mutation.py` and `tests/meaning.py` hold the operators, and the tests apply each at one place, many at a time. "
        "Two places are a sample: `PYTHONPATH=scripts:tests python tests/mutation_table.py 5 777` tries five others of each.",
        "",
        "| what is done to the data | rule | mutants | reported | other rules that the same change breaks |",
        "|---|---|---:|---:|---|",
    ]
    for operator, result in sorted(results.items(), key=lambda item: (item[0].rule, item[0].name)):
        others = ", ".join(f"{rule} ({count})" for rule, count in sorted(result.told.items()) if rule != operator.rule)
        lines.append(f"| {operator.name} | {operator.rule} | {result.made} | {result.caught / result.made:.0%} | {others} |")
    lines += [
        "",
        "## What no rule can see",
        "",
        f"{len(UNSEEN)} slips of meaning that leave the data well-formed. A test fails if a rule reports one of them.",
        "",
        "| what is done to the data | why no rule can tell |",
        "|---|---|",
        *(f"| {operator.name} | {operator.reason} |" for operator in UNSEEN),
    ]
    if untouched := ", ".join(sorted(all_rules() - {operator.rule for operator in results})):
        lines += ["", f"Rules that no operator breaks: {untouched}. Each has its own examples in `shapes/examples/`."]
    return "\n".join([*lines, ""])


def main(rounds: int, seed: int) -> int:
    project = find_project()
    results = {operator: examine(operator, project, rounds, seed) for operator in OPERATORS}
    print(table(results, rounds, seed))
    faults = [line for result in results.values() for line in [*result.survivors, *result.unrelated]]
    print("\n".join(faults), file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*(int(a) for a in sys.argv[1:])) if len(sys.argv) > 2 else main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS, SEED))
