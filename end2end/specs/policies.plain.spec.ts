import { expect, test } from '../fixtures';

// What is dangerous asks for a fresh password.
test.use({ anew: true });

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

test('a refused policy comes back with what was typed and what is wrong, from either editor', async ({ page }) => {
  const json = page.getByRole('textbox', { name: 'Policy document as JSON' });
  const name = page.getByRole('textbox', { name: 'Name', exact: true });
  const wrong = '{\n  "plans": 4\n}';
  for (const place of ['/policies/new', '/policies/new?tab=json']) {
    const typed = unique('Refused');
    await page.goto(place);
    const right = await json.inputValue();
    await name.fill(typed);
    await json.fill(wrong);
    await page.getByRole('button', { name: 'Create policy' }).click();
    await expect(page).toHaveURL(place);
    await expect(page.getByRole('alert')).toContainText('The policy document is refused');
    await expect(name).toHaveValue(typed);
    await expect(json).toHaveValue(wrong);
    await expect(page.getByRole('button', { name: /^Go to line 2: / }).first()).toBeVisible();

    await json.fill(right);
    await page.getByRole('button', { name: 'Create policy' }).click();
    await expect(page.getByRole('heading', { level: 1, name: typed })).toBeVisible();
    const path = new URL(page.url()).pathname;

    await page.goto(path);
    await json.fill(wrong);
    await name.fill(`${typed} changed`);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await expect(page).toHaveURL(path);
    await expect(page.getByRole('alert')).toContainText('The policy document is refused');
    await expect(name).toHaveValue(`${typed} changed`);
    await expect(json).toHaveValue(wrong);
    await json.fill(`${right} `);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.goto(path);
    await expect(name).toHaveValue(`${typed} changed`);
    await expect(json).toHaveValue(`${right} `);
  }
});

test.describe('a form that is too large', () => {
  test.use({ expectedErrors: [/status of 413/] });

  test('comes back with what was typed and how large it may be', async ({ page }) => {
    await page.goto('/policies/new');
    const json = page.getByRole('textbox', { name: 'Policy document as JSON' });
    const [name, right] = [unique('Large'), await json.inputValue()];
    const large = 'x'.repeat(1 << 20);
    await json.fill(large);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
    await page.getByRole('button', { name: 'Create policy' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'This is too large' })).toBeVisible();
    await expect(page.getByText('more than 1 MiB')).toBeVisible();
    const content = page.getByRole('textbox', { name: 'content' });
    expect((await content.inputValue()) === large).toBe(true);
    await content.fill(right);
    await page.getByRole('button', { name: 'Send again' }).click();
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  });
});

test('targets that cannot be attached come back as a list, with the reason', async ({ page }) => {
  await page.goto('/policies?q=critical');
  await page.getByRole('link', { name: 'production-critical' }).click();
  await page.getByRole('link', { name: 'Attach' }).click();
  await page.getByText('Choose by a list of ids').click();
  const list = page.getByRole('textbox', { name: 'Ids' });
  await list.fill('999999999999 not-an-id');
  await page.getByRole('button', { name: 'Attach' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(list).toBeVisible();
  await expect(list).toHaveValue(/999999999999\s+not-an-id/);
});
