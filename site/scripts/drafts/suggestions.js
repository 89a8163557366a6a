// Competences that everyday words tell of: only those that `site/everyday-words.json` lists, and names of competences. Nothing is guessed.
/** @import { NamedThing } from "../types.d.ts" */
import { BASE } from "./rdf.js";

/** Words that may stand between the words of a phrase. */
const MAX_BETWEEN = 2;
const MAX_SUGGESTIONS = 8;

/** @typedef {{ thing: NamedThing, words: string[] }} Suggestion A competence, and the words of the text that tell of it. */

/**
 * The words of each sentence.
 * @param {string} text
 */
const splitSentences = (text) => text.split(/[.!?;\n]+/).map((sentence) => sentence.match(/[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*/gu) ?? []);

/** @type {(word: string, form: string) => boolean} */
const matches = (word, form) => (form.endsWith("*") ? word.startsWith(form.slice(0, -1)) : word === form);

/**
 * The words of a sentence that a phrase finds, or nothing.
 * @param {string[]} sentence
 * @param {string[]} phrase
 */
const findPhrase = (sentence, phrase) => {
  const small = sentence.map((word) => word.toLowerCase());
  for (let start = 0; start < small.length; start++) {
    if (!matches(small[start], phrase[0])) continue;
    let at = start;
    const isWhole = phrase.slice(1).every((form) => {
      const next = small.findIndex((word, place) => place > at && place <= at + 1 + MAX_BETWEEN && matches(word, form));
      if (next < 0) return false;
      at = next;
      return true;
    });
    if (isWhole) return sentence.slice(start, at + 1).join(" ");
  }
  return null;
};

/**
 * The competences that a text tells of, those that more of its words tell of first.
 * @param {string} text
 * @param {Record<string, string[]>} everyday the phrases that tell of each competence, by slug.
 * @param {NamedThing[]} competences
 * @returns {Suggestion[]}
 */
export const suggestCompetences = (text, everyday, competences) => {
  const sentences = splitSentences(text);
  const found = competences.map((thing) => {
    const names = [...Object.values(thing.label), ...Object.values(thing.other).flat(), ...thing.skills.map(({ label }) => label)];
    const listed = everyday[thing.iri.slice(`${BASE}competence/`.length)] ?? [];
    const phrases = [...names.map((name) => name.toLowerCase()), ...listed].map((phrase) => phrase.match(/[\p{L}\p{N}*-]+/gu) ?? []);
    const words = phrases.flatMap((phrase) => (phrase.length ? sentences.map((sentence) => findPhrase(sentence, phrase)) : []));
    return { thing, words: [...new Set(words.filter((one) => one !== null))] };
  });
  const told = found.filter(({ words }) => words.length);
  return told.sort((one, two) => two.words.length - one.words.length).slice(0, MAX_SUGGESTIONS);
};
