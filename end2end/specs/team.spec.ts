import { administrator, invite, join, signIn } from '../administrator';
import { codeOf } from '../codes';
import { expect, expectAccessible, hydrated, test } from '../fixtures';

// Browsers that a test opens beside its own begin with what is set here: somebody who joins in one that has the session which
// all tests share would end it.
test.use({ anew: true, storageState: { cookies: [], origins: [] } });

const PASSWORD = 'a phrase that only the tests know 5';

/** An address that no other test invites. */
const address = (name: string) => `${name}-${Date.now()}@holdfast.example`;

test('somebody is invited to a part of the organization, joins by the link, and sees that part alone', async ({
  page,
  browser,
}) => {
  await page.goto('/team');
  await hydrated(page);
  // Opened by a press, so that scripts put the dialog together.
  await page.getByRole('link', { name: 'Invite' }).click();
  const dialog = page.getByRole('dialog', { name: 'Invite a person' });
  const email = address('part');
  await dialog.getByRole('textbox', { name: 'Email' }).fill(email);
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Paula Part');
  await dialog.getByRole('button', { name: 'A part' }).click();
  await dialog.getByRole('textbox', { name: 'Find by name' }).fill('Sandbox');
  await dialog.getByRole('button', { name: /^Add Sandbox/ }).click();
  await expect(dialog.getByRole('textbox', { name: 'OUs and accounts' })).toHaveValue(/^ou-/);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Invite' }).click();
  const link = await dialog.getByText(/\/join\?token=/).innerText();
  await expectAccessible(page);

  const theirs = await browser.newContext();
  const other = await theirs.newPage();
  await other.goto(new URL(link).pathname + new URL(link).search);
  await expect(other.getByText(email)).toBeVisible();
  await expectAccessible(other);
  await join(other, link, PASSWORD);
  await other.goto('/organization');
  await expect(other.getByRole('main')).toContainText('15 accounts in 1 OU');
  await expect(other.getByRole('link', { name: 'Sandbox', exact: true })).toBeVisible();
  await expect(other.getByRole('main')).not.toContainText('Retail');
  await other.goto('/team');
  await expect(other.getByRole('main')).toContainText('Your role, viewer, may not see the team.');
  await other.goto(new URL(link).pathname + new URL(link).search);
  await expect(other.getByRole('heading', { name: 'This link does not work' })).toBeVisible();

  await page.goto('/team');
  const row = page.getByRole('row', { name: /^Paula Part/ });
  await expect(row).toContainText('viewer');
  await expect(row).toContainText('Sandbox');
  await expect(row).toContainText('no second factor');
  await expectAccessible(page);

  // Whoever is disabled is out within one request.
  await row.getByText('Change', { exact: true }).click();
  await row.getByRole('link', { name: 'Disable' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await expect(row).toContainText('disabled');
  await other.goto('/organization');
  await expect(other).toHaveURL(/sign-in/);
  await theirs.close();
});

test('the last administrator cannot be removed, and the page says why', async ({ page }) => {
  await page.goto('/team');
  await hydrated(page);
  const row = page.getByRole('row', { name: new RegExp(administrator.email) });
  await row.getByText('Change', { exact: true }).click();
  await expect(row).toContainText('the last administrator');
  await row.getByRole('link', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Delete' })).toHaveAttribute('aria-disabled', 'true');
  await expectAccessible(page);
});

test('a session that is seen on another browser is ended from the account', async ({ page, browser }) => {
  const elsewhere = await browser.newContext({ userAgent: 'Mozilla/5.0 (iPhone; like Mac OS X) Safari/604.1' });
  const phone = await elsewhere.newPage();
  await phone.goto('/sign-in');
  await signIn(phone);
  await expect(phone).toHaveURL('/');
  await page.goto('/account');
  await hydrated(page);
  await expectAccessible(page);
  const session = page.getByRole('listitem').filter({ hasText: 'Safari on iPhone' }).first();
  await session.getByRole('button', { name: /^End/ }).click();
  await expect(async () => {
    await phone.goto('/jobs');
    await expect(phone).toHaveURL(/sign-in/, { timeout: 1_000 });
  }).toPass();
  await elsewhere.close();
});

test('what is dangerous asks for a password that was not shown for a while', async ({ page, browser }) => {
  const link = await invite(page, address('step'), 'Step Up', 'Administrator');
  const theirs = await browser.newContext();
  const other = await theirs.newPage();
  await join(other, link, PASSWORD);
  await other.goto('/confirm?next=%2Fteam');
  await expectAccessible(other);
  await other.getByRole('textbox', { name: 'Password' }).fill('not the password');
  await other.getByRole('button', { name: 'Go on' }).click();
  await expect(other.getByText('That is not right')).toBeVisible();
  await other.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await other.getByRole('button', { name: 'Go on' }).click();
  await expect(other).toHaveURL('/team');
  await theirs.close();
  // They leave again: other tests count on one administrator.
  await page.goto('/team');
  await hydrated(page);
  const row = page.getByRole('row', { name: /^Step Up/ });
  await row.getByText('Change', { exact: true }).click();
  await row.getByRole('link', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(row).toHaveCount(0);
});

test('one-time codes are set up, asked for at sign-in, and replaced by a recovery code', async ({ page, browser }) => {
  const email = address('codes');
  const link = await invite(page, email, 'Cody Codes', 'Viewer');
  const theirs = await browser.newContext();
  const other = await theirs.newPage();
  await join(other, link, PASSWORD);
  await other.goto('/account');
  await hydrated(other);
  await other.getByRole('button', { name: 'Set up' }).click();
  const dialog = other.getByRole('dialog', { name: 'Set up one-time codes' });
  const secret = await dialog.locator('.command code').innerText();
  await expectAccessible(other);
  await dialog.getByRole('textbox', { name: 'Code that the app shows now' }).fill(await codeOf(secret));
  await dialog.getByRole('button', { name: 'Set up' }).click();
  await expect(dialog.getByText('They are shown this once')).toBeVisible();
  const recovery = (await dialog.locator('.code-block').innerText()).match(/[a-z0-9]{4}(-[a-z0-9]{4}){5}/)?.[0] ?? '';
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(other.getByText('10 codes left')).toBeVisible();

  await other.context().clearCookies();
  await other.goto('/sign-in?next=%2Fjobs');
  await signIn(other, { email, password: PASSWORD });
  await expect(other.getByRole('heading', { name: 'One more step' })).toBeVisible();
  await expectAccessible(other);
  await other.goto('/jobs');
  await expect(other, 'the password alone does not let in').toHaveURL(/sign-in/);
  await signIn(other, { email, password: PASSWORD });
  await other.getByRole('textbox', { name: 'One-time code' }).fill('000000');
  await other.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(other.getByText('This code is not right')).toBeVisible();
  await other.getByRole('textbox', { name: 'One-time code' }).fill(recovery);
  await other.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(other).toHaveURL('/jobs');
  await theirs.close();
});
