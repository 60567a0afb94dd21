import type { Page } from '@playwright/test';

/** Where the signed-in session is kept between the set-up and the tests. */
export const administratorState = 'test-results/.administrator.json';

/** The first administrator of the demo under test. */
export const administrator = {
  email: process.env.HOLDFAST_EMAIL ?? '',
  password: process.env.HOLDFAST_PASSWORD ?? '',
};

/** Somebody who may look and nothing else. */
export const viewer = { email: process.env.HOLDFAST_VIEWER ?? '', password: administrator.password };

/** Fills in the sign-in form and sends it. */
export async function signIn(page: Page, { email, password } = administrator) {
  await page.getByRole('textbox', { name: 'Email' }).fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
