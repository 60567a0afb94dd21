import { expect, test } from '../fixtures';

const unique = (what: string) => `${what} ${Date.now().toString(36)}`;

test('a policy is created, changed, attached, detached and deleted without JavaScript', async ({ page }) => {
  const name = unique('Plain');
  await page.goto('/policies/new');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await page.getByRole('button', { name: 'Create policy' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  const path = new URL(page.url()).pathname;

  const json = page.getByRole('textbox', { name: 'Policy document as JSON' });
  await json.fill((await json.inputValue()).replace('"Default"', '"Main"'));
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.goto(path);
  await expect(json).toHaveValue(/"Main"/);
  expect(await json.inputValue()).not.toContain('\r');

  await page.getByRole('link', { name: 'Attach' }).click();
  await page.getByRole('link', { name: /^Open / }).first().click();
  await expect(page).toHaveURL(/open=/);
  await page.getByRole('treeitem', { name: /^OU .*, [0-8] of 10 policies$/ }).first().getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Attach' }).click();
  await page.goto(`${path}?tab=targets`);
  await expect(page.getByText(/^Attached to /)).toBeVisible();

  await page.getByRole('checkbox', { name: /^Select / }).check();
  await page.getByRole('button', { name: 'Detach' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Detach' }).click();
  await expect(page.getByText('Not attached to any target').first()).toBeVisible();

  await page.goto(`${path}?ask=delete`);
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page).toHaveURL('/policies');
  await expect(page.getByRole('link', { name, exact: true })).toHaveCount(0);
});

test('a refused form says what is wrong and how to get back what was typed', async ({ page }) => {
  await page.goto('/policies/new');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(unique('Refused'));
  await page.getByRole('textbox', { name: 'Policy document as JSON' }).fill('{ "plans": 4 }');
  await page.getByRole('button', { name: 'Create policy' }).click();
  await expect(page.getByRole('alert')).toContainText('The policy document is refused');
  await expect(page.getByText(/^Line 1, plans: .* object/)).toBeVisible();
  await expect(page.locator('noscript p').filter({ visible: true })).not.toHaveCount(0);
});
