import { expect, test } from '../fixtures';

test('an account that cannot be registered comes back with what was typed and the reason', async ({ page }) => {
  await page.goto('/settings?delegation=register');
  const dialog = page.getByRole('dialog', { name: 'Register a delegated administrator' });
  await dialog.getByRole('textbox', { name: 'Account id' }).fill('12345');
  await dialog.getByRole('button', { name: 'Register' }).click();
  await expect(dialog.getByRole('textbox', { name: 'Account id' })).toHaveValue('12345');
  await expect(dialog.getByRole('textbox', { name: 'Account id' })).toHaveAttribute('aria-invalid', 'true');
});

test('a delegation policy that somebody changed meanwhile comes back with both versions', async ({ page, context }) => {
  // Somebody else's view of the same page is open; whoever puts first makes the other's out of date.
  await page.goto('/settings?delegation=review');
  const review = page.getByRole('dialog', { name: 'Review delegation policy' });
  await expect(review.getByRole('button', { name: 'Put policy' })).toBeEnabled();
  const other = await context.newPage();
  await other.goto('/settings?delegation=review');
  await other.getByRole('dialog').getByRole('button', { name: 'Put policy' }).click();
  await expect(other.getByText('Manages backup policies').first()).toBeVisible();

  await review.getByRole('button', { name: 'Put policy' }).click();
  await expect(page).toHaveURL('/settings?delegation=review');
  await expect(review.getByRole('alert')).toBeVisible();
  await expect(review).toContainText('As it was shown');
  await expect(review).toContainText('In AWS now');
  await expect(review).toContainText('HoldfastReadOrganization');
  await expect(review).toContainText('Nothing was put.');
});
