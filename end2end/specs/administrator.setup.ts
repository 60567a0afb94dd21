import { administratorState, invite, join, signIn, viewer } from '../administrator';
import { expect, test as setup } from '../fixtures';

setup('the first administrator signs in, and waits for the first import', async ({ page }) => {
  setup.setTimeout(300_000);
  await page.goto('/sign-in');
  await signIn(page);
  await expect(page).not.toHaveURL(/sign-in/);
  await page.context().storageState({ path: administratorState });
  await expect(async () => {
    await page.goto('/');
    await expect(page.getByText(/^Synced/)).toBeVisible({ timeout: 1_000 });
    await expect(page.getByRole('heading', { name: 'Jobs per day' })).toBeVisible({ timeout: 1_000 });
    await expect(page.getByText('No jobs yet')).toBeHidden({ timeout: 1_000 });
  }).toPass({ timeout: 280_000, intervals: [3_000] });
});

setup('somebody who may look and nothing else is invited and joins', async ({ page, browser }) => {
  await page.goto('/sign-in');
  await signIn(page);
  await expect(page).not.toHaveURL(/sign-in/);
  const link = await invite(page, viewer.email, 'Demo viewer', 'Viewer');
  const theirs = await browser.newContext();
  await join(await theirs.newPage(), link);
  await theirs.close();
});
