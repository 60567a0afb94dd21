import { signIn } from '../administrator';
import { expect, test } from '../fixtures';

test.use({ storageState: { cookies: [], origins: [] } });

test('signing in works before and without WASM', async ({ page }) => {
  await page.goto('/jobs?state=failed');
  await signIn(page, { email: 'nobody@holdfast.example', password: 'not the password' });
  await expect(page.getByText('Not signed in')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Email' })).toHaveValue('nobody@holdfast.example');
  await signIn(page);
  await expect(page).toHaveURL('/jobs?state=failed');
});
