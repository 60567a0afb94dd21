import { expect, test } from '../fixtures';
import { accountIds, createPolicy, unique } from '../policies';

test('attaching to many targets leads to the change, which is looked at again until it is done', async ({ page }) => {
  const ids = await accountIds(page, 7);
  const name = unique('Plain many');
  const policy = await createPolicy(page, name);
  await page.goto(`${policy}/attach`);
  await page.getByText('Choose by a list of ids').click();
  await page.getByRole('textbox', { name: 'Ids' }).fill(ids.join('\n'));
  await page.getByRole('button', { name: 'Attach' }).click();
  await expect(page).toHaveURL(/\/changes\/\d+$/);
  await expect(page.getByRole('heading', { level: 1, name: `Attach “${name}” to 7 targets` })).toBeVisible();
  const steps = page.getByRole('list', { name: 'Steps' }).getByRole('listitem');
  await expect(async () => {
    await page.getByRole('link', { name: 'Look again' }).click();
    for (const id of ids) await expect(steps.filter({ hasText: id })).toContainText('Done', { timeout: 1_000 });
  }).toPass({ timeout: 120_000 });
});

test('what is not attached is named with its reason on the page of the change', async ({ page }) => {
  const [id] = await accountIds(page, 1);
  const policy = await createPolicy(page, unique('Plain partly'));
  await page.goto(`${policy}/attach`);
  await page.getByText('Choose by a list of ids').click();
  await page.getByRole('textbox', { name: 'Ids' }).fill(`${id} 999999999999`);
  await page.getByRole('button', { name: 'Attach' }).click();
  await expect(page).toHaveURL(/\/changes\/\d+$/);
  await expect(page.getByText('Not all of it is done')).toBeVisible();
  const steps = page.getByRole('list', { name: 'Steps' }).getByRole('listitem');
  await expect(steps.filter({ hasText: id })).toContainText('Done');
  await expect(steps.filter({ hasText: '999999999999' })).toContainText('Not done');
});
