import { loadEnv } from "vite";
import { defineConfig } from "vitest/config";

export default defineConfig(({ mode }) => {
  // The service to ask while the page is worked on: `npm run dev` beside a service on its default ports.
  const service = loadEnv(mode, ".", "SCENARIOS_").SCENARIOS_HTTP ?? "http://127.0.0.1:5080";
  return {
    build: {
      outDir: "../Scenarios.Service/wwwroot",
      emptyOutDir: true,
      target: "es2022",
      // Its polyfill would be one more script; every browser of the target has it.
      modulePreload: false,
      // A font or picture inlined as a data: URL would be refused by the page's Content-Security-Policy.
      assetsInlineLimit: 0,
    },
    server: { proxy: { "/scenarios.v1.": service } },
    preview: { proxy: { "/scenarios.v1.": service } },
    test: { include: ["src/**/*.test.{ts,tsx}"] },
  };
});
