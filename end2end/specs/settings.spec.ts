import type { APIRequestContext } from '@playwright/test';
import { administratorState } from '../administrator';
import { expect, expectAccessible, hydrated, test } from '../fixtures';

// What is dangerous asks for a fresh password.
test.use({ anew: true });

/** Puts the resource policy in AWS, past the portal. */
async function putInAws(request: APIRequestContext, account: string, sid: string) {
  const statement = { Sid: sid, Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'organizations:ListRoots', Resource: '*' };
  const answer = await request.post(process.env.HOLDFAST_AWS ?? '', {
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSOrganizationsV20161128.PutResourcePolicy',
      authorization: 'AWS4-HMAC-SHA256 Credential=test/20261120/us-east-1/organizations/aws4_request',
    },
    data: JSON.stringify({ Content: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) }),
  });
  expect(answer.ok(), await answer.text()).toBe(true);
}

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

test('each switch says how to turn it without Holdfast, with the ids of this organization', async ({ page }) => {
  await page.goto('/settings');
  await hydrated(page);
  await page.getByText('AWS CLI and console: Backup policy type').click();
  await expect(page.getByText(/disable-policy-type --root-id r-[0-9a-z]+ --policy-type BACKUP_POLICY/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Copy command, Turn off: Backup policy type' })).toBeVisible();
  await expectAccessible(page);
});

test.describe('of delegated administrators', () => {
  // The browser notes every answer of 422 by itself.
  test.use({ expectedErrors: [/status of 422/] });

  test('a delegated administrator gets both halves, and loses both', async ({ page }) => {
    await page.goto('/organization?q=incident-response');
    const id = (await page.getByText(/^\d{12}$/).first().textContent()) ?? '';
    await page.goto('/settings');
    await hydrated(page);
    await page.getByRole('link', { name: 'Register account' }).click();
    const register = page.getByRole('dialog', { name: 'Register a delegated administrator' });
    await register.getByRole('textbox', { name: 'Account id' }).fill('123');
    await register.getByRole('button', { name: 'Register' }).click();
    await expect(register.getByRole('textbox', { name: 'Account id' })).toHaveAttribute('aria-invalid', 'true');
    await register.getByRole('textbox', { name: 'Account id' }).fill(id);
    await expectAccessible(page);
    await register.getByRole('button', { name: 'Register' }).click();

    const review = page.getByRole('dialog', { name: 'Review delegation policy' });
    await expect(review).toContainText(`arn:aws:iam::${id}:root`);
    await expectAccessible(page);
    await review.getByRole('button', { name: 'Put policy' }).click();
    const row = page.getByRole('table', { name: 'Delegated administrators' }).getByRole('row', { name: new RegExp(id) });
    await expect(row).toContainText('Manages backup policies');
    await expectAccessible(page);

    await row.getByRole('link', { name: 'Remove incident-response' }).click();
    await page.getByRole('dialog', { name: /^Remove incident-response/ }).getByRole('button', { name: 'Remove' }).click();
    await expect(review).toContainText('Put policy');
    await review.getByRole('button', { name: 'Put policy' }).click();
    await expect(row).toHaveCount(0);
  });
});

test('a resource type is opted in to in one Region, with its consequence spelled out', async ({ page }) => {
  await page.goto('/settings');
  await hydrated(page);
  const cell = page.getByRole('link', { name: /opt-in of Timestream in eu-west-1/ });
  await expect(cell).toContainText('Off');
  await cell.click();
  const dialog = page.getByRole('dialog', { name: 'Turn on opt-in of Timestream in eu-west-1' });
  await expect(dialog).toContainText('backed up from their next run on, in every account');
  await expect(dialog).toContainText(`--resource-type-opt-in-preference '{"Timestream":true}'`);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Turn on' }).click();
  await expect(cell).toContainText('On');
  await cell.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click();
  await expect(cell).toContainText('Off');
});

test('the page says as whom Holdfast speaks to AWS, and what follows', async ({ page }) => {
  await page.goto('/settings');
  const card = page.locator('#identity');
  await expect(card).toContainText('Management account');
  await expect(card).toContainText(/arn:aws:iam::\d{12}:user\/simulated/);
  await expect(card).toContainText('Every setting below can be changed from here');
  await expect(page.getByText(/^Present since/)).toBeVisible();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false, storageState: administratorState });

  test('an account that cannot be registered comes back with what was typed and the reason', async ({ page }) => {
    await page.goto('/settings?delegation=register');
    const dialog = page.getByRole('dialog', { name: 'Register a delegated administrator' });
    await dialog.getByRole('textbox', { name: 'Account id' }).fill('12345');
    await dialog.getByRole('button', { name: 'Register' }).click();
    await expect(dialog.getByRole('textbox', { name: 'Account id' })).toHaveValue('12345');
    await expect(dialog.getByRole('textbox', { name: 'Account id' })).toHaveAttribute('aria-invalid', 'true');
  });

  test('a delegation policy that somebody changed meanwhile comes back with both versions', async ({ page, request }) => {
    await page.goto('/organization?q=incident-response');
    const account = (await page.getByText(/^\d{12}$/).first().textContent()) ?? '';
    await putInAws(request, account, 'Before');
    await page.goto('/settings?delegation=review');
    const review = page.getByRole('dialog', { name: 'Review delegation policy' });
    await expect(review.getByRole('button', { name: 'Put policy' })).toBeEnabled();
    await putInAws(request, account, 'Meanwhile');
    await review.getByRole('button', { name: 'Put policy' }).click();

    await expect(page).toHaveURL('/settings?delegation=review');
    await expect(review.getByText('As it was shown')).toBeVisible();
    await expect(review).toContainText('Nothing was put. What follows is made from the newer version');
    const documents = review.getByRole('region', { name: 'Both documents, line by line' });
    await expect(documents).toHaveCount(2);
    await expect(documents.first()).toContainText('"Before"');
    await expect(documents.first()).toContainText('"Meanwhile"');
    await review.getByRole('button', { name: 'Put policy' }).click();
    await page.goto('/settings?delegation=review');
    await expect(review).toContainText('Nothing to change');
  });
});
