import { expect, expectAccessible, hydrated, test } from '../fixtures';

test('a switch is turned off and on again, with its consequence spelled out, and the audit list has both', async ({ page }) => {
  await page.goto('/settings');
  await hydrated(page);
  await page.getByRole('link', { name: 'Turn off Cross-account backup' }).click();
  const dialog = page.getByRole('dialog', { name: /^Turn off cross-account backup/ });
  await expect(dialog).toContainText('Copies to vaults of other accounts fail from now on');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Turn off' }).click();
  await expect(page.getByRole('link', { name: 'Turn on Cross-account backup' })).toBeVisible();
  await page.getByRole('link', { name: 'Turn on Cross-account backup' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Turn on' }).click();
  await expect(page.getByRole('link', { name: 'Turn off Cross-account backup' })).toBeVisible();

  await page.goto('/audit?target=cross');
  const rows = page.getByRole('table', { name: 'Audit entries' }).getByRole('row');
  await expect(rows.nth(1)).toContainText('Setting turned on');
  await expect(rows.nth(2)).toContainText('Setting turned off');
  await expectAccessible(page);
});

test('what other things depend on is not turned off without typing the word, and shows what would be lost', async ({ page }) => {
  await page.goto('/settings?change=policy_type');
  await hydrated(page);
  const dialog = page.getByRole('dialog', { name: /^Turn off backup policy type/ });
  await expect(dialog).toContainText('attachments would be lost');
  const button = dialog.getByRole('button', { name: 'Turn off' });
  await expect(button).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'Type confirm to turn it off' }).fill('confirm');
  await expect(button).toBeEnabled();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL('/settings');
  await expect(page.getByRole('heading', { name: 'Backup policy type' })).toBeVisible();
});
