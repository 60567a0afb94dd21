import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, Page } from '@playwright/test';
import { signIn } from '../administrator';
import { codeOf } from '../codes';
import { expect, expectAccessible, hydrated, test } from '../fixtures';

// A portal of its own, which trusts an identity provider of its own: oidc-provider, as another process.
test.describe.configure({ mode: 'serial' });
test.use({ storageState: { cookies: [], origins: [] } });
test.skip(!process.env.HOLDFAST_BINARY, 'HOLDFAST_BINARY is not set: run `cargo xtask e2e`');

let folder: string;
let issuer: string;
let portal: { url: string; email: string; password: string };
const processes: ChildProcess[] = [];

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Starts a process, and waits for the first line that it prints. */
async function start(command: string, options: string[], env: NodeJS.ProcessEnv = process.env) {
  const child = spawn(command, options, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  processes.push(child);
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`${command} ended with ${code}`))),
  ])) as [string];
  return line;
}

/** An OU below the root that has accounts, of the organization that every demo has. */
async function anOu(page: Page) {
  const aws = async (operation: string, body: object) => {
    const answer = await page.request.post(process.env.HOLDFAST_AWS ?? '', {
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AWSOrganizationsV20161128.${operation}`,
        authorization: 'AWS4-HMAC-SHA256 Credential=test/20261120/us-east-1/organizations/aws4_request',
      },
      data: JSON.stringify(body),
    });
    return answer.json();
  };
  const { Roots } = await aws('ListRoots', {});
  const { OrganizationalUnits } = await aws('ListOrganizationalUnitsForParent', { ParentId: Roots[0].Id });
  return OrganizationalUnits[0] as { Id: string; Name: string };
}

let ou: { Id: string; Name: string };

test.beforeAll(async ({ browser }) => {
  const page = await browser.newPage();
  ou = await anOu(page);
  await page.close();
  folder = mkdtempSync(join(tmpdir(), 'holdfast-identity-'));
  // The database's own user must be able to pass.
  chmodSync(folder, 0o755);
  const [port, own] = [await freePort(), await freePort()];
  issuer = await start(process.execPath, ['identity-provider.mjs', String(own), `http://127.0.0.1:${port}`]);
  const file = join(folder, 'providers.toml');
  const mapping = (group: string, role: string, more = '') =>
    `[[provider.mapping]]\ngroup = "${group}"\nrole = "${role}"\n${more}\n`;
  writeFileSync(
    file,
    `[[provider]]
name = "corp"
title = "Corp"
issuer = "${issuer}"
client_id = "holdfast"
client_secret_env = "CORP_SECRET"
scopes = ["openid", "email", "profile", "groups", "offline_access"]
groups_claim = "groups"
people = "first-sign-in"
session_minutes = 5
[provider.refresh]
minutes = 1
parameters = { prompt = "consent" }
${mapping('backup-admins', 'administrator')}
${mapping('backup-operators', 'operator')}
${mapping('sales', 'viewer', `places = ["${ou.Id}"]`)}`,
  );
  const options = ['demo', '--headless', '--port', String(port), '--data-dir', folder];
  const env = { ...process.env, HOLDFAST_PROVIDERS_FILE: file, CORP_SECRET: 'a secret of the client' };
  portal = JSON.parse(await start(process.env.HOLDFAST_BINARY ?? '', options, env));
});

test.afterAll(async () => {
  for (const child of processes.reverse()) {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  }
  if (folder) rmSync(folder, { recursive: true, force: true });
});

async function throughProvider(page: Page, who: string) {
  await page.getByPlaceholder('Enter any login').fill(who);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  // Without it, no refresh token comes.
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** Somebody in a browser of their own, signed in by the provider. */
async function arrive(browser: Browser, who: string, javaScriptEnabled = true) {
  const context = await browser.newContext({ javaScriptEnabled, baseURL: portal.url });
  const page = await context.newPage();
  await page.goto('/account');
  await page.getByRole('link', { name: 'Sign in with Corp' }).click();
  await throughProvider(page, who);
  return page;
}

test('three people of different groups sign in with what their groups stand for', async ({ browser }) => {
  const ann = await arrive(browser, 'ann');
  await expect(ann).toHaveURL(`${portal.url}/account`);
  await expect(ann.getByText('administrator of everything')).toBeVisible();
  await expect(ann.getByText('Your password and factors are kept at Corp')).toBeVisible();
  const ben = await arrive(browser, 'ben', false);
  await expect(ben.getByText('operator of everything')).toBeVisible();
  await ben.goto('/team');
  await expect(ben.getByText('may not see the team')).toBeVisible();
  const cem = await arrive(browser, 'cem');
  await expect(cem.getByText(`viewer of ${ou.Name}`)).toBeVisible();
  await ann.goto('/team');
  await hydrated(ann);
  await expect(ann.getByText('group sales at corp')).toBeVisible();
  await expectAccessible(ann);
});

test('the sign-in page shows the provider above the local form', async ({ page }) => {
  await page.goto(`${portal.url}/sign-in`);
  await hydrated(page);
  await expect(page.getByRole('link', { name: 'Sign in with Corp' })).toBeVisible();
  await expectAccessible(page);
  await signIn(page, portal);
  await expect(page).toHaveURL(`${portal.url}/`);
});

test('a confirmation asks the provider anew, and nobody else confirms', async ({ browser }) => {
  const confirming = async (who: string) => {
    const ann = await arrive(browser, 'ann');
    await expect(ann).toHaveURL(`${portal.url}/account`);
    await ann.goto('/confirm?next=/team');
    await hydrated(ann);
    await expectAccessible(ann);
    await ann.getByRole('link', { name: 'Sign in again with Corp' }).click();
    await throughProvider(ann, who);
    return ann;
  };
  await expect(await confirming('ann')).toHaveURL(`${portal.url}/team`);
  // Where somebody else signs in, the provider signs Ann out, and Holdfast hears of it before or after the answer.
  await expect((await confirming('ben')).getByText(/That was somebody else|Not signed in/)).toBeVisible();
});

test('a person removed in the provider is out', async ({ browser, page }) => {
  const cem = await arrive(browser, 'cem', false);
  await expect(cem).toHaveURL(`${portal.url}/account`);
  const removed = await page.request.get(`${issuer}/_remove/cem`);
  expect(await removed.text()).toBe('removed');
  await cem.goto('/jobs');
  await expect(cem).toHaveURL(/sign-in/);
  await cem.getByRole('link', { name: 'Sign in with Corp' }).click();
  await expect(cem).not.toHaveURL(`${portal.url}/jobs`);
  await cem.goto(`${portal.url}/jobs`);
  await expect(cem).toHaveURL(/sign-in/);
});

test('changed groups count without signing in anew, and who is removed is out, after a refresh', async ({
  browser,
  page,
}) => {
  test.setTimeout(300_000);
  const dan = await arrive(browser, 'dan');
  await expect(dan.getByText('operator of everything')).toBeVisible();
  // Refreshed each minute.
  const after = { timeout: 120_000, intervals: [5_000] };
  expect(await (await page.request.get(`${issuer}/_move/dan`)).text()).toBe('move');
  await expect(async () => {
    await dan.goto('/account');
    await expect(dan.getByText(`viewer of ${ou.Name}`)).toBeVisible({ timeout: 2_000 });
  }).toPass(after);
  expect(await (await page.request.get(`${issuer}/_forget/dan`)).text()).toBe('forget');
  await expect(async () => {
    await dan.goto('/account');
    await expect(dan).toHaveURL(/sign-in/, { timeout: 2_000 });
  }).toPass(after);
  await expect(dan.getByText(/session has ended|Not signed in|Sign in/).first()).toBeVisible();
});

for (const javaScriptEnabled of [true, false]) {
  test(`a mapping is tried out ${javaScriptEnabled ? 'with' : 'without'} scripts`, async ({ browser }) => {
    const ann = await arrive(browser, 'ann', javaScriptEnabled);
    await ann.goto('/team');
    if (javaScriptEnabled) await hydrated(ann);
    await ann.getByRole('link', { name: 'Try a mapping' }).click();
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer, aud: 'holdfast', iat: now - 3600, exp: now - 60 * 30, sub: 'cem', email: 'cem@example.com' };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const body = part({ ...claims, email_verified: true, groups: ['sales', 'others'] });
    const token = `${part({ alg: 'RS256', kid: 'first' })}.${body}.${part({})}`;
    await ann.getByRole('textbox', { name: 'Token or claims' }).fill(token);
    await ann.getByRole('button', { name: 'Try it' }).click();
    await expect(ann.getByRole('row', { name: /Signature wrong/ })).toBeVisible();
    await expect(ann.getByRole('row', { name: /Issuer right/ })).toBeVisible();
    await expect(ann.getByRole('row', { name: /Audience right/ })).toBeVisible();
    await expect(ann.getByRole('row', { name: /Times too old/ })).toBeVisible();
    await expect(ann.getByRole('row', { name: `sales Viewer ${ou.Name}` })).toBeVisible();
    await expect(ann.getByRole('row', { name: /others nothing/ })).toBeVisible();
    expect(ann.url()).toBe(`${portal.url}/team/mapping`);
    expect(await ann.content()).not.toContain(body);
    if (!javaScriptEnabled) return;
    await hydrated(ann);
    await expectAccessible(ann);
    await ann.getByRole('textbox', { name: 'Token or claims' }).fill('nothing');
    await ann.getByRole('button', { name: 'Try it' }).click();
    await expect(ann.getByText('neither a token (JWT) nor a JSON object')).toBeVisible();
    await hydrated(ann);
    await expectAccessible(ann);
  });
}

test('signing out leads to the provider, and back', async ({ browser }) => {
  const ben = await arrive(browser, 'ben', false);
  await ben.getByRole('button', { name: 'Sign out' }).first().click();
  await ben.getByRole('button', { name: /yes, sign me out/i }).click();
  await expect(ben).toHaveURL(`${portal.url}/sign-in`);
});

test.describe('of rules', () => {
  // Whoever sets the rule falls under it: the page behind the dialog is not shown to them any more.
  test.use({ expectedErrors: [/403 .*server_fns\/team\/team/] });

  test('a second factor is asked for, local sign-in is switched off, and the break-glass account still signs in', async ({
    browser,
    page,
  }) => {
    await page.goto(`${portal.url}/sign-in`);
    await signIn(page, portal);
    await page.goto(`${portal.url}/team?do=second-factor`);
    await hydrated(page);
    await page.getByRole('combobox', { name: 'Second factor' }).selectOption({ label: 'Administrators' });
    await expectAccessible(page);
    // Whoever leaves before the answer takes the question along.
    const changed = page.waitForResponse((answer) => answer.url().includes('set_second_factor_rule'));
    await page.getByRole('dialog').getByRole('button', { name: 'Change' }).click();
    expect((await changed).status()).toBe(200);
    await page.goto(`${portal.url}/jobs`);
    await expect(page, 'who must have one is led to set it up').toHaveURL(`${portal.url}/account`);
    await hydrated(page);
    await expect(page.getByText('Set up a second factor first')).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Set up' }).click();
    const codes = page.getByRole('dialog', { name: 'Set up one-time codes' });
    const secret = await codes.locator('.command code').innerText();
    await codes.getByRole('textbox', { name: 'Code that the app shows now' }).fill(await codeOf(secret));
    await codes.getByRole('button', { name: 'Set up' }).click();
    const recovery = (await codes.locator('.code-block').innerText()).match(/[a-z0-9]{4}(-[a-z0-9]{4}){5}/)?.[0] ?? '';
    await page.goto(`${portal.url}/team`);
    await hydrated(page);
    await expect(page.getByText('asked of administrators')).toBeVisible();
    await page.getByRole('link', { name: 'Switch off local sign-in' }).click();
    await expectAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
    await expect(page.getByText('not used since')).toBeVisible();
    await expect(page.getByRole('row', { name: new RegExp(portal.email) })).toContainText('break-glass account');
    await expectAccessible(page);

    const theirs = await browser.newContext({ baseURL: portal.url });
    const other = await theirs.newPage();
    await other.goto('/sign-in');
    await hydrated(other);
    await expect(other.getByRole('link', { name: 'Sign in with Corp' })).toBeVisible();
    await expect(other.getByRole('textbox')).toHaveCount(0);
    await expectAccessible(other);
    await other.getByRole('link', { name: 'Use the break-glass account' }).click();
    await hydrated(other);
    await expectAccessible(other);
    await signIn(other, portal);
    await other.getByRole('textbox', { name: 'One-time code' }).fill(recovery);
    await other.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(other).toHaveURL('/');
    await other.goto('/audit');
    await expect(other.getByRole('cell', { name: 'Break-glass account used' })).toBeVisible();
    await other.goto('/team?do=local-on');
    await hydrated(other);
    await other.getByRole('dialog').getByRole('button', { name: 'Switch on' }).click();
    await expect(other.getByRole('link', { name: 'Switch off local sign-in' })).toBeVisible();
    await theirs.close();
  });
});
