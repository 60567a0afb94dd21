import { signIn, viewer } from '../administrator';
import { emptyHome, holdfast, shownCode } from '../command-line';
import { expect, expectAccessible, hydrated, test } from '../fixtures';

// Approving wants a fresh password; what is done here ends with the test's own sessions, not with those that others share.
test.use({ storageState: { cookies: [], origins: [] }, expectedErrors: [/status of 422 .*find_device/] });

test('holdfast login is approved with the code that it shows, jobs then answers, and logout ends it', async ({
  page,
  browser,
}) => {
  const home = emptyHome();
  const login = holdfast(home, 'login', '--for', 'read,sync', '--name', 'e2e laptop');
  await expect.poll(() => shownCode(login.said())).toHaveLength(9);
  const code = shownCode(login.said());

  await page.goto('/device');
  await signIn(page);
  await expect(page).toHaveURL('/device');
  await hydrated(page);
  await expectAccessible(page);
  const field = page.getByRole('textbox', { name: 'Code' });
  await field.fill('nonsense');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('Type the eight letters')).toBeVisible();
  await field.fill(code.toLowerCase());
  await page.getByRole('button', { name: 'Continue' }).click();
  const main = page.getByRole('main');
  await expect(main).toContainText('e2e laptop');
  for (const shown of ['127.0.0.1', 'read this organization', 'start a sync', 'everywhere that you may', '30 days']) {
    await expect(main).toContainText(shown);
  }
  await expectAccessible(page);
  const approval = page.url();

  // Somebody else neither sees nor decides it.
  const other = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const stranger = await other.newPage();
  await stranger.goto('/sign-in');
  await signIn(stranger, viewer);
  await stranger.goto(approval);
  await expect(stranger.getByRole('heading', { level: 1 })).toHaveText('Not found');
  await other.close();

  await page.getByRole('button', { name: 'Approve' }).click();
  await expect(page.getByText('Approved', { exact: true })).toBeVisible();
  await expectAccessible(page);
  const signedIn = await login.ended;
  expect(signedIn.status, signedIn.error).toBe(0);
  expect(signedIn.out).toContain('for read, sync');

  const jobs = await holdfast(home, 'jobs', '--state', 'failed', '--limit', '5', '--output', 'json').ended;
  expect(jobs.status, jobs.error).toBe(0);
  const rows = jobs.out.trim().split('\n').map((line) => JSON.parse(line));
  expect(rows).toHaveLength(5);
  expect(rows.every((row) => row.state === 'failed')).toBe(true);
  const audit = await holdfast(home, 'audit', 'list').ended;
  expect([audit.status, audit.error]).toEqual([1, expect.stringContaining('token')]);

  await page.goto('/account');
  await expect(page.getByRole('listitem').filter({ hasText: 'e2e laptop' })).toBeVisible();
  expect((await holdfast(home, 'logout').ended).out).toContain('revoked');
  await page.reload();
  await expect(page.getByRole('listitem').filter({ hasText: 'e2e laptop' })).toHaveCount(0);
  const after = await holdfast(home, 'jobs').ended;
  expect([after.status, after.error]).toEqual([2, expect.stringContaining('holdfast login')]);
});

test('a program that is refused gets nothing', async ({ page }) => {
  const login = holdfast(emptyHome(), 'login');
  await expect.poll(() => shownCode(login.said())).toHaveLength(9);
  await page.goto('/device');
  await signIn(page);
  await hydrated(page);
  await page.getByRole('textbox', { name: 'Code' }).fill(shownCode(login.said()));
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Refuse' }).click();
  await expect(page.getByText('The program gets no token')).toBeVisible();
  const refused = await login.ended;
  expect([refused.status, refused.error]).toEqual([1, expect.stringContaining('refused in the browser')]);
});
