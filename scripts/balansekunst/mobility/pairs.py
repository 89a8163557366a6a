"""Mobility between all ordered pairs of roles, or from many descriptions to many roles, by a sparse matrix product in row blocks.

Mobility from A to B is the share of B's key competences, each weighted by how few of the targets have it, that A has or nearly has:

    m(A→B) = Σ_{c∈B} w(c)·s(A, c) / Σ_{c∈B} w(c),   w(c) = 1 / (number of targets that have c)

where s is 1 for a competence that A has, `near` for one that is a neighbour of one that A has, and 0 else. `relational.py` says the same
for databases, and gives the same rows and figures: the sums are of whole numbers, so no order of summing changes them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import csr_array, diags_array, eye_array, vstack

from balansekunst.asking.tables import COMPETENCE, NEIGHBOUR, ROLE, in_dimension
from balansekunst.messages import UserError
from balansekunst.mobility.ways import NEAR

UNIT = 2**50
"""Weights and shares are whole numbers of 1/UNIT: sums of them are exact in float64, whatever their order."""
STEPS = 10**10
"""Figures are whole numbers of 1/STEPS, so that equal ones are equal however their shares were rounded to units."""
MOST = 2**63 // UNIT - 1
"""Competences in one target: the sum of their weights is a 64-bit integer."""
CELLS = 2**22
"""Cells of a block: source rows by targets (or competences, where there are more)."""
COMMON = 1 / 32
"""Competences that more than this share of the targets have are multiplied as a dense matrix, which is faster for them."""
OWN = 2**31
"""Marks a competence of one's own in a sum where each neighbour counts 1."""
MANY = 2**14
"""More than `MOST`, so that two counts fit in one number."""

Numbers = npt.NDArray[np.int64]
Figures = npt.NDArray[np.float64]

SCHEMA = pa.schema(
    [
        ("from", pa.dictionary(pa.int32(), pa.string())),
        ("to", pa.dictionary(pa.int32(), pa.string())),
        ("figure", pa.float64()),
        ("shared", pa.int32()),
        ("near", pa.int32()),
        ("new", pa.int32()),
    ]
)
"""An answer: the figure from 0 to 1, and how many of the target's competences are shared, near and new."""


@dataclass(frozen=True)
class Measure:
    """What counts in mobility, and how much."""

    weighted: bool = True
    """Whether a competence counts more the fewer of the targets have it; else all count the same."""
    near: float = NEAR
    """What a near competence counts, from 0 (near matches are left out, and are new) to ½."""
    dimension: str | None = None
    """Only the targets' competences in this dimension count, where one is given. All of the sources' do, and the weights are the same."""

    def __post_init__(self) -> None:
        """Refuse what would make the figure fall when the source gains a competence that the target has."""
        if not 0 <= self.near <= NEAR:
            raise ValueError(f"near must be from 0 to {NEAR}, not {self.near}")


USUAL = Measure()


def top(
    sources: pa.Table,
    targets: pa.Table,
    neighbours: pa.Table,
    k: int | None = None,
    measure: Measure = USUAL,
    block: int | None = None,
) -> pa.Table:
    """Return the `k` targets that most of each source carries over to, or every pair.

    Args:
        sources: who to go from: columns `role` and `competence`, a row for each key competence.
        targets: who to go to: the same, with `dimension` where one is asked for. May be the same table; none is paired with itself.
        neighbours: columns `competence` and `neighbour`; the relation is taken as symmetric.
        k: how many targets for each source; all when nothing is given.
        measure: what counts, and how much.
        block: how many sources to work on at a time; chosen by the memory it takes when nothing is given. Changes no figure.

    Returns:
        A table with `SCHEMA`, by source id, then falling figure, then target id. Pairs whose figure is 0 are not given.

    Raises:
        ValueError: `k` or `block` is below 1.
        UserError: no target has a competence in the dimension, or one has more competences than `MOST`.
    """
    return pa.Table.from_batches(batches(sources, targets, neighbours, k, measure, block), SCHEMA)


def batches(
    sources: pa.Table,
    targets: pa.Table,
    neighbours: pa.Table,
    k: int | None = None,
    measure: Measure = USUAL,
    block: int | None = None,
) -> Iterator[pa.RecordBatch]:
    """Yield what `top` returns, one batch for each block of sources, so that memory is bounded however many pairs there are.

    Takes and raises the same as `top`.
    """
    if (k is not None and k < 1) or (block is not None and block < 1):
        raise ValueError(f"k and block must be at least 1: {k=}, {block=}")
    from_ids, to_ids = ids(sources[ROLE]), ids(targets[ROLE])
    competences = ids(sources[COMPETENCE], targets[COMPETENCE], neighbours[COMPETENCE], neighbours[NEIGHBOUR])
    holds = incidence(sources[ROLE], from_ids, sources[COMPETENCE], competences)
    has = incidence(targets[ROLE], to_ids, targets[COMPETENCE], competences)
    weights = UNIT // np.maximum(has.sum(axis=0), 1) if measure.weighted else np.ones(len(competences), np.int64)
    if measure.dimension is not None:
        counted = in_dimension(targets, measure.dimension)
        has = incidence(counted[ROLE], to_ids, counted[COMPETENCE], competences)
    if (most := np.diff(has.indptr).max(initial=0)) > MOST:
        raise UserError(("pairs.too-many", {"number": most, "limit": MOST}))
    wanted = np.unique(has.indices)
    step = eye_array(len(competences), dtype=np.int64, format="csr") * OWN
    if measure.near:
        one_way = incidence(neighbours[COMPETENCE], competences, neighbours[NEIGHBOUR], competences)
        step = step + one_way + one_way.T
    step, has = step[:, wanted], has[:, wanted]
    worth = shares(has, weights[wanted])
    multiply = Product(vstack([worth, csr_array((np.floor(measure.near * worth.data), worth.indices, worth.indptr), worth.shape)]).tocsr())
    itself = pc.fill_null(pc.index_in(from_ids, to_ids), -1).to_numpy()
    rows = block or max(1, CELLS // max(has.shape))
    for start in range(0, len(from_ids), rows):
        reach = holds[start : start + rows] @ step
        is_near = reach.data < OWN
        kinds = csr_array((np.ones(reach.nnz), reach.indices + len(wanted) * is_near, reach.indptr), (reach.shape[0], 2 * len(wanted)))
        figures = multiply(kinds)
        same = itself[start : start + rows]
        figures[same >= 0, same[same >= 0]] = 0
        source, target, figure = best(figures, k)
        shared, almost = counts(reach, has, source, target)
        columns = [
            pa.DictionaryArray.from_arrays((start + source).astype(np.int32), from_ids),
            pa.DictionaryArray.from_arrays(target.astype(np.int32), to_ids),
            pa.array(figure),
            *(pa.array(n.astype(np.int32)) for n in (shared, almost, np.diff(has.indptr)[target] - shared - almost)),
        ]
        yield pa.record_batch(columns, schema=SCHEMA)


def ids(*columns: pa.ChunkedArray) -> pa.Array:
    """Return what stands in the columns, each once, sorted."""
    found = pc.unique(pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string()))
    return found.take(pc.array_sort_indices(found))


def incidence(rows: pa.ChunkedArray, row_ids: pa.Array, columns: pa.ChunkedArray, column_ids: pa.Array) -> csr_array:
    """Return a matrix of 0 and 1 that says which row has which column; a pair told twice counts once."""
    at = pc.index_in(rows, row_ids).to_numpy(), pc.index_in(columns, column_ids).to_numpy()
    matrix = csr_array((np.ones(len(rows), np.int64), at), (len(row_ids), len(column_ids)))
    matrix.data[:] = 1
    return matrix


def shares(has: csr_array, weights: Numbers) -> csr_array:
    """Return what each competence counts in each target, in units, rounded down (competences × targets)."""
    row = np.repeat(np.arange(has.shape[0]), np.diff(has.indptr))
    share = np.floor(weights[has.indices] / (has @ weights)[row] * UNIT)
    return csr_array((share, has.indices, has.indptr), has.shape).T.tocsr()


class Product:
    """A matrix to multiply with from the left, its fullest rows apart: few competences are common, and they make most of the work."""

    def __init__(self, right: csr_array) -> None:
        """Take the right factor, sparse, of whole numbers whose products' sums stay below 2⁵³."""
        sizes = np.diff(right.indptr)
        self.full = np.flatnonzero(sizes > COMMON * right.shape[1])
        self.dense = right[self.full].toarray()
        self.sparse = diags_array((sizes <= COMMON * right.shape[1]).astype(float)).tocsr() @ right
        self.sparse.eliminate_zeros()

    def __call__(self, left: csr_array) -> Figures:
        """Return `left` times the factor, dense and exact."""
        product: Figures = left @ self.sparse + left[:, self.full].toarray() @ self.dense
        return product


def best(figures: Figures, k: int | None) -> tuple[Numbers, Numbers, Figures]:
    """Return row, column and figure of the `k` greatest in each row (all above 0 when `k` is None), by row, falling figure, column.

    Args:
        figures: in units.
        k: how many.
    """
    least = np.ones(len(figures))
    if k is not None and k < figures.shape[1]:
        last = figures.shape[1] - k
        # One step lower, since what is a unit apart here may be equal when it is rounded to steps.
        least = np.maximum(np.partition(figures, last, axis=1)[:, last] - UNIT / STEPS, 1)
    row, column = np.nonzero(figures >= least[:, None])
    figure = np.floor(figures[row, column] / UNIT * STEPS + 0.5) / STEPS
    order = np.lexsort((column, -figure, row))
    row, column, figure = row[order], column[order], figure[order]
    if k is not None:
        first = np.searchsorted(row, np.arange(len(figures)))
        kept = np.arange(len(row)) - first[row] < k
        row, column, figure = row[kept], column[kept], figure[kept]
    return row, column, figure


def counts(reach: csr_array, has: csr_array, source: Numbers, target: Numbers) -> tuple[Numbers, Numbers]:
    """Return, for each pair, how many of the target's competences are the source's own, and how many are near.

    Args:
        reach: sources × competences, from `OWN` up for one's own, above 0 for a neighbour.
        has: targets × competences.
        source: rows of `reach`, one for each pair.
        target: rows of `has`, one for each pair.
    """
    kinds = np.zeros(reach.shape, np.int32)
    kinds[np.repeat(np.arange(reach.shape[0]), np.diff(reach.indptr)), reach.indices] = np.where(reach.data < OWN, MANY, 1)
    length = np.diff(has.indptr)[target]
    start = np.cumsum(length) - length
    at = np.arange(length.sum()) + np.repeat(has.indptr[target] - start, length)
    found = kinds.ravel()[np.repeat(source * reach.shape[1], length) + has.indices[at]]
    # Each target here has a competence that the source reaches, so no run is empty.
    number = np.add.reduceat(found, start) if len(start) else start
    return number % MANY, number // MANY
