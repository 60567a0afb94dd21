import { expect, hydrated, test } from '../fixtures';

// A quarter of an hour shows that minutes count too.
test.use({ timezoneId: 'Asia/Kathmandu' });

test('times are in UTC until the time zone of the browser is chosen, and stay so on the next page', async ({ page }) => {
  await page.goto('/audit');
  await hydrated(page);
  const first = page.getByRole('table').locator('tbody time').first();
  await expect(first).toHaveText(/ UTC$/);
  const exact = await first.getAttribute('title');

  await page.goto('/account');
  await hydrated(page);
  const zones = page.getByRole('main').getByRole('group', { name: 'Time zone' });
  await zones.getByRole('button', { name: 'This browser’s' }).click();
  await page.goto('/audit');
  await hydrated(page);
  await expect(first).toHaveText(/ UTC\+5:45$/);
  await expect(first).toHaveAttribute('title', / UTC$/);
  await page.goto('/jobs');
  await hydrated(page);
  await expect(page.getByRole('table').locator('tbody time .sub').first()).toHaveText(/ UTC\+5:45/);

  await page.goto('/account');
  await hydrated(page);
  await zones.getByRole('button', { name: 'UTC' }).click();
  await page.goto('/audit');
  await hydrated(page);
  await expect(first).toHaveText(/ UTC$/);
  expect(exact).toMatch(/ UTC$/);
});
