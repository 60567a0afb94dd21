import { signIn } from '../administrator';
import { emptyHome, holdfast, shownCode } from '../command-line';
import { expect, test } from '../fixtures';

test.use({ storageState: { cookies: [], origins: [] } });

test('a program is approved without scripts', async ({ page }) => {
  const login = holdfast(emptyHome(), 'login', '--name', 'plain laptop');
  await expect.poll(() => shownCode(login.said())).toHaveLength(9);
  await page.goto('/device');
  await signIn(page);
  const field = page.getByRole('textbox', { name: 'Code' });
  await field.fill('BBBB-BBBB');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('No program waits under this code')).toBeVisible();
  await field.fill(shownCode(login.said()));
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('main')).toContainText('plain laptop');
  await page.getByRole('button', { name: 'Approve' }).click();
  await expect(page.getByText('Approved', { exact: true })).toBeVisible();
  expect((await login.ended).status).toBe(0);
});
