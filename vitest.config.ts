import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    reporters: ["default", "./test/summary-reporter.ts"],
    // Machines may be slow and busy: time is for what hangs.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: "threads",
  },
});
