import type { Page } from '@playwright/test';
import { expect, expectAccessible, hydrated, test } from '../fixtures';

// Making a token wants a fresh password; what is made here ends with the test's own sessions, not with those that others share.
test.use({ anew: true, storageState: { cookies: [], origins: [] } });

/** The token that a dialog shows once. */
const shownToken = async (page: Page) =>
  (await page.getByRole('dialog').getByText(/^hf_[0-9a-f]{56}$/).innerText()).trim();

test('a token reads through the API what it was made for, nothing else, and is nothing once it is revoked', async ({
  page,
  playwright,
  baseURL,
}) => {
  const name = `report ${Date.now()}`;
  await page.goto('/account');
  await hydrated(page);
  await page.getByRole('button', { name: 'New token' }).click();
  const dialog = page.getByRole('dialog', { name: 'New token' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await expect(dialog.getByRole('checkbox', { name: 'Read this organization' })).toBeChecked();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Make token' }).click();
  const token = await shownToken(page);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Close' }).first().click();

  const api = await playwright.request.newContext({
    baseURL,
    extraHTTPHeaders: { Authorization: `Bearer ${token}` },
  });
  const jobs = await api.get('/api/v1/jobs?state=failed');
  expect(jobs.status()).toBe(200);
  expect((await jobs.json()).items.length).toBeGreaterThan(0);
  expect((await api.get('/api/v1/audit')).status()).toBe(403);
  expect((await api.post('/api/v1/sync', { data: {} })).status()).toBe(403);
  const page_ = await api.get('/policies', { headers: { Accept: 'text/html' } });
  expect(page_.url()).toContain('/sign-in');

  await page.goto('/account');
  const row = page.getByRole('listitem').filter({ hasText: name });
  await expect(row).not.toContainText('never');
  await expectAccessible(page);
  await row.getByRole('button', { name: `Revoke ${name}` }).click();
  await expect(row).toHaveCount(0);
  expect((await api.get('/api/v1/jobs')).status()).toBe(401);
  await page.goto('/audit?action=token_ended');
  await expect(page.getByRole('main')).toContainText(name);
  await api.dispose();
});

test('a service account in a part of the organization has tokens that administrators make', async ({
  page,
  playwright,
  baseURL,
}) => {
  const name = `robot-${Date.now()}`;
  await page.goto('/team?do=service');
  await hydrated(page);
  const dialog = page.getByRole('dialog', { name: 'New service account' });
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await dialog.getByRole('button', { name: 'A part' }).click();
  await dialog.getByRole('textbox', { name: 'Find by name' }).fill('Sandbox');
  await dialog.getByRole('button', { name: /^Add Sandbox/ }).click();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Make service account' }).click();
  const row = page.getByRole('row', { name: new RegExp(name) });
  await expect(row).toContainText('service account');
  await row.getByText('Change', { exact: true }).click();
  await row.getByRole('link', { name: 'Tokens' }).click();
  await expect(page.getByRole('dialog')).toContainText('No tokens');
  await expectAccessible(page);
  await page.getByRole('dialog').getByRole('link', { name: 'New token' }).click();
  const making = page.getByRole('dialog', { name: `New token for ${name}` });
  await making.getByRole('textbox', { name: 'Name' }).fill('nightly');
  await making.getByRole('button', { name: 'Make token' }).click();
  const token = await shownToken(page);
  const api = await playwright.request.newContext({
    baseURL,
    extraHTTPHeaders: { Authorization: `Bearer ${token}` },
  });
  const accounts = await (await api.get('/api/v1/targets?kind=account')).json();
  expect(accounts.total.count).toBe(15);
  expect((await (await api.get('/api/v1/me')).json()).owner).toBe(`service:${name}`);
  await making.getByRole('button', { name: 'Close' }).first().click();
  await expect(page.getByRole('dialog')).toContainText('nightly');
  await api.dispose();
});
