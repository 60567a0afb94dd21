import { expect, type Page } from '@playwright/test';

/** Where the signed-in session is kept between the set-up and the tests. */
export const administratorState = 'test-results/.administrator.json';

/** The first administrator of the demo under test. */
export const administrator = {
  email: process.env.HOLDFAST_EMAIL ?? '',
  password: process.env.HOLDFAST_PASSWORD ?? '',
};

/** Somebody who may look and nothing else. */
export const viewer = { email: process.env.HOLDFAST_VIEWER ?? '', password: administrator.password };

/** Invites somebody by the page of the team; answers the link. */
export async function invite(page: Page, email: string, name: string, role: string) {
  await page.goto('/team?do=invite');
  await expect(page.locator('html[data-hydrated]')).toBeAttached();
  const dialog = page.getByRole('dialog', { name: 'Invite a person' });
  await dialog.getByRole('textbox', { name: 'Email' }).fill(email);
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await dialog.getByRole('combobox', { name: 'Role' }).selectOption({ label: role });
  await dialog.getByRole('button', { name: 'Invite' }).click();
  const link = dialog.getByText(/\/join\?token=/);
  await expect(link).toBeVisible();
  return link.innerText();
}

/** Joins by a link, in a browser that nobody is signed in with. */
export async function join(page: Page, link: string, password = administrator.password) {
  await page.goto(new URL(link).pathname + new URL(link).search);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await expect(page).toHaveURL('/');
}

/** Fills in the sign-in form and sends it. */
export async function signIn(page: Page, { email, password } = administrator) {
  await page.getByRole('textbox', { name: 'Email' }).fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}
