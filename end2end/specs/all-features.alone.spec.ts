import { signIn } from '../administrator';
import { expect, expectAccessible, hydrated, test } from '../fixtures';

const control = (path: string) => `${process.env.HOLDFAST_AWS}/_control/${path}`;

// It takes policies and trusted access from the organization, so it runs after everything else.
test('an organization with consolidated billing is led to all features', async ({ page, request }) => {
  await request.put(control('features'), { data: { FeatureSet: 'CONSOLIDATED_BILLING' } });
  await page.goto('/sign-in?next=/settings');
  await signIn(page);
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  await page.goto('/settings');
  await hydrated(page);
  await expect(page.getByRole('link', { name: 'Turn on Trusted access for AWS Backup' })).toHaveAttribute('aria-disabled', 'true');
  await expect(page.getByRole('link', { name: 'Finalize' })).toHaveAttribute('aria-disabled', 'true');

  const ask = async () => {
    await page.getByRole('link', { name: 'Ask the accounts' }).click();
    const dialog = page.getByRole('dialog', { name: /^Ask the invited accounts/ });
    await expect(dialog).toContainText('The request is open for 90 days');
    await dialog.getByRole('button', { name: 'Ask the accounts' }).click();
    await expect(page.getByText(/\d+ of \d+ invited accounts approved/)).toBeVisible();
  };
  await ask();
  await expect(page.getByText(/^Requested on .*, open until /)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Cancel request' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel request' }).click();
  await expect(page.getByText('was cancelled. Ask again to go on.')).toBeVisible();

  await ask();
  // Within a minute of the simulator's time all have approved.
  await request.put(control('clock'), { data: { offset: 61 } });
  await page.getByRole('button', { name: 'Check again' }).click();
  await expect(page.getByRole('link', { name: 'Finalize' })).not.toHaveAttribute('aria-disabled', 'true');
  await page.getByRole('link', { name: 'Finalize' }).click();
  const dialog = page.getByRole('dialog', { name: 'Enable all features for good' });
  await expect(dialog).toContainText('It cannot be undone');
  await expect(dialog.getByRole('button', { name: 'Finalize' })).toBeDisabled();
  await dialog.getByRole('textbox', { name: /^Type confirm/ }).fill('confirm');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Finalize' }).click();
  await expect(page.getByRole('heading', { name: 'Enable all features' })).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Turn on Trusted access for AWS Backup' })).not.toHaveAttribute('aria-disabled', 'true');

  await page.getByRole('link', { name: 'Create Service-linked role of AWS Backup' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
  await expect(page.getByText(/^Present since/)).toBeVisible();
});
