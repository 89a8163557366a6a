"""Hold a few statements against one rule, as the rule is written in `shapes/`."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from pyoxigraph import NamedNode, Quad

from balansekunst.checking.report import Breach
from balansekunst.checking.rules import RULES, named_shapes
from balansekunst.checking.validate import breaches, ntriples, rudof
from balansekunst.load import Term, load
from balansekunst.project import Project, local

PERSONAL_DATA = "I7"
"""The rule that nobody is to be recognised."""


def breaches_of(rule: str, quads: Iterable[Quad], project: Project) -> set[Breach]:
    """Return the breaches of one rule in statements that stand alone.

    Args:
        rule: the rule's address below `rule/`, such as `I7`.
        quads: all that the rule has to look at.
        project: where the rules are.

    Raises:
        UserError: a file of rules cannot be read, or the engine gave up.
    """
    shapes, sources = one_rule(rule, project)
    return breaches(rudof(ntriples(quads), shapes), sources)


@cache
def one_rule(rule: str, project: Project) -> tuple[str, dict[str, tuple[NamedNode, Term]]]:
    """Return the shapes of one rule as N-Triples, and what carries the message of each."""
    quads, sources = named_shapes(load(project.shapes(), project.root))
    of = defaultdict[Term, list[Quad]](list)
    for quad in quads:
        of[quad.subject].append(quad)
    wanted = {NamedNode(name) for name, (owner, _) in sources.items() if local(owner.value) == f"{RULES}{rule}"}
    waiting, reached = list[Term](wanted), set[Term](wanted)
    while waiting:
        for quad in of[waiting.pop()]:
            # What a rule points to belongs to it, other rules do not.
            if quad.object not in reached and not (isinstance(quad.object, NamedNode) and local(quad.object.value).startswith(RULES)):
                reached.add(quad.object)
                waiting.append(quad.object)
    kept = [quad for quad in quads if quad.subject in reached]
    return ntriples(kept), sources
