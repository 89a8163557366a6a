"""Hold a few statements against one rule, as the rule is written in `shapes/`."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from pyoxigraph import NamedNode, Quad

from balansekunst.project import Project
from balansekunst.rdf.graph import Term
from balansekunst.rdf.ntriples import serialize_ntriples
from balansekunst.shacl.engines import FallbackEngine
from balansekunst.shacl.report import ValidationResult
from balansekunst.shacl.rules import RULE_PATH
from balansekunst.shacl.shapes_graph import assign_constraint_iris
from balansekunst.shacl.validate import read_validation_results

PERSONAL_DATA_RULES = ("I7", "I8")
"""The rules that no person may be recognisable: by what is said of them, and in any text."""


def validate_against_rule(rule: str, quads: Iterable[Quad], project: Project) -> set[ValidationResult]:
    """Return the results of one rule on triples that are validated on their own.

    Args:
        rule: the rule's address below `rule/`, such as `I7`.
        quads: all that the rule has to look at.
        project: where the rules are.

    Raises:
        UserError: a file of rules cannot be read, or the engine gave up.
    """
    shapes, sources = _extract_rule(rule, project)
    return read_validation_results(FallbackEngine()(serialize_ntriples(quads), shapes), sources)


@cache
def _extract_rule(rule: str, project: Project) -> tuple[str, dict[str, tuple[NamedNode, Term]]]:
    """Return the shapes of one rule as N-Triples, and what carries the message of each."""
    quads, sources = assign_constraint_iris(project.reader.load(project.list_shape_files()))
    of = defaultdict[Term, list[Quad]](list)
    for quad in quads:
        of[quad.subject].append(quad)
    wanted = {NamedNode(name) for name, (owner, _) in sources.items() if project.bases.strip_base(owner.value) == f"{RULE_PATH}{rule}"}
    waiting, reached = list[Term](wanted), set[Term](wanted)
    while waiting:
        for quad in of[waiting.pop()]:
            # What a rule points to belongs to it, other rules do not.
            if quad.object not in reached and not (
                isinstance(quad.object, NamedNode) and project.bases.strip_base(quad.object.value).startswith(RULE_PATH)
            ):
                reached.add(quad.object)
                waiting.append(quad.object)
    kept = [quad for quad in quads if quad.subject in reached]
    return serialize_ntriples(kept), sources
