import type { Asset } from "@/shared/model";

const SPECIAL: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => SPECIAL[character] ?? character);
}

/** What stands in a body for an asset: an image shows itself, anything else is linked to. */
export function snippetOf(asset: Asset, kind: string): string {
  const words = escapeHtml(asset.description || asset.name);
  if (asset.kind !== "image") return `<a href="${asset.url}">${words}</a>`;
  if (kind === "mjml") return `<mj-image src="${asset.url}" alt="${escapeHtml(asset.description)}" />`;
  const width = asset.width ? ` width="${asset.width}"` : "";
  return `<img src="${asset.url}" alt="${escapeHtml(asset.description)}"${width}>`;
}

/** The text with something put in at a place; at its end when no place is known. */
export function insertAt(text: string, snippet: string, place: number | null): string {
  const at = place === null ? text.length : Math.min(place, text.length);
  return text.slice(0, at) + snippet + text.slice(at);
}
