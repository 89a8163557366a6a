// Names made comparable, as `namespaces.py` does it, with `fold_name`, `slugify` and `str.casefold`.

/**
 * A text without differences between large and small letters.
 * @param {string} text
 */
export const foldCase = (text) => [...text].map((sign) => (sign === "ı" ? sign : sign.toLowerCase().toUpperCase().toLowerCase())).join("");

/**
 * A name as it is compared: composed letters, no capitals, no invisible characters, and single spaces within.
 * @param {string} name
 */
export const foldName = (name) =>
  foldCase(
    name
      .normalize("NFC")
      .replace(/\p{Cf}/gu, "")
      .split(/\s+/)
      .filter(Boolean)
      .join(" "),
  );

/**
 * The end of the IRI that a thing with a label would get: small letters a to z, digits and hyphens.
 * @param {string} label
 */
export const slugify = (label) =>
  foldCase(label)
    .replaceAll("æ", "ae")
    .replaceAll("ø", "o")
    .normalize("NFKD")
    .replace(/\P{ASCII}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
