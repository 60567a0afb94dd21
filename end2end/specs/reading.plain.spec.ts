import { expect, test } from '../fixtures';

test('the tree opens and is searched without JavaScript', async ({ page }) => {
  await page.goto('/organization');
  await page.getByRole('link', { name: 'Expand Workloads' }).click();
  await expect(page).toHaveURL(/open=ou-/);
  await page.getByRole('searchbox', { name: /Search/ }).fill('berlin');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByRole('row', { name: /pos-berlin/ })).toBeVisible();
});

test("ours and AWS's documents are compared, and equal lines unfolded, without JavaScript", async ({ page }) => {
  await page.goto('/organization?q=pos-berlin');
  await page.getByRole('link', { name: /^pos-berlin/ }).click();
  const both = page.getByRole('region', { name: 'Both effective policies, line by line' });
  await expect(both.locator('.compare-row:not([data-same])').first()).toBeVisible();
  const fold = both.locator('details').first();
  await expect(fold.locator('.compare-row').first()).toBeHidden();
  await fold.locator('summary').click();
  await expect(fold.locator('.compare-row').first()).toBeVisible();
});

test('jobs are filtered and paged without JavaScript', async ({ page }) => {
  await page.goto('/jobs');
  await page.getByText('Filter jobs').click();
  await page.getByRole('checkbox', { name: 'Failed' }).check();
  await page.getByRole('button', { name: 'Show jobs' }).click();
  await expect(page).toHaveURL(/state=failed/);
  await expect(page.getByRole('table', { name: 'Jobs' }).getByRole('row').nth(1)).toContainText('Failed');
  await page.getByRole('link', { name: 'Next' }).click();
  await expect(page).toHaveURL(/cursor=/);
});

test('policies, settings and the audit list are read without JavaScript', async ({ page }) => {
  await page.goto('/policies?q=critical');
  await page.getByRole('link', { name: 'production-critical' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'production-critical' })).toBeVisible();
  await page.goto('/settings');
  await expect(page.getByText('Trusted access for AWS Backup').first()).toBeVisible();
  await page.goto('/audit?action=sign_in');
  await expect(page.getByRole('table', { name: 'Audit entries' })).toContainText('Signed in');
});
