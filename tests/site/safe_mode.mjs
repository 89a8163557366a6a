// Read JSON-LD files, listed in a file, in safe mode, which refuses what would be left out, and without the network; write a line for each fault.
import { readFileSync } from "node:fs";
// @ts-expect-error: it comes without types.
import jsonld from "jsonld";
import { Store } from "oxigraph";

/** @param {string} address */
const documentLoader = (address) => {
  throw new Error(`asks for ${address}`);
};

for (const path of readFileSync(process.argv[2], "utf8").split("\n")) {
  try {
    const found = await jsonld.toRDF(JSON.parse(readFileSync(path, "utf8")), { safe: true, documentLoader });
    const store = new Store();
    store.load(readFileSync(path.replace(/jsonld$/, "ttl"), "utf8"), { format: "text/turtle", base_iri: "https://example.org/" });
    if (found.length !== store.size) console.log(`${path}: ${found.length} statements, and ${store.size} in Turtle`);
  } catch (error) {
    console.log(`${path}: ${error}`);
  }
}
