// Hold a site map to the schema of sitemaps.org, with the links between languages that search engines read; write a line for each fault.
import { readFileSync } from "node:fs";
import { validateXML } from "xmllint-wasm";

const W3C = "http://www.w3.org";
const NAMESPACES = { sitemap: "http://www.sitemaps.org/schemas/sitemap/0.9", link: `${W3C}/1999/xhtml` };
const both = `<schema xmlns="${W3C}/2001/XMLSchema">
  <import namespace="${NAMESPACES.sitemap}" schemaLocation="sitemap.xsd"/>
  <import namespace="${NAMESPACES.link}" schemaLocation="link.xsd"/>
</schema>`;
const link = `<schema xmlns="${W3C}/2001/XMLSchema" targetNamespace="${NAMESPACES.link}">
  <element name="link">
    <complexType>
      <attribute name="rel" fixed="alternate" use="required"/>
      <attribute name="hreflang" type="language" use="required"/>
      <attribute name="href" type="anyURI" use="required"/>
    </complexType>
  </element>
</schema>`;
const sitemap = readFileSync(new URL("../../node_modules/sitemap/schema/sitemap.xsd", import.meta.url), "utf8");
const checked = await validateXML({
  xml: [{ fileName: "sitemap.xml", contents: readFileSync(process.argv[2], "utf8") }],
  schema: [both],
  preload: [
    { fileName: "sitemap.xsd", contents: sitemap },
    { fileName: "link.xsd", contents: link },
  ],
});
for (const { message, rawMessage } of checked.errors) console.log(message || rawMessage);
