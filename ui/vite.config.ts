import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** `npm run dev` speaks to a running Senet; SENET_API_URL names another than the usual one. */
const backend = process.env.SENET_API_URL ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react()],
  base: "/",
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { proxy: { "/api": backend, "/healthz": backend } },
  build: {
    outDir: "dist",
    assetsDir: "assets",
    // Charts and the canvas are loaded by the pages that show them; the rest is one start-up bundle.
    chunkSizeWarningLimit: 1200,
  },
});
