import { expect, expectAccessible, hydrated, test } from '../fixtures';

test('the filter is the address, by form, by state and by token', async ({ page }) => {
  await page.goto('/jobs');
  await hydrated(page);
  await page.getByText('Filter jobs').click();
  await page.getByRole('checkbox', { name: 'eu-west-1' }).check();
  await page.getByRole('combobox', { name: 'Made by a backup policy' }).selectOption('yes');
  await page.getByRole('textbox', { name: 'Created since' }).fill('7d');
  await page.getByRole('button', { name: 'Show jobs' }).click();
  await expect(page).toHaveURL(/region=eu-west-1/);
  await expect(page.getByRole('list', { name: 'Filters' })).toContainText('7 days ago');

  await page.getByRole('navigation', { name: 'Jobs by state' }).getByRole('link', { name: /^Failed/ }).click();
  await expect(page).toHaveURL(/state=failed/);
  const states = page.getByRole('table', { name: 'Jobs' }).getByRole('row');
  await expect(states.nth(1)).toContainText('Failed');

  await page.getByRole('link', { name: /Remove filter: Region/ }).click();
  await expect(page).not.toHaveURL(/region=/);
  await expect(page).toHaveURL(/state=failed/);
  await page.getByRole('link', { name: 'Clear filters' }).click();
  await expect(page).toHaveURL('/jobs');
  await expectAccessible(page);
});

test('pages follow each other by cursor, there and back', async ({ page }) => {
  await page.goto('/jobs?size=25');
  await hydrated(page);
  const first = page.getByRole('table', { name: 'Jobs' }).getByRole('row').nth(1);
  const before = await first.innerText();
  await page.getByRole('link', { name: 'Next' }).click();
  await expect(page).toHaveURL(/cursor=/);
  await expect(first).not.toHaveText(before);
  await page.goBack();
  await expect.poll(() => first.innerText()).toBe(before);
});

test('a job has a page with its account, plan and times', async ({ page }) => {
  await page.goto('/jobs?kind=copy&state=failed');
  await hydrated(page);
  await page.getByRole('link', { name: /^Copy job/ }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: /^Copy job/ })).toBeVisible();
  await expect(page.getByText('Copied from vault')).toBeVisible();
  await expectAccessible(page);
});

test('a filter that leaves nothing says so and can be cleared', async ({ page }) => {
  await page.goto('/jobs?q=nothing-is-called-this');
  await expect(page.getByText('No matches')).toBeVisible();
  await page.getByRole('link', { name: 'Clear filter', exact: true }).click();
  await expect(page).toHaveURL('/jobs');
});

test.describe('wrong values', () => {
  // The browser notes the answer of 422 in its console.
  test.use({ expectedErrors: [/status of 422/] });

  test('a wrong value in the address is told apart from no jobs', async ({ page }) => {
    await page.goto('/jobs?account=12&state=failed');
    await expect(page.getByRole('alert')).toContainText('twelve digits');
  });
});
