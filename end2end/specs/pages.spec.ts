import { areasWithoutSign, expect, expectAccessible, hydrated, test } from '../fixtures';

/** Every page for reading; those with a name are also pictures of the README. */
const pages: { path: string; heading: RegExp; picture?: string }[] = [
  { path: '/', heading: /^Overview/, picture: 'overview' },
  { path: '/organization', heading: /^Organization/, picture: 'organization' },
  { path: '/policies', heading: /^Policies/ },
  { path: '/policies/new', heading: /^Create policy/, picture: 'policy' },
  { path: '/jobs?from=7d', heading: /^Jobs/, picture: 'jobs' },
  { path: '/changes', heading: /^Changes/ },
  { path: '/settings', heading: /^Settings/ },
  { path: '/settings/permissions', heading: /^Permissions/ },
  { path: '/team', heading: /^Team/ },
  { path: '/account', heading: 'Account' },
  { path: '/device', heading: 'A program asks for a token' },
  { path: '/audit', heading: /^Audit/ },
  { path: '/audit?view=outside', heading: /^Audit/ },
];

for (const { path, heading, picture } of pages) {
  test(`${path} says that it is simulated, is accessible in both themes, and fits 390 pixels`, async ({ page }) => {
    await page.goto(path);
    await hydrated(page);
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
    await expect(page.getByText('This organization is simulated')).toBeVisible();
    await expect(page.getByRole('main')).not.toContainText('undefined');
    await expectAccessible(page);
    expect(await areasWithoutSign(page), 'areas cut without a sign').toEqual([]);
    for (const colorScheme of picture ? (['light', 'dark'] as const) : []) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `artifacts/${picture}.${colorScheme}.png` });
    }
    await page.setViewportSize({ width: 390, height: 844 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, 'pixels beyond the right edge').toBeLessThanOrEqual(0);
    expect(await areasWithoutSign(page), 'areas cut without a sign').toEqual([]);
    await expectAccessible(page);
  });
}

test("an account's page is a picture too", async ({ page }) => {
  await page.goto('/organization?q=retail-dev-13');
  await page.getByRole('link', { name: /^retail-dev-13/ }).click();
  await hydrated(page);
  await expect(page.getByText('AWS answers the same')).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `artifacts/effective.${colorScheme}.png` });
  }
});
