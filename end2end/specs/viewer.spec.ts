import { signIn, viewer } from '../administrator';
import { expect, expectAccessible, hydrated, test } from '../fixtures';

test.use({
  storageState: { cookies: [], origins: [] },
  // The browser notes every answer of 403 in its console.
  expectedErrors: [/status of 403/],
});

test.beforeEach(async ({ page }) => {
  await page.goto('/sign-in?next=/policies');
  await signIn(page, viewer);
  await expect(page).toHaveURL('/policies');
});

test('a viewer sees why attaching is not theirs, and the server refuses it too', async ({ page }) => {
  await page.getByRole('link', { name: 'production-critical' }).click();
  const policy = new URL(page.url()).pathname;
  const why = 'Your role, viewer, may not attach or detach policies. It needs policy author.';
  await page.goto(`${policy}/attach`);
  await hydrated(page);
  const dialog = page.getByRole('dialog', { name: /^Attach/ });
  await dialog.getByRole('treeitem', { name: /^OU .*, [0-8] of 10 policies$/ }).first().click();
  const button = dialog.getByRole('button', { name: 'Attach to 1 target' });
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  await expect(button).toHaveAccessibleDescription(why);
  await expectAccessible(page);

  const url = (await page.locator('#attach-form').getAttribute('action')) ?? '';
  const form = { id: policy.split('/').pop() ?? '', 'targets[0]': '999999999999' };
  const answer = await page.request.post(url, { form, headers: { origin: new URL(page.url()).origin } });
  expect(answer.status()).toBe(403);
  expect(await answer.text()).toContain(why);
});

test('a viewer sees why settings are not theirs to change, and the server refuses it too', async ({ page }) => {
  const why = 'Your role, viewer, may not change organization settings. It needs administrator.';
  await page.goto('/settings');
  await hydrated(page);
  const link = page.getByRole('link', { name: 'Turn off Cross-account backup' });
  await expect(link).toHaveAttribute('aria-disabled', 'true');
  await expect(link).toHaveAccessibleDescription(why);
  await page.goto('/settings?change=cross_account_backup');
  await hydrated(page);
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Turn off' })).toHaveAccessibleDescription(why);
  await expectAccessible(page);

  const url = (await page.locator('#change-setting').getAttribute('action')) ?? '';
  const form = { setting: 'cross_account_backup', turn: 'off' };
  const answer = await page.request.post(url, { form, headers: { origin: new URL(page.url()).origin } });
  expect(answer.status()).toBe(403);
  expect(await answer.text()).toContain(why);
  await page.goto('/settings');
  await expect(link).toBeVisible();
});

test('a viewer reads changes, but not the audit list', async ({ page }) => {
  await page.goto('/changes');
  await expect(page.getByRole('table', { name: /^Changes/ })).toBeVisible();
  await page.goto('/audit');
  await expect(page.getByRole('main')).toContainText('Your role, viewer, may not read the audit list. It needs auditor.');
});
