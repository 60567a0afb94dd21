import type { Page } from '@playwright/test';
import { administrator, invite, signIn } from '../administrator';
import { expect, expectAccessible, hydrated, test } from '../fixtures';

// Browsers make no passkeys for numbers.
const here = (process.env.HOLDFAST_URL ?? '').replace('127.0.0.1', 'localhost');
test.use({ anew: true, baseURL: here, storageState: { cookies: [], origins: [] } });

/** Gives a page's browser an authenticator that is in it, and whose owner is always there. */
async function authenticator(page: Page) {
  const browser = await page.context().newCDPSession(page);
  await browser.send('WebAuthn.enable');
  const { authenticatorId } = await browser.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    /** Whether its owner shows a finger when asked. */
    verified: (isUserVerified: boolean) =>
      browser.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
    passkeys: async () => (await browser.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
  };
}

test('somebody is invited, joins with a passkey, signs in with it, and confirms with it', async ({ page, browser }) => {
  const email = `pass-${Date.now()}@holdfast.example`;
  const link = await invite(page, email, 'Petra Passkey', 'Viewer');
  const theirs = await browser.newContext({ baseURL: here });
  const other = await theirs.newPage();
  const device = await authenticator(other);
  await other.goto(new URL(link).pathname + new URL(link).search);
  await hydrated(other);
  await expect(other.getByRole('button', { name: 'Use a passkey instead' })).toBeVisible();
  await expectAccessible(other);
  await other.getByRole('button', { name: 'Use a passkey instead' }).click();
  await expect(other).toHaveURL('/');
  expect(await device.passkeys()).toHaveLength(1);

  await other.goto('/account');
  await hydrated(other);
  const passkey = other.getByRole('listitem').filter({ hasText: 'My first passkey' });
  await expect(passkey).toContainText('never used');
  await expect(other.getByRole('heading', { name: 'Password', exact: true })).toHaveCount(0);
  await expectAccessible(other);
  await passkey.getByRole('button', { name: /^Rename/ }).click();
  await other.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Laptop');
  await expectAccessible(other);
  await other.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  const renamed = other.getByRole('listitem').filter({ hasText: 'Laptop' });
  await renamed.getByRole('button', { name: /^Remove/ }).click();
  await expect(other.getByRole('dialog')).toContainText('You could not sign in any more');
  await expectAccessible(other);
  await other.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();

  await other.getByRole('button', { name: 'Sign out' }).first().click();
  await expect(other).toHaveURL(/sign-in/);
  await other.goto('/sign-in?next=%2Fjobs');
  await hydrated(other);
  await expectAccessible(other);
  await device.verified(false);
  await other.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(other.getByRole('alert').filter({ hasText: 'No passkey was chosen' })).toBeVisible();
  await device.verified(true);
  await other.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(other).toHaveURL('/jobs');

  await other.goto('/confirm?next=%2Faccount');
  await hydrated(other);
  await expect(other.getByRole('textbox')).toHaveCount(0);
  await expectAccessible(other);
  await other.getByRole('button', { name: 'Use a passkey' }).click();
  await expect(other).toHaveURL('/account');
  await expect(renamed).toContainText('last used');
  await theirs.close();
});

test('a passkey is added beside a password, which alone does not let in from then on', async ({ page, browser }) => {
  const link = await invite(page, `both-${Date.now()}@holdfast.example`, 'Bela Both', 'Viewer');
  const theirs = await browser.newContext({ baseURL: here });
  const other = await theirs.newPage();
  await authenticator(other);
  await other.goto(new URL(link).pathname + new URL(link).search);
  const email = await other.getByRole('strong').innerText();
  await other.getByRole('textbox', { name: 'Password' }).fill(administrator.password);
  await other.getByRole('button', { name: 'Join', exact: true }).click();
  await expect(other).toHaveURL('/');
  await other.goto('/account');
  await hydrated(other);
  await other.getByRole('button', { name: 'Add a passkey' }).click();
  const dialog = other.getByRole('dialog', { name: 'Add a passkey' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Blue key');
  await expectAccessible(other);
  await dialog.getByRole('button', { name: 'Add' }).click();
  await expect(other.getByRole('listitem').filter({ hasText: 'Blue key' })).toBeVisible();

  await other.context().clearCookies();
  await other.goto('/sign-in');
  await hydrated(other);
  await signIn(other, { email, password: administrator.password });
  await expect(other.getByText('Your password is right, and not enough')).toBeVisible();
  await hydrated(other);
  await expectAccessible(other);
  await other.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(other).toHaveURL('/');
  await theirs.close();
});

test('where the address is a number, a word says why there is no passkey', async ({ page }) => {
  await page.context().clearCookies();
  await page.goto(`${process.env.HOLDFAST_URL ?? ''}/sign-in`);
  await expect(page.getByText('Passkeys need an address with a name')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toHaveCount(0);
});
