import { expect, expectAccessible, hydrated, test } from '../fixtures';

test('the tree opens by link and by key, and the address keeps what is open', async ({ page }) => {
  await page.goto('/organization');
  await hydrated(page);
  const tree = page.getByRole('treegrid', { name: 'Organization' });
  await page.getByRole('link', { name: 'Expand Workloads' }).click();
  await expect(page).toHaveURL(/open=ou-/);
  await expect(tree.getByRole('row', { expanded: true, name: /Workloads/ })).toBeVisible();
  const rows = await tree.getByRole('row').count();
  await page.reload();
  await expect(tree.getByRole('row')).toHaveCount(rows);
  await page.goBack();
  await expect(page).toHaveURL('/organization');
  await expectAccessible(page);
});

test('the tree is one tab stop, walked and opened by keyboard', async ({ page }) => {
  await page.goto('/organization');
  await hydrated(page);
  const tree = page.getByRole('treegrid', { name: 'Organization' });
  const root = tree.getByRole('row', { name: /Root/ });
  const workloads = tree.getByRole('row', { name: /Workloads/ });
  await expect(tree.locator('tbody tr[tabindex="0"]')).toHaveCount(1);
  await root.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  await expect(root).toBeFocused();
  // A click moves the stop, and the keys go on from there.
  await workloads.getByRole('gridcell').nth(2).click();
  await expect(workloads).toBeFocused();
  await expect(tree.locator('tbody tr[tabindex="0"]')).toHaveCount(1);
  await page.keyboard.press('ArrowRight');
  await expect(workloads).toHaveAttribute('aria-expanded', 'true');
  await expect(page).toHaveURL(/open=ou-/);
  await expect(workloads).toBeFocused();
  await page.keyboard.press('ArrowRight');
  const child = tree.locator('tbody tr:focus');
  await expect(child).toHaveAttribute('aria-level', '3');
  const name = await child.locator('[data-main]').innerText();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
});

test('a search shows matching accounts with the OUs above them', async ({ page }) => {
  await page.goto('/organization');
  await hydrated(page);
  await page.getByRole('searchbox', { name: /Search/ }).fill('pos-berlin');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page).toHaveURL(/q=pos-berlin/);
  const tree = page.getByRole('treegrid', { name: 'Organization' });
  await expect(tree.getByRole('row', { name: /pos-berlin/ })).toBeVisible();
  await expect(tree.getByRole('row', { name: /Root/ }).first()).toBeVisible();
  await page.goto('/organization?q=nothing-is-called-this');
  await expect(page.getByText('No matches')).toBeVisible();
});

test("an account's effective policy names who decided each value, and agrees with AWS", async ({ page }) => {
  await page.goto('/organization?q=retail-dev-13');
  await page.getByRole('link', { name: /^retail-dev-13/ }).click();
  await hydrated(page);
  await expect(page.getByRole('heading', { level: 1, name: 'retail-dev-13' })).toBeVisible();
  await expect(page.getByText('AWS answers the same')).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 'Decided by' }).first()).toBeVisible();
  await expect(page.getByText('baseline-daily').first()).toBeVisible();
  await expectAccessible(page);
});

test('an invalid effective policy is said, with AWS keeping the older one', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('link', { name: 'pos-berlin' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'pos-berlin' })).toBeVisible();
  await expect(page.getByText('CROSS_ATTRIBUTE_VALIDATION').or(page.getByText(/invalid/i)).first()).toBeVisible();
  await expectAccessible(page);
});

test("what AWS keeps stands beside ours, folded to what differs, and there is no third copy", async ({ page }) => {
  await page.goto('/');
  await page.getByRole('link', { name: 'pos-berlin' }).click();
  await hydrated(page);
  const both = page.getByRole('region', { name: 'Both effective policies, line by line' });
  await expect(both).toHaveCount(1);
  await expect(page.getByText('Effective document')).toHaveCount(0);
  await expect(page.locator('.code-block')).toHaveCount(0);
  await page.getByRole('link', { name: 'Compare both documents' }).click();
  await expect(both).toBeInViewport();
  await expect(both.locator('.compare-row:not([data-same])').first()).toBeInViewport();
  // Opened by key; what is open has as many lines as it says.
  const fold = both.locator('details').first();
  const count = Number((await fold.locator('summary').innerText()).match(/^(\d+) equal lines$/)![1]);
  await expect(fold.locator('.compare-row').first()).toBeHidden();
  await fold.locator('summary').focus();
  await page.keyboard.press('Enter');
  await expect(fold.locator('.compare-row:visible')).toHaveCount(count);
  await expectAccessible(page);
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 844 });
    const beyond = await both.evaluate((area) => area.scrollWidth - area.clientWidth);
    expect(beyond, `pixels beyond the edge at ${width}`).toBeLessThanOrEqual(0);
  }
  await expectAccessible(page);
});

test('an area that scrolls says at its edge whether more is behind it', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('link', { name: 'pos-berlin' }).click();
  await hydrated(page);
  const both = page.getByRole('region', { name: 'Both effective policies, line by line' });
  const shadows = () =>
    both.evaluate((area) => ['::before', '::after'].map((edge) => Number(getComputedStyle(area, edge).opacity)));
  await expect(both).toBeVisible();
  for (const fold of await both.locator('summary').all()) await fold.click();
  await both.evaluate((area) => area.scrollTo(0, 0));
  await expect.poll(shadows).toEqual([0, 1]);
  await both.evaluate((area) => area.scrollTo(0, 100));
  await expect.poll(shadows).toEqual([1, 1]);
  await both.evaluate((area) => area.scrollTo(0, area.scrollHeight));
  await expect.poll(shadows).toEqual([1, 0]);
  // Folded and as high as it is, nothing is behind its edges.
  for (const fold of await both.locator('summary').all()) await fold.click();
  await both.evaluate((area) => (area.style.maxHeight = 'none'));
  await expect.poll(shadows).toEqual([0, 0]);
});

test('a figure of the overview leads to what it counts', async ({ page }) => {
  await page.goto('/');
  const figure = page.getByRole('link', { name: /Accounts without a plan/ });
  const count = (await figure.innerText()).match(/\n([\d,]+)\n/)?.[1];
  await figure.click();
  await expect(page).toHaveURL('/organization?only=without-plan');
  await expect(page.getByRole('status').filter({ hasText: `${count} match` })).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Show' })).toHaveValue('without-plan');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Clear filter' }).click();
  await expect(page).toHaveURL('/organization');
});

test('a cause of failures leads to the jobs that failed so', async ({ page }) => {
  await page.goto('/');
  const row = page.getByRole('table', { name: /Most frequent causes/ }).getByRole('row').nth(1);
  const jobs = Number((await row.getByRole('cell').nth(1).innerText()).replace(',', ''));
  const cause = row.getByRole('link');
  const words = await cause.innerText();
  await cause.click();
  await expect(page).toHaveURL(/cause=/);
  const heading = page.getByRole('heading', { level: 1, name: /Jobs/ });
  await expect(heading).toContainText(/\([\d,]+\)/);
  // New ones may have come since.
  const found = Number((await heading.innerText()).match(/\(([\d,]+)\)/)![1].replace(',', ''));
  expect(found).toBeGreaterThanOrEqual(jobs);
  await expect(page.getByText(words).first()).toBeVisible();
});

test.describe('wrong ids', () => {
  // The browser notes the answer of 404 in its console.
  test.use({ expectedErrors: [/status of 404/] });

  test('a wrong id is a page that says so', async ({ page }) => {
    for (const path of ['/organization/999999999999', '/organization/etc', '/policies/p-nothere1', '/jobs/backup/none']) {
      const answer = await page.goto(path);
      expect(answer?.status(), path).toBe(404);
      await expect(page.getByRole('heading', { level: 1, name: 'Not found' })).toBeVisible();
    }
    await expectAccessible(page);
  });
});

test('the search in the top bar jumps anywhere', async ({ page }) => {
  await page.goto('/audit');
  await hydrated(page);
  await page.keyboard.press('Control+k');
  const jump = page.getByRole('combobox', { name: /Jump/ });
  await expect(jump).toBeFocused();
  await jump.fill('production-critical');
  await page.getByRole('option', { name: /production-critical/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'production-critical' })).toBeVisible();
});
