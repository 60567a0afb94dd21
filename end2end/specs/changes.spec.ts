import type { APIRequestContext, Page } from '@playwright/test';
import { expect, expectAccessible, hydrated, test } from '../fixtures';
import { accountIds, createPolicy, unique } from '../policies';

const faults = `${process.env.HOLDFAST_AWS}/_control/faults`;

/** Keeps AWS from taking attachments until what is answered is called: each is asked to slow down, and tried again. */
async function hold(request: APIRequestContext) {
  const answer = await request.post(faults, { data: { kind: 'throttle', operation: 'AttachPolicy' } });
  const { number } = await answer.json();
  return () => request.delete(`${faults}/${number}`);
}

/** Asks in the dialog to attach a policy to these targets. */
async function attach(page: Page, policy: string, ids: string[]) {
  await page.goto(`${policy}/attach`);
  await hydrated(page);
  await page.getByText('Choose by a list of ids').click();
  await page.getByRole('textbox', { name: 'Ids' }).fill(ids.join('\n'));
  await page.getByRole('button', { name: `Attach to ${ids.length} targets` }).click();
}

const steps = (page: Page) => page.getByRole('list', { name: 'Steps' }).getByRole('listitem');

/** Checks the page in both themes, wide and narrow. */
async function expectFits(page: Page, picture: string) {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await expectAccessible(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, `pixels beyond the right edge of ${picture}`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

test('attaching to many targets goes on while nobody looks, and its page says where it stands', async ({ page, request }) => {
  const ids = await accountIds(page, 7);
  const name = unique('Many');
  const policy = await createPolicy(page, name);
  const release = await hold(request);
  let change = '';
  try {
    await attach(page, policy, ids);
    const dialog = page.getByRole('dialog', { name: `Attach “${name}”` });
    await expect(dialog.getByText('0 of 7 targets')).toBeVisible();
    await expect(dialog.getByRole('progressbar')).toBeVisible();
    await expect(steps(page)).toHaveCount(7);
    const link = dialog.getByRole('link', { name: /^Change \d+$/ });
    change = (await link.getAttribute('href')) ?? '';
    await page.goto('/changes');
    const row = page.getByRole('table', { name: /^Changes/ }).getByRole('row', { name: `Attach “${name}”` });
    await expect(row).toContainText('Running');
    await row.getByRole('link').click();
    await expect(page).toHaveURL(change);
    await expect(page.getByRole('heading', { level: 1, name: `Attach “${name}” to 7 targets` })).toBeVisible();
    await expect(page.getByText('0 of 7 steps')).toBeVisible();
  } finally {
    await release();
  }
  await expect(steps(page).filter({ hasText: 'Done' })).toHaveCount(7, { timeout: 120_000 });
  for (const id of ids) await expect(steps(page).filter({ hasText: id })).toContainText('Done');
  await expect(page.getByRole('progressbar')).toBeHidden();
  await expectFits(page, change);
  await page.reload();
  await expect(page.getByRole('main')).toContainText('Done');
  await page.goto(`${policy}?tab=targets`);
  await expect(page.getByText(/^Attached to .* and 6 more targets/)).toBeVisible();
});

test('a change that is not done in full says of which target, and why', async ({ page }) => {
  const ids = [...(await accountIds(page, 1)), '999999999999'];
  const policy = await createPolicy(page, unique('Partly'));
  await attach(page, policy, ids);
  const results = page.getByRole('dialog').getByRole('listitem');
  await expect(results.filter({ hasText: ids[0] })).toContainText('Attached');
  await expect(results.filter({ hasText: '999999999999' })).toContainText('Not attached');
  await expect(page.getByRole('button', { name: 'Try 1 target again' })).toBeVisible();
  await expectFits(page, 'the dialog');

  await page.goto('/changes');
  await page.getByRole('table', { name: /^Changes/ }).getByRole('link', { name: /Partly/ }).first().click();
  await expect(page.getByText('Not all of it is done')).toBeVisible();
  await expect(steps(page).filter({ hasText: '999999999999' })).toContainText('Not done');
  await expectFits(page, 'a change that was stopped');
});

test('the audit list has each attachment with its target, where it was asked from, and its change', async ({ page }) => {
  const [id] = await accountIds(page, 1);
  const name = unique('Audited');
  const policy = await createPolicy(page, name);
  await page.goto(`${policy}/attach`);
  await hydrated(page);
  await page.getByText('Choose by a list of ids').click();
  await page.getByRole('textbox', { name: 'Ids' }).fill(id);
  await page.getByRole('button', { name: 'Attach to 1 target' }).click();
  await page.getByRole('link', { name: 'Show targets' }).click();

  await page.goto(`/audit?action=policy_attached&target=${encodeURIComponent(name)}`);
  const row = page.getByRole('table', { name: 'Audit entries' }).getByRole('row').nth(1);
  await expect(row).toContainText('Policy attached');
  await expect(row).toContainText('127.0.0.1');
  await expect(row.getByRole('link', { name, exact: true })).toHaveAttribute('href', policy);
  await expect(row.getByRole('link', { name: /^at / })).toHaveAttribute('href', `/organization/${id}`);
  await row.getByRole('link', { name: /^Change \d+$/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: `Attach “${name}” to 1 target` })).toBeVisible();
  await expect(steps(page).filter({ hasText: id })).toContainText('Done');
});

test.describe('a change that is not there', () => {
  // The browser notes the answer of 404 in its console.
  test.use({ expectedErrors: [/status of 404/] });

  test('a number that no change has is said to be none', async ({ page }) => {
    for (const path of ['/changes/999999', '/changes/none']) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toContainText(/not found|no such/i);
    }
  });
});
