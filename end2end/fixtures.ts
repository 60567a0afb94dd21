import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type Page } from '@playwright/test';
import { administrator } from './administrator';

type Fixtures = {
  /** Console errors that the test provokes on purpose, such as the browser's own note about an answer of 401. */
  expectedErrors: RegExp[];
  /** Whether the administrator signs in for this test alone: what is dangerous asks for a fresh password, and a session
   *  that has shown one has a new id, which the tests beside it do not know. */
  anew: boolean;
};

/** The test function of all specs: a console error, an uncaught exception or a broken policy of ours fails the test. */
export const test = base.extend<Fixtures>({
  expectedErrors: [[], { option: true }],
  anew: [false, { option: true }],
  page: async ({ page, baseURL, expectedErrors, anew }, use) => {
    if (anew) {
      await page.context().clearCookies();
      const form = { ...administrator, next: '/' };
      await page.request.post('/auth/sign-in', { form, headers: { origin: baseURL ?? '' } });
    }
    const errors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => errors.push(`uncaught: ${error.message}`));
    await use(page);
    const unexpected = errors.filter((error) => !expectedErrors.some((expected) => expected.test(error)));
    expect(unexpected, 'errors in the browser console').toEqual([]);
  },
});

export { expect };

/** Waits until the page is interactive: until then, links and forms work, but nothing else does. */
export async function hydrated(page: Page) {
  await expect(page.locator('html[data-hydrated]')).toBeAttached();
}

/** Areas that scroll on their own and show no sign at their edges that more is behind them. */
export async function areasWithoutSign(page: Page) {
  return page.evaluate(() =>
    [...document.body.querySelectorAll('*:not(textarea, input, select)')]
      .filter((area) => {
        const { overflowX, overflowY } = getComputedStyle(area);
        const down = overflowY !== 'hidden' && overflowY !== 'visible' && area.scrollHeight > area.clientHeight;
        const aside = overflowX !== 'hidden' && overflowX !== 'visible' && area.scrollWidth > area.clientWidth;
        const signed = (edge: string | null) => getComputedStyle(area, edge).animationName.startsWith('more-be');
        return (down || aside) && !signed('::after') && !signed(null);
      })
      .map((area) => `${area.tagName} ${area.className}`),
  );
}

/** Scans the page as it is now for accessibility problems, in both themes. */
export async function expectAccessible(page: Page) {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .analyze();
    const found = violations.flatMap(({ id, help, nodes }) =>
      nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}: ${node.failureSummary}`),
    );
    expect(found, `accessibility of ${page.url()}, ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
}
