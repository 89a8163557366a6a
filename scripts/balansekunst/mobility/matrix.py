"""Mobility between all ordered pairs of roles, or from many descriptions to many roles, by a sparse matrix product in row blocks.

Mobility from A to B is the share of B's key competences that A has or nearly has:

    m(A→B) = Σ_{c∈B} w(c)·s(A, c) / Σ_{c∈B} w(c)

where s is 1 for a competence that A has, `near` for one that is a neighbour of one that A has, and 0 else; w is 1, or with weights 1
divided by the number of targets that have c. Every neighbour counts: `paths.py` pairs them one to one, which no matrix product does, so
scores here are the same or higher, and the same where nothing is near. `relational.py` says the same for
databases, and gives the same rows and scores: the sums are of whole numbers, so no order of summing changes them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import csr_array, diags_array, eye_array, vstack

from balansekunst.errors import UserError
from balansekunst.mobility.paths import NEAR_WEIGHT
from balansekunst.mobility.tables import COMPETENCE_COLUMN, NEIGHBOUR_COLUMN, ROLE_COLUMN, filter_by_dimension

WEIGHT_UNIT = 2**50
"""Weights and shares are whole numbers of 1/UNIT: sums of them are exact in float64, whatever their order."""
SCORE_STEPS = 10**10
"""Figures are whole numbers of 1/STEPS, so that equal ones are equal however their shares were rounded to units."""
_MAX_TARGET_COMPETENCES = 2**63 // WEIGHT_UNIT - 1
"""Competences in one target: the sum of their weights is a 64-bit integer."""
_MAX_BLOCK_CELLS = 2**22
"""Cells of a block: source rows by targets (or competences, where there are more)."""
DENSE_ROW_SHARE = 1 / 32
"""Competences that more than this share of the targets have are multiplied as a dense matrix, which is faster for them."""
_OWN_MARK = 2**31
"""Marks a competence of one's own in a sum where each neighbour counts 1."""
_COUNT_BASE = 2**14
"""More than `_MAX_TARGET_COMPETENCES`, so that two counts fit in one number."""

_IntegerArray = npt.NDArray[np.int64]
_ScoreArray = npt.NDArray[np.float64]

PAIR_SCHEMA = pa.schema(
    [
        ("from", pa.dictionary(pa.int32(), pa.string())),
        ("to", pa.dictionary(pa.int32(), pa.string())),
        ("score", pa.float64()),
        ("shared", pa.int32()),
        ("near", pa.int32()),
        ("new", pa.int32()),
    ]
)
"""An answer: the score from 0 to 1, and how many of the target's competences are shared, near and new."""


@dataclass(frozen=True)
class MobilityMeasure:
    """What counts in mobility, and how much."""

    weighted: bool = False
    """Whether a competence counts more the fewer of the targets have it; else all count the same."""
    near: float = NEAR_WEIGHT
    """What a near competence counts, from 0 (near matches are left out, and are new) to ½."""
    dimension: str | None = None
    """Only the targets' competences in this dimension count, where one is given. All of the sources' do, and the weights are the same."""

    def __post_init__(self) -> None:
        """Refuse what would make the score fall when the source gains a competence that the target has."""
        if not 0 <= self.near <= NEAR_WEIGHT:
            raise ValueError(f"near must be from 0 to {NEAR_WEIGHT}, not {self.near}")


DEFAULT_MEASURE = MobilityMeasure()


def rank_targets(
    sources: pa.Table,
    targets: pa.Table,
    neighbours: pa.Table,
    k: int | None = None,
    measure: MobilityMeasure = DEFAULT_MEASURE,
    block: int | None = None,
) -> pa.Table:
    """Return the `k` targets that most of each source carries over to, or every pair.

    Args:
        sources: who to go from: columns `role` and `competence`, a row for each key competence.
        targets: who to go to: the same, with `dimension` where one is asked for. May be the same table; none is paired with itself.
        neighbours: columns `competence` and `neighbour`; the relation is taken as symmetric.
        k: how many targets for each source; all when nothing is given.
        measure: what counts, and how much.
        block: how many sources to work on at a time; chosen by the memory it takes when nothing is given. Changes no score.

    Returns:
        A table with `PAIR_SCHEMA`, by source id, then falling score, then target id. Pairs whose score is 0 are not given.

    Raises:
        ValueError: `k` or `block` is below 1.
        UserError: no target has a competence in the dimension, or one has more competences than `_MAX_TARGET_COMPETENCES`.
    """
    return pa.Table.from_batches(compute_pair_batches(sources, targets, neighbours, k, measure, block), PAIR_SCHEMA)


def compute_pair_batches(
    sources: pa.Table,
    targets: pa.Table,
    neighbours: pa.Table,
    k: int | None = None,
    measure: MobilityMeasure = DEFAULT_MEASURE,
    block: int | None = None,
) -> Iterator[pa.RecordBatch]:
    """Yield what `rank_targets` returns, one batch for each block of sources, so that memory is bounded however many pairs there are.

    Takes and raises the same as `rank_targets`.
    """
    if (k is not None and k < 1) or (block is not None and block < 1):
        raise ValueError(f"k and block must be at least 1: {k=}, {block=}")
    from_ids, to_ids = _list_unique_ids(sources[ROLE_COLUMN]), _list_unique_ids(targets[ROLE_COLUMN])
    competences = _list_unique_ids(
        sources[COMPETENCE_COLUMN], targets[COMPETENCE_COLUMN], neighbours[COMPETENCE_COLUMN], neighbours[NEIGHBOUR_COLUMN]
    )
    holds = _build_incidence_matrix(sources[ROLE_COLUMN], from_ids, sources[COMPETENCE_COLUMN], competences)
    has = _build_incidence_matrix(targets[ROLE_COLUMN], to_ids, targets[COMPETENCE_COLUMN], competences)
    weights = WEIGHT_UNIT // np.maximum(has.sum(axis=0), 1) if measure.weighted else np.ones(len(competences), np.int64)
    if measure.dimension is not None:
        counted = filter_by_dimension(targets, measure.dimension)
        has = _build_incidence_matrix(counted[ROLE_COLUMN], to_ids, counted[COMPETENCE_COLUMN], competences)
    if (most := np.diff(has.indptr).max(initial=0)) > _MAX_TARGET_COMPETENCES:
        raise UserError(("pairs.too-many", {"number": most, "limit": _MAX_TARGET_COMPETENCES}))
    wanted = np.unique(has.indices)
    step = eye_array(len(competences), dtype=np.int64, format="csr") * _OWN_MARK
    if measure.near:
        one_way = _build_incidence_matrix(neighbours[COMPETENCE_COLUMN], competences, neighbours[NEIGHBOUR_COLUMN], competences)
        step = step + one_way + one_way.T
    step, has = step[:, wanted], has[:, wanted]
    worth = _compute_shares(has, weights[wanted])
    multiply = SplitMatrix(
        vstack([worth, csr_array((np.floor(measure.near * worth.data), worth.indices, worth.indptr), worth.shape)]).tocsr()
    )
    itself = pc.fill_null(pc.index_in(from_ids, to_ids), -1).to_numpy()
    rows = block or max(1, _MAX_BLOCK_CELLS // max(has.shape))
    for start in range(0, len(from_ids), rows):
        reach = holds[start : start + rows] @ step
        is_near = reach.data < _OWN_MARK
        kinds = csr_array((np.ones(reach.nnz), reach.indices + len(wanted) * is_near, reach.indptr), (reach.shape[0], 2 * len(wanted)))
        scores = multiply(kinds)
        same = itself[start : start + rows]
        scores[same >= 0, same[same >= 0]] = 0
        source, target, score = _select_best(scores, k)
        shared, almost = _count_matches(reach, has, source, target)
        columns = [
            pa.DictionaryArray.from_arrays((start + source).astype(np.int32), from_ids),
            pa.DictionaryArray.from_arrays(target.astype(np.int32), to_ids),
            pa.array(score),
            *(pa.array(n.astype(np.int32)) for n in (shared, almost, np.diff(has.indptr)[target] - shared - almost)),
        ]
        yield pa.record_batch(columns, schema=PAIR_SCHEMA)


def _list_unique_ids(*columns: pa.ChunkedArray) -> pa.Array:
    """Return what stands in the columns, each once, sorted."""
    found = pc.unique(pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string()))
    return found.take(pc.array_sort_indices(found))


def _build_incidence_matrix(rows: pa.ChunkedArray, row_ids: pa.Array, columns: pa.ChunkedArray, column_ids: pa.Array) -> csr_array:
    """Return a matrix of 0 and 1 that says which row has which column; a pair told twice counts once."""
    at = pc.index_in(rows, row_ids).to_numpy(), pc.index_in(columns, column_ids).to_numpy()
    matrix = csr_array((np.ones(len(rows), np.int64), at), (len(row_ids), len(column_ids)))
    matrix.data[:] = 1
    return matrix


def _compute_shares(has: csr_array, weights: _IntegerArray) -> csr_array:
    """Return what each competence counts in each target, in units, rounded down (competences × targets)."""
    row = np.repeat(np.arange(has.shape[0]), np.diff(has.indptr))
    share = np.floor(weights[has.indices] / (has @ weights)[row] * WEIGHT_UNIT)
    return csr_array((share, has.indices, has.indptr), has.shape).T.tocsr()


class SplitMatrix:
    """A matrix to multiply with from the left, its fullest rows apart: few competences are common, and they make most of the work."""

    def __init__(self, right: csr_array) -> None:
        """Take the right factor, sparse, of whole numbers whose products' sums stay below 2⁵³."""
        sizes = np.diff(right.indptr)
        self.dense_rows = np.flatnonzero(sizes > DENSE_ROW_SHARE * right.shape[1])
        self.dense = right[self.dense_rows].toarray()
        self.sparse = diags_array((sizes <= DENSE_ROW_SHARE * right.shape[1]).astype(float)).tocsr() @ right
        self.sparse.eliminate_zeros()

    def __call__(self, left: csr_array) -> _ScoreArray:
        """Return `left` times the factor, dense and exact."""
        product: _ScoreArray = left @ self.sparse + left[:, self.dense_rows].toarray() @ self.dense
        return product


def _select_best(scores: _ScoreArray, k: int | None) -> tuple[_IntegerArray, _IntegerArray, _ScoreArray]:
    """Return row, column and score of the `k` greatest in each row (all above 0 when `k` is None), by row, falling score, column.

    Args:
        scores: in units.
        k: how many.
    """
    least = np.ones(len(scores))
    if k is not None and k < scores.shape[1]:
        last = scores.shape[1] - k
        # One step lower, since what is a unit apart here may be equal when it is rounded to steps.
        least = np.maximum(np.partition(scores, last, axis=1)[:, last] - WEIGHT_UNIT / SCORE_STEPS, 1)
    row, column = np.nonzero(scores >= least[:, None])
    score = np.floor(scores[row, column] / WEIGHT_UNIT * SCORE_STEPS + 0.5) / SCORE_STEPS
    order = np.lexsort((column, -score, row))
    row, column, score = row[order], column[order], score[order]
    if k is not None:
        first = np.searchsorted(row, np.arange(len(scores)))
        kept = np.arange(len(row)) - first[row] < k
        row, column, score = row[kept], column[kept], score[kept]
    return row, column, score


def _count_matches(reach: csr_array, has: csr_array, source: _IntegerArray, target: _IntegerArray) -> tuple[_IntegerArray, _IntegerArray]:
    """Return, for each pair, how many of the target's competences are the source's own, and how many are near.

    Args:
        reach: sources × competences, from `_OWN_MARK` up for one's own, above 0 for a neighbour.
        has: targets × competences.
        source: rows of `reach`, one for each pair.
        target: rows of `has`, one for each pair.
    """
    kinds = np.zeros(reach.shape, np.int32)
    kinds[np.repeat(np.arange(reach.shape[0]), np.diff(reach.indptr)), reach.indices] = np.where(reach.data < _OWN_MARK, _COUNT_BASE, 1)
    length = np.diff(has.indptr)[target]
    start = np.cumsum(length) - length
    at = np.arange(length.sum()) + np.repeat(has.indptr[target] - start, length)
    found = kinds.ravel()[np.repeat(source * reach.shape[1], length) + has.indices[at]]
    # Each target here has a competence that the source reaches, so no run is empty.
    number = np.add.reduceat(found, start) if len(start) else start
    return number % _COUNT_BASE, number // _COUNT_BASE
