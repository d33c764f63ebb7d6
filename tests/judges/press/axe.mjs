// axe.mjs FILE.html: opens it in Chromium, wide and narrow, light and dark, and runs axe-core; prints {ok, detail}.
// NODE_HOME holds node_modules; PUPPETEER_EXECUTABLE_PATH the browser.
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
const require = createRequire(join(process.env.NODE_HOME, 'x.js'));
const file = pathToFileURL(resolve(process.argv[2])).href;
const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
const browser = await require('puppeteer').launch({ headless: true, timeout: 120000, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
const wrong = new Map(); let rules = 0, unsure = 0, nodes = 0;
const blame = (what, where) => { if (!wrong.has(what)) wrong.set(what, String(where).slice(0, 100)); nodes++; };
try {
  for (const scheme of ['light', 'dark']) for (const width of [1200, 360]) {
    const page = await browser.newPage();
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.setRequestInterception(true);
    page.on('request', q => { if (/^(https?|wss?|ftp):/.test(q.url())) { blame('fetches', q.url()); q.abort(); } else q.continue(); });
    page.on('requestfailed', q => { if (!/^(https?|wss?|ftp):/.test(q.url())) blame('does-not-open', q.url().split('/').pop()); });
    page.on('pageerror', e => blame('script', e.message || e));
    await page.goto(file, { waitUntil: 'load', timeout: 120000 });
    const unloaded = await page.evaluate(async () => { await document.fonts.ready; return [...document.fonts].filter(f => f.status === 'error').map(f => `${f.family} ${f.weight}`); });
    for (const font of unloaded) blame('broken-font', font);
    await page.evaluate(axe);
    const r = await page.evaluate(async () => {
      const r = await axe.run(document, { resultTypes: ['violations', 'incomplete'] });
      const broken = [...document.images].filter(i => !i.complete || !i.naturalWidth).map(i => i.getAttribute('src').slice(0, 80));
      return { rules: r.passes.length, unsure: r.incomplete.length, broken, violations: r.violations.map(v => ({ id: v.id, where: v.nodes.map(n => n.target.join(' ')) })) };
    });
    rules = Math.max(rules, r.rules); unsure = Math.max(unsure, r.unsure);
    for (const v of r.violations) for (const where of v.where) blame(v.id, `${scheme} ${width}: ${where}`);
    for (const b of r.broken) blame('broken-image', b);
    await page.close();
  }
} finally { await browser.close(); }
const said = [...wrong].map(([what, where]) => `${what} (${where})`).slice(0, 5).join('; ');
console.log(JSON.stringify({ ok: !wrong.size && rules > 0, detail: `violations=${wrong.size} nodes=${nodes} passes=${rules} incomplete=${unsure} ${said}`.trim() }));
