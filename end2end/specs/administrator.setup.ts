import { administratorState, signIn } from '../administrator';
import { expect, test as setup } from '../fixtures';

setup('the first administrator signs in', async ({ page }) => {
  await page.goto('/sign-in');
  await signIn(page);
  await expect(page).not.toHaveURL(/sign-in/);
  await page.context().storageState({ path: administratorState });
});
