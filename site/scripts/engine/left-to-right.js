// SPARQL reads `a - b - c` and `a / b / c` from the left. The engine of the pages reads them from the right, as a - (b - c). So they are put
// in parentheses before it is asked.
/** @import { Store } from "oxigraph" */

const TOKEN =
  /[^\S]+|#[^\n\r]*|"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*'|<[^<>"{}|^`\\\s]*>|[?$][\p{L}\p{N}_]+|@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*|(?:[\p{L}](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?)?:(?:[\p{L}\p{N}_:%\\](?:(?:\\.|[\p{L}\p{N}_.:%-])*(?:\\.|[\p{L}\p{N}_:%-]))?)?|\p{L}[\p{L}\p{N}_]*|\d+\.\d*[eE][+-]?\d+|\.?\d+[eE][+-]?\d+|\d*\.\d+|\d+|\^\^|[<>!]=|&&|\|\||[\s\S]/gu;

/** @typedef {{ text: string, at: number }} Token */
/** @typedef {{ from: number, to: number }} Span the places of an operand in the text. */

/** @type {(token: Token | undefined) => string} */
const wordOf = (token) => (token && /^\p{L}+$/u.test(token.text) ? token.text.toUpperCase() : "");

/** @type {(token: Token | undefined) => boolean} */
const isName = (token) => Boolean(token && (/^\p{L}/u.test(token.text) || /^[^?$"'].*:/u.test(token.text) || /^<.+>$/.test(token.text)));

/** Walks through a query and notes where parentheses are lacking. */
class Walker {
  /** @param {string} query */
  constructor(query) {
    /** @type {Token[]} */
    this.tokens = [];
    for (const { 0: text, index } of query.matchAll(TOKEN)) if (!/^(?:\s|#)/.test(text)) this.tokens.push({ text, at: index });
    this.next = 0;
    /** Where to put which sign. @type {{ at: number, sign: string }[]} */
    this.inserted = [];
  }

  /** @returns {Token | undefined} */
  get token() {
    return this.tokens[this.next];
  }

  get text() {
    return this.token?.text;
  }

  /** What stands outside of expressions, up to the bracket that closes it, or the end. Expressions are what FILTER, BIND and the like begin. */
  walkPattern() {
    let isInHead = false;
    while (this.token && this.text !== "}") {
      const word = wordOf(this.token);
      this.next++;
      if (word === "SELECT" || ((word === "GROUP" || word === "ORDER") && wordOf(this.token) === "BY") || word === "HAVING")
        isInHead = true;
      else if (word === "VALUES") this.skipValues();
      else if (word === "WHERE" || word === "FROM" || word === "CONSTRUCT") isInHead = false;
      else if (word === "FILTER" || word === "BIND") this.walkConstraint();
      else if (this.tokens[this.next - 1].text === "{") {
        isInHead = false;
        this.walkPattern();
        this.next++;
      } else if (this.tokens[this.next - 1].text === "(" && isInHead) {
        this.walkExpressions();
        this.next++;
      }
    }
  }

  /** The table of values after VALUES. */
  skipValues() {
    while (this.token && this.text !== "{") this.next++;
    while (this.token && this.text !== "}") this.next++;
    this.next++;
  }

  /** What follows FILTER or BIND: expressions in parentheses, maybe after the name of a function, or a pattern after EXISTS. */
  walkConstraint() {
    while (isName(this.token)) this.next++;
    const begin = this.text;
    if (begin !== "(" && begin !== "{") return;
    this.next++;
    if (begin === "(") this.walkExpressions();
    else this.walkPattern();
    this.next++;
  }

  /** Expressions, up to the parenthesis that closes them. */
  walkExpressions() {
    while (this.token && this.text !== ")" && this.text !== "}") {
      const before = this.next;
      this.walkSum();
      if (this.next === before) this.next++;
    }
  }

  /** @returns {Span | null} */
  walkSum() {
    return this.walkChain(["+", "-"], () => this.walkProduct());
  }

  /** @returns {Span | null} */
  walkProduct() {
    return this.walkChain(["*", "/"], () => this.walkOperand());
  }

  /**
   * Operands with signs between them. From three on, all but the last step gets its parentheses.
   * @param {string[]} signs
   * @param {() => Span | null} walk
   * @returns {Span | null}
   */
  walkChain(signs, walk) {
    const first = walk();
    if (!first) return null;
    const operands = [first];
    while (this.text && signs.includes(this.text)) {
      this.next++;
      const operand = walk();
      if (!operand) break;
      operands.push(operand);
    }
    for (const { to } of operands.slice(1, -1)) this.inserted.push({ at: first.from, sign: "(" }, { at: to, sign: ")" });
    return { from: first.from, to: /** @type {Span} */ (operands.at(-1)).to };
  }

  /** @returns {Span | null} */
  walkOperand() {
    const from = this.token?.at ?? 0;
    while (this.text && "-+!".includes(this.text)) this.next++;
    const token = this.token;
    if (!token) return null;
    const isCall = isName(token);
    if (isCall) {
      if (wordOf(token) === "NOT") this.next++;
      this.next++;
    } else if (/^["']/.test(token.text)) {
      this.next++;
      if (this.text?.startsWith("@")) this.next++;
      else if (this.text === "^^") this.next += 2;
    } else if (/^(?:[?$]\S|\.?\d)/.test(token.text)) this.next++;
    else if (token.text !== "(") return null;
    const begin = this.text;
    if (begin === "(" && (isCall || this.token === token)) {
      this.next++;
      this.walkExpressions();
      this.next++;
    } else if (begin === "{" && isCall) {
      this.next++;
      this.walkPattern();
      this.next++;
    }
    const end = this.tokens[Math.min(this.next, this.tokens.length) - 1];
    return { from, to: end.at + end.text.length };
  }
}

/**
 * A query with the parentheses that make the engine read it as SPARQL does.
 * @param {string} query
 */
export const groupFromLeft = (query) => {
  const walker = new Walker(query);
  while (walker.token) {
    walker.walkPattern();
    walker.next++;
  }
  let text = "";
  let done = 0;
  // At one place, what closes comes before what opens.
  for (const { at, sign } of walker.inserted.sort((one, two) => one.at - two.at || one.sign.localeCompare(two.sign) * -1)) {
    text += query.slice(done, at) + sign;
    done = at;
  }
  return text + query.slice(done);
};

/** A mistake of syntax, as the engine words it. */
const SYNTAX_ERROR = /error at \d+:\d+/;

/**
 * Ask the engine a query, read from the left. A mistake is told of at its place in what was written.
 * @param {Store} store
 * @param {string} query
 * @param {Parameters<Store["query"]>[1]} options
 */
export const askStore = (store, query, options) => {
  const grouped = groupFromLeft(query);
  try {
    return store.query(grouped, options);
  } catch (error) {
    if (grouped === query || !SYNTAX_ERROR.test(String(error))) throw error;
    return store.query(query, options);
  }
};
