import { expect, type Page } from '@playwright/test';

/** A name that no other test uses. */
export const unique = (what: string) => `${what} ${Date.now().toString(36)}${Math.floor(Math.random() * 1296).toString(36)}`;

/** Creates a policy as the page suggests it, with or without scripts; answers its path. */
export async function createPolicy(page: Page, name: string) {
  await page.goto('/policies/new');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await page.getByRole('button', { name: 'Create policy' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  return new URL(page.url()).pathname;
}

/** Ids of so many active accounts that the organization has. */
export async function accountIds(page: Page, count: number) {
  await page.goto('/organization?q=retail-');
  const ids = page.getByText(/^\d{12}$/);
  await expect(ids.nth(count - 1)).toBeAttached();
  return (await ids.allInnerTexts()).slice(0, count);
}
