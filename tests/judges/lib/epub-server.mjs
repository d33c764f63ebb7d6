// epub-server.mjs: an EPUB as files of a local web server, with the reading order and the page list of its package document, parsed
// independently of the reading systems. NODE_HOME: folder of node_modules.
import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join, extname, posix } from 'node:path';
export const require = createRequire(join(process.env.NODE_HOME, 'x.js'));

export async function open(file) {
  const book = await readFile(file);
  const zip = await require('jszip').loadAsync(book);
  const mime = { '.xhtml': 'application/xhtml+xml', '.html': 'text/html', '.htm': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.png': 'image/png', '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.gif': 'image/gif', '.webp': 'image/webp', '.ttf': 'font/ttf', '.otf': 'font/otf', '.woff': 'font/woff', '.woff2': 'font/woff2', '.mp3': 'audio/mpeg', '.mp4': 'video/mp4', '.ncx': 'application/xml', '.opf': 'application/xml' };

  const xmlAttr = (t, n) => (t.match(new RegExp('\\s' + n + '\\s*=\\s*["\']([^"\']*)["\']')) || [])[1];
  const opfPath = xmlAttr((await zip.file('META-INF/container.xml').async('string')).match(/<[\w:]*rootfile\s[^>]*>/)[0], 'full-path');
  const opf = (await zip.file(opfPath).async('string')).replace(/<!--[\s\S]*?-->/g, '');
  const items = new Map([...opf.matchAll(/<(?:\w+:)?item\s[^>]*>/g)].map(m => [xmlAttr(m[0], 'id'), { href: xmlAttr(m[0], 'href'), type: xmlAttr(m[0], 'media-type') }]));
  const spine = [...opf.matchAll(/<(?:\w+:)?itemref\s[^>]*>/g)].map(m => items.get(xmlAttr(m[0], 'idref'))).filter(Boolean);
  const inZip = h => posix.normalize(posix.join(posix.dirname(opfPath), decodeURIComponent(h.split('#')[0])));

  // the page list of the navigation document: label, file and id of each entry
  const navItem = [...opf.matchAll(/<(?:\w+:)?item\s[^>]*>/g)].map(m => m[0]).find(t => (xmlAttr(t, 'properties') || '').split(/\s+/).includes('nav'));
  const navText = navItem ? await zip.file(inZip(xmlAttr(navItem, 'href'))).async('string') : '';
  const pageList = (navText.split(/<nav\s/).find(t => /^[^>]*epub:type="page-list"/.test(t)) || '').split('</nav>')[0];
  const pages = [...pageList.matchAll(/<a\s[^>]*>([^<]*)</g)].map(m => { const h = xmlAttr(m[0], 'href'); return { label: m[1], file: inZip(h), id: h.split('#')[1], href: h }; });

  const types = new Map([...items.values()].map(i => [inZip(i.href), i.type]));
  const server = createServer(async (q, r) => {
    try {
      const u = decodeURIComponent(new URL(q.url, 'http://x').pathname); let b, type;
      if (u === '/book.epub') { b = book; type = 'application/epub+zip'; }
      else if (u === '/blank.html') { b = '<!doctype html><meta charset=utf-8><title>t</title><script type="importmap">{"imports":{"construct-style-sheets-polyfill":"data:text/javascript,"}}</script><body style="margin:0"><div id=v style="width:800px;height:1100px"></div>'; type = 'text/html'; }
      else if (u.startsWith('/zip/')) { const e = zip.file(u.slice(5)); if (e) { b = await e.async('nodebuffer'); type = types.get(u.slice(5)); } }
      else if (u.startsWith('/nm/')) b = await readFile(join(process.env.NODE_HOME, 'node_modules', u.slice(4)));
      if (b === undefined) { r.writeHead(404); return r.end(); }
      r.writeHead(200, { 'content-type': type || mime[extname(u)] || 'application/octet-stream' }); r.end(b);
    } catch { r.writeHead(404); r.end(); }
  });
  await new Promise(ok => server.listen(0, '127.0.0.1', ok));
  const base = `http://127.0.0.1:${server.address().port}`;
  return { zip, spine, inZip, pages, server, base };
}
