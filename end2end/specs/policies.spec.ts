import type { APIRequestContext, Page } from '@playwright/test';
import { signIn } from '../administrator';
import { expect, expectAccessible, hydrated, test } from '../fixtures';

// What is dangerous asks for a fresh password.
test.use({ anew: true });

/** A policy that AWS takes as it is. */
const document = (vault: string) => `{
  "plans": {
    "nightly": {
      "regions": { "@@assign": ["eu-west-1"] },
      "rules": {
        "rule": {
          "target_backup_vault_name": { "@@assign": "${vault}" },
          "lifecycle": { "delete_after_days": { "@@assign": 35 } }
        }
      },
      "selections": {
        "tags": {
          "by-tag": {
            "iam_role_arn": { "@@assign": "arn:aws:iam::$account:role/Backup" },
            "tag_key": { "@@assign": "tier" },
            "tag_value": { "@@append": ["gold"] }
          }
        }
      }
    }
  }
}`;

// The browser notes every answer of 409 and 422 in its console.
test.use({ expectedErrors: [/status of 4(09|22)/] });

const json = (page: Page) => page.getByRole('textbox', { name: 'Policy document as JSON' });
const problems = (page: Page) => page.locator('#problems');

/** Opens a page and waits until its editors work. */
async function open(page: Page, path: string) {
  await page.goto(path);
  await hydrated(page);
}

/** Creates a policy through the JSON editor; answers its path. */
async function create(page: Page, name: string, content = document('Main')) {
  await open(page, '/policies/new?tab=json');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await json(page).fill(content);
  await page.getByRole('button', { name: 'Create policy' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  return new URL(page.url()).pathname;
}

/** Changes a policy in AWS, past the portal, as its console would. */
async function updateInAws(request: APIRequestContext, path: string, content: string) {
  const answer = await request.post(process.env.HOLDFAST_AWS ?? '', {
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSOrganizationsV20161128.UpdatePolicy',
      authorization: 'AWS4-HMAC-SHA256 Credential=test/20261120/us-east-1/organizations/aws4_request',
    },
    data: JSON.stringify({ PolicyId: path.split('/').pop(), Content: content }),
  });
  expect(answer.ok(), await answer.text()).toBe(true);
}

/** A name that no other test uses. */
const unique = (what: string) => `${what} ${Date.now().toString(36)}${Math.floor(Math.random() * 1296).toString(36)}`;

test('a mistake in the JSON is shown with its line, and leads there', async ({ page }) => {
  await open(page, '/policies/new?tab=json');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(unique('Mistaken'));
  await json(page).fill(document('Main').replace('eu-west-1', 'mars-1'));
  await expect(problems(page)).toContainText('"mars-1" is not the code of a Region');
  await page.getByRole('button', { name: /^Go to line 4/ }).click();
  await expect(json(page)).toBeFocused();
  const selected = await json(page).evaluate((area: HTMLTextAreaElement) =>
    area.value.slice(area.selectionStart, area.selectionEnd),
  );
  expect(selected).toBe('"mars-1"');
});

test('a refused policy loses nothing that was typed, and is created once it is mended', async ({ page }) => {
  const name = unique('Mended');
  await open(page, '/policies/new?tab=json');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await json(page).fill('{ "plans": { "p": { "regionz": {} } } }');
  await page.getByRole('button', { name: 'Create policy' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'The policy document is refused' })).toBeVisible();
  await expect(problems(page)).toContainText('did you mean "regions"?', { ignoreCase: true });
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue(name);
  await expect(json(page)).toHaveValue(/regionz/);
  await json(page).fill(document('Main'));
  await page.getByRole('button', { name: 'Create policy' }).click();
  await expect(page).toHaveURL(/\/policies\/p-/);
  await expect(json(page)).toHaveValue(document('Main'));
});

test('a name that is taken is said beside the field', async ({ page }) => {
  const name = unique('Taken');
  await create(page, name);
  await open(page, '/policies/new');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await page.getByRole('button', { name: 'Create policy' }).click();
  const field = page.getByRole('textbox', { name: 'Name', exact: true });
  await expect(field).toHaveAccessibleDescription(/exists already/);
  await expect(field).toHaveValue(name);
});

test('a policy is created by the form alone', async ({ page }) => {
  const name = unique('By form');
  await open(page, '/policies/new?start=empty');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await page.getByRole('button', { name: 'Add plan' }).click();
  const plan = page.getByRole('region', { name: 'Plan', exact: true });
  await plan.getByRole('textbox', { name: 'Name of this plan' }).fill('weekly');
  await plan.getByRole('textbox', { name: 'Name of this plan' }).press('Enter');
  await plan.getByRole('combobox', { name: 'Add to Regions, assign' }).fill('eu-north-1');
  await plan.getByRole('combobox', { name: 'Add to Regions, assign' }).press('Enter');
  await plan.getByRole('button', { name: 'Take us-east-1 out of Regions' }).click();
  await plan.getByRole('combobox', { name: 'Schedule' }).fill('cron(0 2 ? * SUN *)');
  await expect(plan.getByText('Every Sunday at 02:00 UTC. Next:')).toBeVisible();
  await plan.getByRole('textbox', { name: 'Delete after' }).fill('90');
  await page.getByRole('button', { name: 'Create policy' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  const saved = JSON.parse(await json(page).inputValue());
  expect(saved.plans.weekly.regions).toEqual({ '@@assign': ['eu-north-1'] });
  expect(saved.plans.weekly.rules.nightly.lifecycle.delete_after_days).toEqual({ '@@assign': '90' });
});

test('both editors change one document, and neither loses what the other cannot show', async ({ page }) => {
  const rich = document('Main').replace(
    '"nightly": {',
    '"@@operators_allowed_for_child_policies": ["@@append"],\n    "nightly": {',
  );
  const path = await create(page, unique('Both'), rich);
  await open(page, path);
  await page.getByRole('textbox', { name: 'Vault', exact: true }).fill('Other');
  await expect(json(page)).toHaveValue(rich.replace('"Main"', '"Other"'));
  await page.getByRole('link', { name: 'JSON', exact: true }).click();
  await json(page).fill((await json(page).inputValue()).replace('35', '40'));
  await page.getByRole('link', { name: 'Editor', exact: true }).click();
  await expect(page.getByRole('textbox', { name: 'Delete after' })).toHaveValue('40');
  await expect(page.getByText('Also in this document')).toBeVisible();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText(/^Saved “/)).toBeVisible();
  await page.reload();
  await expect(json(page)).toHaveValue(rich.replace('"Main"', '"Other"').replace('35', '40'));
});

test('text that is no JSON is kept, and the form says where it breaks', async ({ page }) => {
  await open(page, '/policies/new');
  const broken = document('Main').replace('"eu-west-1"]', '"eu-west-1"');
  await json(page).fill(broken);
  await expect(page.getByText('The JSON cannot be read as it stands')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Go to line 4' }).first()).toBeVisible();
  await expect(json(page)).toHaveValue(broken);
  await json(page).fill(document('Main'));
  await expect(page.getByRole('textbox', { name: 'Vault', exact: true })).toHaveValue('Main');
});

test('unsaved work asks before it is left, and comes back', async ({ page }) => {
  const path = await create(page, unique('Unsaved'));
  await open(page, path);
  await page.getByRole('textbox', { name: 'Vault', exact: true }).fill('Elsewhere');
  await expect(page.getByText('unsaved changes').first()).toBeVisible();
  await page.getByRole('link', { name: 'Jobs' }).first().click();
  await expect(page.getByRole('dialog', { name: 'Leave without saving?' })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('textbox', { name: 'Vault', exact: true })).toHaveValue('Elsewhere');

  page.once('dialog', (dialog) => dialog.accept());
  await page.reload();
  await hydrated(page);
  await expect(page.getByText('Your unsaved changes are back')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Vault', exact: true })).toHaveValue('Elsewhere');
  await page.getByRole('button', { name: 'Discard them' }).click();
  await expect(page.getByRole('textbox', { name: 'Vault', exact: true })).toHaveValue('Main');

  await page.getByRole('textbox', { name: 'Vault', exact: true }).fill('Elsewhere');
  await page.getByRole('link', { name: 'Jobs' }).first().click();
  await page.getByRole('button', { name: 'Leave without saving' }).click();
  await expect(page).toHaveURL('/jobs');
  await page.goBack();
  await expect(page.getByRole('textbox', { name: 'Vault', exact: true })).toHaveValue('Main');
});

test.describe('on a bad day', () => {
  test.use({ expectedErrors: [/status of 401|status of 413|ERR_INTERNET_DISCONNECTED/] });

  test('what is too large to be sent stays in its form', async ({ page }) => {
    await open(page, '/policies/new?tab=json');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Large');
    const large = `${document('Main')}\n${'x'.repeat(1 << 20)}`;
    await json(page).fill(large);
    await page.getByRole('button', { name: 'Create policy' }).click();
    await expect(page.getByText('This is too large')).toBeVisible();
    await expect(page.getByText('more than 1 MiB')).toBeVisible();
    expect((await json(page).inputValue()) === large).toBe(true);
  });

  test('work outlives the end of the session', async ({ browser }) => {
    // A session of its own: signing it out must not end that of the other tests.
    const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
    const page = await context.newPage();
    await page.goto('/sign-in?next=/policies');
    await signIn(page);
    await expect(page).toHaveURL('/policies');
    const path = await create(page, unique('Session'));
    await open(page, path);
    await page.getByRole('textbox', { name: 'Vault', exact: true }).fill('Kept');
    await context.clearCookies();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await expect(page.getByText('You are signed out')).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'Vault', exact: true })).toHaveValue('Kept');
    await page.getByRole('link', { name: 'Sign in' }).click();
    await signIn(page);
    await expect(page.getByText('Your unsaved changes are back')).toBeVisible();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await expect(page.getByText(/^Saved “/)).toBeVisible();
    await expect(json(page)).toHaveValue(document('Kept'));
    await context.close();
  });

  test('work outlives a broken connection, and is saved by trying again', async ({ page, context }) => {
    const path = await create(page, unique('Offline'));
    await open(page, path);
    await page.getByRole('textbox', { name: 'Vault', exact: true }).fill('Kept');
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await expect(page.getByText('The server could not be reached')).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'Vault', exact: true })).toHaveValue('Kept');
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByText(/^Saved “/)).toBeVisible();
    await expect(json(page)).toHaveValue(document('Kept'));
  });
});

test('a policy changed in AWS meanwhile shows both versions and overwrites nothing', async ({ page, request }) => {
  const path = await create(page, unique('Stale'));
  await open(page, path);
  await page.getByRole('textbox', { name: 'Vault', exact: true }).fill('Mine');
  await updateInAws(request, path, document('Theirs'));
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('Somebody changed this policy while you edited').first()).toBeVisible();
  const both = page.getByRole('region', { name: 'Both versions, line by line' });
  await expect(both).toContainText('"Mine"');
  await expect(both).toContainText('"Theirs"');
  await expect(page.getByRole('textbox', { name: 'Vault', exact: true })).toHaveValue('Mine');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Save mine over it' }).click();
  await expect(page.getByText(/^Saved “/)).toBeVisible();
  await expect(both).toBeHidden();
  await page.reload();
  await expect(json(page)).toHaveValue(document('Mine'));
});

test('a policy is attached to two targets, detached, and deleted', async ({ page }) => {
  const name = unique('Attached');
  const path = await create(page, name);
  await open(page, `${path}/attach`);
  const dialog = page.getByRole('dialog', { name: `Attach “${name}”` });
  const rows = dialog.getByRole('treeitem');
  await expect(rows.first()).toHaveAccessibleName(/^Root .*, \d+ of 10 policies/);
  const ous = dialog.getByRole('treeitem', { name: /^OU .*, [0-8] of 10 policies$/ });
  for (const index of [0, 1]) await ous.nth(index).click();
  await expect(dialog.getByText('2 targets selected')).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Attach to 2 targets' }).click();
  await expect(dialog.getByRole('listitem').filter({ hasText: 'Attached' })).toHaveCount(2);
  await dialog.getByRole('link', { name: 'Show targets' }).click();
  await expect(page).toHaveURL(`${path}?tab=targets`);
  await expect(page.getByText(/^Attached to .* and 1 more target/)).toBeVisible();
  await expect(page.getByRole('link', { name: 'Delete' })).toHaveAttribute('aria-disabled', 'true');

  for (const box of await page.getByRole('checkbox').all()) await box.check();
  await expect(page.getByText('2 of 2 targets selected')).toBeVisible();
  await page.getByRole('button', { name: 'Detach' }).click();
  const question = page.getByRole('dialog', { name: `Detach “${name}”` });
  await expect(question).toContainText('lose the plan nightly');
  await question.getByRole('button', { name: 'Detach' }).click();
  await expect(page.getByText('Not attached to any target').first()).toBeVisible();

  await open(page, path);
  await page.getByRole('link', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page).toHaveURL('/policies');
  await expect(page.getByRole('link', { name, exact: true })).toHaveCount(0);
});

test('the tree is walked and targets are chosen by keyboard alone', async ({ page }) => {
  const path = await create(page, unique('Keyboard'));
  await open(page, `${path}/attach`);
  const root = page.getByRole('treeitem', { name: /^Root/ });
  await root.focus();
  await page.keyboard.press('ArrowDown');
  const first = page.getByRole('treeitem', { name: /^OU/ }).first();
  await expect(first).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(first).toHaveAttribute('aria-expanded', 'true');
  await expect(first).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await expect(page.getByText('1 target selected')).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await expect(first).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(first).toHaveAttribute('aria-expanded', 'false');
  // What is chosen stays chosen out of sight.
  await expect(page.getByText('1 target selected')).toBeVisible();
});

test('the list finds policies by name, and says so where none matches', async ({ page }) => {
  const name = unique('Findable');
  const path = await create(page, name);
  await open(page, '/policies');
  await page.getByRole('searchbox', { name: 'Find policies' }).fill(name.slice(0, -1));
  await page.getByRole('button', { name: 'Show policies' }).click();
  await expect(page).toHaveURL(/q=Findable/);
  await expect(page.getByRole('link', { name, exact: true })).toHaveAttribute('href', path);
  await open(page, '/policies?q=no-such-policy');
  await expect(page.getByText('No matches')).toBeVisible();
});

test('the pages of policies can be used by everybody', async ({ page }) => {
  const path = await create(page, unique('Accessible'));
  for (const place of ['/policies', '/policies/new', path, `${path}?tab=json`, `${path}?tab=targets`, `${path}/attach`, `${path}?ask=delete`]) {
    await open(page, place);
    await expect(page.getByRole('heading', { level: 1 }).first()).toBeAttached();
    await expectAccessible(page);
  }
});

test('Tab indents in the JSON, and Esc lets the keyboard leave', async ({ page }) => {
  await open(page, '/policies/new?tab=json');
  await json(page).fill('{');
  await json(page).press('End');
  await json(page).press('Enter');
  await json(page).pressSequentially('"plans": {}');
  await expect(json(page)).toHaveValue('{\n  "plans": {}');
  await json(page).press('Escape');
  await json(page).press('Tab');
  await expect(json(page)).not.toBeFocused();
});
