import assert from "node:assert/strict";
import { test } from "node:test";
import oxigraph from "oxigraph";
import { askStore, groupFromLeft } from "../../site/scripts/engine/left-to-right.js";
import { bindParameters, findRefusal, formOf, isLinkable, toCsv } from "../../site/scripts/sparql/query.js";

test("the form of a query is told by its first word that is no name, string or comment", () => {
  assert.equal(formOf("PREFIX ask: <http://ask/> SELECT * {}"), "rows");
  assert.equal(formOf("# ASK\nDESCRIBE <x>"), "graph");
  assert.equal(formOf('construct { ?s ?p "SELECT" } where {}'), "graph");
  assert.equal(formOf("ASK {}"), "boolean");
  assert.equal(formOf("nonsense"), "rows");
});

test("updates and services are refused where they stand", () => {
  assert.deepEqual(findRefusal("INSERT DATA {}"), { reason: "update", from: 0, to: 6 });
  assert.deepEqual(findRefusal("SELECT * { SERVICE <x> {} }"), { reason: "service", from: 11, to: 18 });
  assert.equal(findRefusal('SELECT ?service { ?s load:service "DELETE" }'), null);
  assert.equal(findRefusal("# INSERT\nSELECT * {}"), null);
});

test("no link leads to an address that a browser would run", () => {
  const schemes = ["http", "https", "mailto", "tel"];
  for (const iri of ["http://a/", "HTTPS://a/", "mailto:a@example.org", "tel:+4700000000"]) assert.ok(isLinkable(iri, schemes), iri);
  const others = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc",
    "urn:x",
    " http://a/",
    "http",
    "",
  ];
  for (const iri of others) assert.ok(!isLinkable(iri, schemes), iri);
});

test("parameters are bound at the end and in the sub-selects that give them on", () => {
  const query = "SELECT * WHERE { { SELECT ?from ?x WHERE { ?from ?p ?x } } ?to ?q ?x }";
  const bound = bindParameters(query, { from: "http://a/", to: "", with: "http://b/" });
  assert.equal(bound.match(/VALUES \(\?from\) \{ \(<http:\/\/a\/>\) \}/g)?.length, 1);
  assert.ok(bound.endsWith("VALUES (?from ?with) { (<http://a/> <http://b/>) }\n"));
  assert.equal(bindParameters(query, { from: "" }), query);
});

test("rows are written as CSV", () => {
  const head = { vars: ["a", "b"] };
  const a = { type: /** @type {const} */ ("literal"), value: 'x,"y"' };
  const b = { type: /** @type {const} */ ("bnode"), value: "n" };
  assert.equal(toCsv({ head, results: { bindings: [{ a, b }, { b }] } }), 'a,b\r\n"x,""y""",_:n\r\n,_:n\r\n');
  assert.equal(toCsv({ head: { vars: [] }, boolean: true }), "answer\r\ntrue\r\n");
});

test("the engine reads sums and fractions from the right, which is why the pages group them: when this fails, take left-to-right.js away", () => {
  const rows = new oxigraph.Store().query("SELECT (10 - 3 - 2 AS ?sum) (100 / 10 / 2 AS ?share) {}");
  const [row] = /** @type {Map<string, { value: string }>[]} */ (rows);
  assert.deepEqual([row.get("sum")?.value, row.get("share")?.value], ["9", "20"]);
});

test("the engine has no answer to zero times a decimal, as the page says: when this fails, take the sentence `sparql.zero` away", () => {
  const [row] = /** @type {Map<string, unknown>[]} */ (new oxigraph.Store().query("SELECT (0 * 0.5 AS ?none) (0 * 5e-1 AS ?zero) {}"));
  assert.deepEqual([row.has("none"), row.has("zero")], [false, true]);
});

test("sums and fractions are grouped from the left, and nothing else is touched", () => {
  /** @type {[string, string][]} */
  const cases = [
    ["SELECT (?a - ?b - ?c AS ?d) {}", "SELECT ((?a - ?b) - ?c AS ?d) {}"],
    ["ASK { FILTER (1/2*3/4 > f:x(1-2+3)) }", "ASK { FILTER (((1/2)*3)/4 > f:x((1-2)+3)) }"],
    [
      "ASK { BIND (?a -1 -2 AS ?b) FILTER EXISTS { FILTER (1-2-3) } }",
      "ASK { BIND ((?a -1) -2 AS ?b) FILTER EXISTS { FILTER ((1-2)-3) } }",
    ],
    ["SELECT * {} GROUP BY (?a-1-2) ORDER BY DESC(SUM(?x)/2/3)", "SELECT * {} GROUP BY ((?a-1)-2) ORDER BY DESC((SUM(?x)/2)/3)"],
    ['ASK { { SELECT (-?x - 1 - "7"^^x:y AS ?z) {} } }', 'ASK { { SELECT ((-?x - 1) - "7"^^x:y AS ?z) {} } }'],
  ];
  for (const [written, grouped] of cases) assert.equal(groupFromLeft(written), grouped);
  const untouched = [
    "ASK { ?s x:a/x:b/(x:c)*/x:d+ ?o . ?o x:p ( 1 -2 -3 ) }",
    "SELECT (1 - 2 AS ?x) (1 * 2 - 3 / 4 AS ?y) {}",
    "ASK { VALUES (?x ?y) { ( 1 -2 ) ( 3 -4 ) } } # 1 - 2 - 3",
    'ASK { FILTER ("1-2-3" != ?a && ?a < <http://x/1-2-3>) ?a-b:c ?d }',
    "SELECT (1 - - AS",
  ];
  for (const query of untouched) assert.equal(groupFromLeft(query), query);
});

test("a mistake is told of at its place in what was written", () => {
  const store = new oxigraph.Store();
  assert.throws(() => askStore(store, "SELECT (1-2-3 AS ?x) { ?s ?p }", {}), /error at 1:31/);
  const answer = JSON.parse(String(askStore(store, "SELECT (1-2-3 AS ?x) {}", { results_format: "json" })));
  assert.equal(answer.results.bindings[0].x.value, "-4");
});
