// engines.mjs FILE.epub PNGDIR
// Opens every document of a book in Gecko and in Chromium, at two widths, in the light and the dark scheme, and compares how it looks. Prints one JSON
// line: {ok, detail, problems}.
// NODE_HOME: folder of node_modules. GECKO: Firefox. PUPPETEER_EXECUTABLE_PATH: Chromium.
import { join } from 'node:path';
import { open, require } from './epub-server.mjs';
const [file, png] = process.argv.slice(2);
const WIDTHS = [320, 900];
const puppeteer = require('puppeteer');
const { spine, inZip, server, base } = await open(file);

// each element with text of its own and its colours and fonts, the declared faces, the images, and whether the page is wider than the window
const probe = async () => {
  await Promise.all([...document.fonts].map(face => face.load().catch(() => 0))); await document.fonts.ready;
  const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (!/^(transparent|rgba\(.*, 0\))$/.test(c)) return c; } return 'none'; };
  const hasText = e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  const texts = [...document.body.querySelectorAll('*')].filter(hasText).map(e => {
    const s = getComputedStyle(e), box = e.getBoundingClientRect();
    return { name: e.localName + (e.getAttribute('class') ? '.' + e.getAttribute('class').trim().replace(/\s+/g, '.') : ''), color: s.color, ground: ground(e),
      family: s.fontFamily.replace(/["']/g, ''), weight: s.fontWeight, style: s.fontStyle, shown: s.visibility === 'visible' && box.width * box.height > 0 };
  });
  // a face is used if a line of letters and of the signs of the document differs from the same line in the font that replaces it; fonts
  // without letters have no width here, because the engines replace them by different fonts
  const canvas = document.createElement('canvas'); canvas.width = 1600; canvas.height = 60;
  const pen = canvas.getContext('2d', { willReadFrequently: true }), signs = [...new Set(document.body.textContent.replace(/[\x00-\x7F]/g, ''))];
  const lines = ['Hamburgefonts 0123456789', signs.slice(0, 40).join('')];
  const drawn = (font, line) => { pen.font = font; pen.clearRect(0, 0, 1600, 60); pen.fillText(line, 0, 45); return pen.getImageData(0, 0, 1600, 60).data.join(); };
  const faces = [...document.fonts].map(f => {
    const family = f.family.replace(/["']/g, ''), head = `${f.style} ${f.weight} 30px `;
    const [letters, others] = lines.map(line => drawn(`${head}"${family}", monospace`, line) !== drawn(head + 'monospace', line));
    pen.font = `${head}"${family}"`;
    return { name: `${family} ${f.weight} ${f.style}`, status: f.status, width: letters ? pen.measureText(lines[0]).width : 0, used: letters || others };
  });
  const images = [...document.images].map(i => { const b = i.getBoundingClientRect(); return { src: i.getAttribute('src'), loaded: i.complete && i.naturalWidth > 0, width: b.width, height: b.height }; });
  return { texts, faces, images, dark: matchMedia('(prefers-color-scheme: dark)').matches, wide: document.documentElement.scrollWidth - innerWidth };
};

const launch = {
  gecko: dark => puppeteer.launch({ browser: 'firefox', executablePath: process.env.GECKO, headless: true, timeout: 60000, extraPrefsFirefox: { 'layout.css.prefers-color-scheme.content-override': dark ? 0 : 1 } }),
  chromium: () => puppeteer.launch({ headless: true, timeout: 60000, args: ['--no-sandbox', '--disable-dev-shm-usage'] }),
};
// all pages of a book in an engine and a scheme: {document: {width: page}}
const look = async (engine, dark) => {
  const browser = await launch[engine](dark), pages = {};
  try {
    const page = await browser.newPage();
    if (engine === 'chromium') await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }]);
    for (const { href } of spine) {
      const name = inZip(href);
      await page.setViewport({ width: WIDTHS[0], height: 900 });
      await page.goto(`${base}/zip/${name.split('/').map(encodeURIComponent).join('/')}`, { waitUntil: 'load', timeout: 60000 });
      for (const width of WIDTHS) {
        await page.setViewport({ width, height: 900 });
        (pages[name] ??= {})[width] = await page.evaluate(probe);
        if (engine === 'gecko') await page.screenshot({ path: join(png, `${name.replace(/\W+/g, '-')}-${width}-${dark ? 'dark' : 'light'}.png`) });
      }
    }
  } finally { await browser.close(); }
  return pages;
};

// the contrast of two colours (WCAG 2.2, relative luminance); NaN for colours that are not opaque sRGB
const luminance = colour => {
  const [r, g, b] = (colour.match(/^rgb\((\d+), (\d+), (\d+)\)$/) || []).slice(1).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a, b) => { const [one, other] = [luminance(a), luminance(b)]; return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05); };

let badges = Infinity;
const problems = [], used = new Set(), declared = new Set();
let texts = 0, covers = 0;
const schemes = await Promise.all([false, true].map(async dark => [dark, await look('gecko', dark), await look('chromium', dark)]));
for (const [dark, gecko, chromium] of schemes) for (const name of Object.keys(gecko)) for (const width of WIDTHS) {
  const one = gecko[name][width], other = chromium[name][width], place = `${name} ${width} ${dark ? 'dark' : 'light'}: `;
  if (one.dark !== dark || other.dark !== dark) problems.push(place + 'another scheme');
  if (one.wide > 1) problems.push(place + `${one.wide} px wider than the window`);
  if (one.texts.length !== other.texts.length) problems.push(place + 'other elements');
  one.texts.forEach((text, at) => {
    texts++;
    for (const key of ['color', 'ground', 'family', 'weight', 'style', 'shown']) {
      const value = other.texts[at]?.[key];
      if (text[key] !== value) problems.push(place + `${text.name} ${key} ${text[key]}, in Chromium ${value}`);
    }
    if (/\.(\w+-)?badge\b|\.section-number\b/.test(text.name)) {
      const value = contrast(text.color, text.ground);
      badges = Math.min(badges, value);
      if (!(value >= 7)) problems.push(place + `${text.name} has a contrast of ${value.toFixed(2)}`);
    }
    if (text.shown && text.color === text.ground) problems.push(place + `${text.name} is invisible`);
  });
  one.faces.forEach((face, at) => {
    declared.add(face.name);
    if (face.status !== 'loaded') return problems.push(place + `face ${face.name} ${face.status}`);
    const same = other.faces[at]?.width;
    if (Math.abs(face.width - same) > face.width / 100) problems.push(place + `a line in ${face.name} has ${face.width} px, in Chromium ${same}`);
    if (face.used) used.add(face.name);
  });
  for (const image of one.images) if (!image.loaded || image.width < 1 || image.height < 1 || image.width > width + 1) problems.push(place + `image ${image.src} ${image.width} × ${image.height}`);
  if (/cover/.test(name)) covers += one.images.filter(image => image.width > width / 4 && image.height > 100).length;
}
for (const face of declared) if (!used.has(face)) problems.push(`no text is in ${face}`);
if (covers < 2 * WIDTHS.length) problems.push('no cover is shown');
const counted = [...new Set(problems)];
console.log(JSON.stringify({ ok: !counted.length && texts > 0, detail: `docs=${spine.length} texts=${texts} faces=${used.size}/${declared.size} covers=${covers} badges=${badges.toFixed(2)} problems=${counted.length} ${counted.slice(0, 4).join(' | ').slice(0, 400)}`.trim(), problems: counted }));
server.close();
