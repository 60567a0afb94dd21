import { administrator, signIn } from '../administrator';
import { expect, expectAccessible, hydrated, test } from '../fixtures';

test.use({ storageState: { cookies: [], origins: [] } });

test('signing in leads to the page that was asked for, and signing out ends it', async ({ page }) => {
  await page.goto('/policies');
  await expect(page).toHaveURL('/sign-in?next=%2Fpolicies');
  await signIn(page);
  await expect(page).toHaveURL('/policies');
  await hydrated(page);

  await page.getByLabel('Your account').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL('/sign-in');
  await page.goto('/policies');
  await expect(page).toHaveURL(/sign-in/);
});

test('a wrong password says so without saying which part was wrong, and keeps the address', async ({ page }) => {
  const said = async (email: string) => {
    await page.goto('/sign-in');
    await signIn(page, { email, password: 'not the password' });
    await expect(page).toHaveURL(/problem=credentials/);
    await expect(page.getByRole('textbox', { name: 'Email' })).toHaveValue(email);
    await expect(page.getByRole('textbox', { name: 'Password' })).toHaveValue('');
    return page.getByRole('main').innerText();
  };
  const known = await said(administrator.email);
  expect(known).toContain('Not signed in');
  expect(await said('nobody@holdfast.example')).toBe(known);
});

test('after signing in, nobody is led to another site', async ({ page }) => {
  await page.goto('/sign-in?next=//example.com/');
  await signIn(page);
  await expect(page).toHaveURL('/');
});

test('the session cookie is out of reach of scripts', async ({ page, context }) => {
  await page.goto('/sign-in');
  await signIn(page);
  await expect(page).toHaveURL('/');
  const cookie = (await context.cookies()).find(({ name }) => name === 'holdfast');
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
});

test('the sign-in page can be used by everybody', async ({ page }) => {
  await page.goto('/sign-in');
  await hydrated(page);
  await expectAccessible(page);
  await page.goto('/sign-in?problem=credentials');
  await hydrated(page);
  await expectAccessible(page);
});
