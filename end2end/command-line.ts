import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { test } from '@playwright/test';

/** How a command ended. */
type Ended = { status: number | null; out: string; error: string };

/** A home of its own for `holdfast`, with nothing kept in it. */
export const emptyHome = () => test.info().outputPath('home');

/** Runs `holdfast` against the portal under test. `said` has what it printed so far. */
export function holdfast(home: string, ...args: string[]) {
  const env = { PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: join(home, 'config') };
  const child = spawn(process.env.HOLDFAST_BINARY ?? '', ['--server', process.env.HOLDFAST_URL ?? '', ...args], { env });
  const printed = { out: '', error: '' };
  child.stdout.on('data', (text) => (printed.out += text));
  child.stderr.on('data', (text) => (printed.error += text));
  const ended = new Promise<Ended>((resolve) => child.on('close', (status) => resolve({ status, ...printed })));
  return { ended, said: () => printed.out };
}

/** The code that `holdfast login` shows. */
export const shownCode = (said: string) => /^\s+([B-Z]{4}-[B-Z]{4})$/m.exec(said)?.[1] ?? '';
