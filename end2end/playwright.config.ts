import { defineConfig, devices } from '@playwright/test';
import { administratorState } from './administrator';

// Started by `cargo xtask e2e`, which starts a demo and says where it is.
const url = process.env.HOLDFAST_URL;
if (!url) throw new Error('HOLDFAST_URL is not set: run `cargo xtask e2e`');

export default defineConfig({
  testDir: 'specs',
  outputDir: 'test-results',
  forbidOnly: !!process.env.CI,
  workers: 2,
  // Generous: a busy machine is no failure, and what never comes fails all the same.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  use: {
    ...devices['Desktop Chrome'],
    viewport: { width: 1440, height: 900 },
    baseURL: url,
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'administrator', testMatch: 'administrator.setup.ts' },
    {
      name: 'browser',
      testMatch: '**/*.spec.ts',
      testIgnore: ['**/*.plain.spec.ts', '**/*.alone.spec.ts'],
      dependencies: ['administrator'],
      use: { storageState: administratorState },
    },
    {
      // What must work before and without WASM.
      name: 'without JavaScript',
      testMatch: '**/*.plain.spec.ts',
      dependencies: ['administrator'],
      use: { storageState: administratorState, javaScriptEnabled: false },
    },
    {
      // What leaves the organization another one: after all others, or by itself with --no-deps.
      name: 'alone',
      testMatch: '**/*.alone.spec.ts',
      dependencies: ['browser', 'without JavaScript'],
    },
  ],
});
