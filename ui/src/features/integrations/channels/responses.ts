/** What a channel can bring back, as its form edits it. */
export interface ResponseType {
  key: string;
  label: string;
  custom: boolean;
}

const KEY = /^[a-z][a-z0-9_-]{0,62}$/;
export const KEY_RULE = "Small letters, digits, hyphens and underscores, beginning with a letter.";

/** "Came back!" → "came_back": the key that goes with a name. */
export function makeKey(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "")
    .slice(0, 63);
}

export function checkKey(key: string | null | undefined): string | undefined {
  return KEY.test(key ?? "") ? undefined : KEY_RULE;
}

/** What a form holds: before its record has come, that is no list. */
export function readResponses(value: unknown): ResponseType[] {
  return Array.isArray(value) ? value : [];
}

/** Why these responses cannot be declared; nothing when they can. */
export function checkResponses(responses: ResponseType[]): string | undefined {
  const unnamed = responses.findIndex((each) => !each.label.trim());
  if (unnamed >= 0) return `Say what response ${unnamed + 1} is called.`;
  const unkeyed = responses.find((each) => checkKey(each.key));
  if (unkeyed) return `The key of “${unkeyed.label}”: ${KEY_RULE.toLowerCase()}`;
  const twice = responses.find((each, at) => responses.findIndex((other) => other.key === each.key) < at);
  if (twice) return `Two responses have the key “${twice.key}”. Give one of them another.`;
  if (responses.filter((each) => each.custom).length > 1) return "At most one response can take a keyword.";
  return undefined;
}

/** A response with another label; its key follows as long as it says the same. */
export function relabel(response: ResponseType, label: string): ResponseType {
  const follows = response.key === makeKey(response.label);
  return { ...response, label, key: follows ? makeKey(label) : response.key };
}
