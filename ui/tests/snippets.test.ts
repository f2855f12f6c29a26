import { describe, expect, it } from "vitest";
import { formatBytes } from "@/features/content/AssetGrid";
import { insertAt, snippetOf } from "@/features/content/snippets";
import type { Asset } from "@/shared/model";

const IMAGE = {
  kind: "image",
  name: "a.png",
  description: 'A "boat" <b> & sail',
  url: "https://door.example/a/key/a.png",
  width: 300,
} as Asset;

describe("what is inserted for an asset", () => {
  it("shows an image with its description, in the language of the source", () => {
    const words = "A &quot;boat&quot; &lt;b&gt; &amp; sail";
    expect(snippetOf(IMAGE, "mjml")).toBe(`<mj-image src="${IMAGE.url}" alt="${words}" />`);
    expect(snippetOf(IMAGE, "html")).toBe(`<img src="${IMAGE.url}" alt="${words}" width="300">`);
  });

  it("links to a file by its name", () => {
    const file = { ...IMAGE, kind: "file", description: "", name: "a.pdf" } as Asset;
    expect(snippetOf(file, "mjml")).toBe(`<a href="${file.url}">a.pdf</a>`);
  });

  it("goes where the caret was, or to the end", () => {
    expect(insertAt("abcd", "-", 2)).toBe("ab-cd");
    expect(insertAt("abcd", "-", null)).toBe("abcd-");
    expect(insertAt("ab", "-", 9)).toBe("ab-");
  });
});

describe("a size", () => {
  it("is said as people say it", () => {
    expect([999, 1000, 1_250_000, 128_000_000].map(formatBytes)).toEqual([
      "999 B",
      "1.0 kB",
      "1.3 MB",
      "128.0 MB",
    ]);
  });
});
