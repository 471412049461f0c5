// All other characters can stand in XML 1.0 (W3C, "Extensible Markup Language 1.0", 2.2).
const noXml = /(?![\t\n\r\u007f-\u009f])[\p{Cc}\p{Cs}]|[\ufffe\uffff]/gu;

/**
 * The text of an XML document that any parser reads. A request can have characters, in names that an error quotes and in keys
 * of objects, for which XML has neither a place nor an entity; they become U+FFFD. What AWS makes of them is unverified.
 */
export function wellFormed(xml: string): string {
  return xml.replace(noXml, '\ufffd');
}

/** A text as it stands between two tags. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
