// Files that are handed to the person, and the media types of those that office programs open.

export const DOCUMENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
export const WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/**
 * Hand a file to the person.
 * @param {string} name
 * @param {BlobPart} content
 * @param {string} type the media type.
 */
export const download = (name, content, type) => {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
};
