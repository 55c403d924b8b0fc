// SPDX-License-Identifier: GPL-2.0
// browser.mjs WHYDROP DIRECTORY PICTURES: reads busy.html, evil.html, names.html, large.html and
// flows.html of the directory in a browser, beside the recordings that they are of, and says in KTAP
// whether what it shows is so. large.used and flows.used: what measured.py has of these pages. CHROMIUM: another one. NODE_MODULES: where playwright-core and axe-core are.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [whydrop, dir, pictures] = process.argv.slice(2);
const need = createRequire(join(process.env.NODE_MODULES, 'x.js'));
const { chromium } = need('playwright-core');
const axe = readFileSync(need.resolve('axe-core/axe.min.js'), 'utf8');

const PLAN = 32;
const WAIT = 180000;	// on a machine that has other work
let results = 0, failed = 0;

function ok(name, good, ...why) {
	results++;
	failed += good ? 0 : 1;
	console.log(`${good ? 'ok' : 'not ok'} ${results} ${name}`);
	if (!good)
		why.forEach((w) => console.log(String(typeof w === 'object' ? JSON.stringify(w, null, 1) : w).replace(/^/gm, '# ').slice(0, 3000)));
}
const is = (name, got, want) => ok(name, got === want, `got  ${got}`, `want ${want}`);

const view = (...args) => execFileSync(whydrop, args, { cwd: dir, maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'ignore'] })
	.toString().trim().split('\n').filter(Boolean).map((l) => JSON.parse(l));
const total = (...args) => view('count', '-j', '-f', 'busy.wd', ...args).filter((l) => l.type === 'count').reduce((n, l) => n + l.count, 0);

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'], timeout: WAIT });

/* Opens a page; what it asked for, said and refused is kept. */
async function open(name, options = {}) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, offline: true, ...options });
	const page = await context.newPage();
	page.setDefaultTimeout(WAIT);
	page.requests = [];
	page.errors = [];
	page.on('request', (r) => page.requests.push(r.url()));
	page.on('pageerror', (e) => page.errors.push(e.message));
	page.on('console', (m) => ['error', 'warning'].includes(m.type()) && page.errors.push(m.text()));
	page.on('dialog', (d) => { page.errors.push('a dialog'); d.dismiss(); });
	const cdp = await context.newCDPSession(page);
	await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
	page.metrics = async () => Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map((m) => [m.name, m.value]));
	const [file, fragment] = name.split('#');
	const begun = Date.now();
	await page.goto(`file://${dir}/${file}` + (fragment ? '#' + fragment : ''), { timeout: WAIT });
	page.took = Date.now() - begun;
	return page;
}
const count = async (page) => Number((await page.textContent('#count')).replace(/,/g, ''));
const row = (page, table, key) => page.locator(`#by-${table} tr[data-key=${JSON.stringify(key)}] .name button`);
const number = async (page, table, key) =>
	Number((await page.textContent(`#by-${table} tr[data-key=${JSON.stringify(key)}] .count`)).replace(/,/g, ''));
const clear = (page) => page.click('#clear');

/* The command that the page shows, in a shell, with count in place of list. */
async function byCommand(page) {
	const text = (await page.textContent('#command')).replace(/^whydrop (list|count)/, 'exec "$WHYDROP" count -j');
	return execFileSync('sh', ['-c', text], { cwd: dir, env: { ...process.env, WHYDROP: whydrop }, stdio: ['ignore', 'pipe', 'ignore'] })
		.toString().trim().split('\n').map((l) => JSON.parse(l)).filter((l) => l.type === 'count').reduce((n, l) => n + l.count, 0);
}

console.log('KTAP version 1\n1..' + PLAN);
const page = await open('busy.html');

// ---- what it shows at first ----
is('all drops are counted', await count(page), total());
const reasons = view('count', '-j', '-f', 'busy.wd').filter((l) => l.type === 'count');
const shown = [];
for (const r of reasons)
	shown.push([r.reason, await number(page, 'reason', r.reason)].join());
is('each reason as count has it', shown.join(' '), reasons.map((r) => [r.reason, r.count].join()).join(' '));
const devs = view('count', '-j', '-f', 'busy.wd', '--by', 'dev').filter((l) => l.type === 'count');
const shownDevs = [];
for (const d of devs)
	shownDevs.push([d.dev, await number(page, 'dev', (d.dev ?? '') + '@' + d.netns)].join());
is('each device', shownDevs.join(' '), devs.map((d) => [d.dev, d.count].join()).join(' '));
const lost = view('count', '-j', '-f', 'busy.wd').find((l) => l.type === 'loss').lost;
ok('what was lost stands on top', (await page.textContent('#losses')).includes(
	lost.overwritten.toLocaleString('en-US') + ' events lost'), await page.textContent('#losses'));
const verdict = await page.textContent('#verdict');
ok('and then what is bad', /SOCKET_RCVBUFF/.test(verdict.split('TCP_LISTEN')[0]) && !/OTHERHOST/.test(verdict), verdict);

// ---- a selection ----
await row(page, 'reason', 'SOCKET_RCVBUFF').click();
is('a click on a reason selects it', await count(page), total('-r', 'SOCKET_RCVBUFF'));
is('in all tables', await number(page, 'flow', '10.0.42.7:41514 > 10.0.42.2:514 UDP'),
	view('count', '-j', '-f', 'busy.wd', '--by', 'flow', '-r', 'SOCKET_RCVBUFF').find((l) => l.flow === '10.0.42.7:41514 > 10.0.42.2:514 UDP').count);
is('the command does the same', await byCommand(page), await count(page));
ok('what the reason means is shown', (await page.textContent('.explain')).includes(
	view('explain', '-j', '-f', 'busy.wd', 'SOCKET_RCVBUFF').find((l) => l.type === 'explain' || l.meaning).meaning), await page.textContent('.explain'));
await row(page, 'flow', '10.0.42.9:50123 > 10.0.42.2:514 UDP').click();
is('a flow besides', await count(page), total('-r', 'SOCKET_RCVBUFF', 'src host 10.0.42.9 and udp'));
is('and its command', await byCommand(page), await count(page));
await clear(page);
await row(page, 'dev', 'veth3@4026532281').click();
await row(page, 'intent', 'bad').click();
is('a device and a kind, by command', await byCommand(page), await count(page));
await clear(page);
await page.locator('#flame button', { hasText: 'nf_hook_slow' }).first().click();
is('a click on a frame selects the stacks that have it', await count(page),
	view('stacks', '-j', '-f', 'busy.wd').filter((l) => l.stack?.some((f) => f.startsWith('nf_hook_slow+'))).reduce((n, l) => n + l.count, 0));
await clear(page);

// ---- time ----
const events = view('list', '-j', '-f', 'busy.wd').filter((l) => l.type === 'drop');
const ns = (e) => BigInt(Date.parse(e.time.slice(0, 19) + 'Z')) * 1000000n + BigInt(e.time.slice(20, 29));
async function inTime(p) {
	const [from, to] = /time=(\d+)-(\d+)/.exec(p.url()).slice(1).map(BigInt);
	const [start, span] = await p.evaluate(() => [whydrop.data.start, whydrop.data.span]);
	const low = BigInt(start) + from * BigInt(span), high = BigInt(start) + (to + 1n) * BigInt(span);
	return events.filter((e) => ns(e) >= low && ns(e) < high);
}
await page.locator('#plot').scrollIntoViewIfNeeded();
const box = await page.locator('#plot').boundingBox();
await page.mouse.move(box.x + box.width * 0.55, box.y + 50);
await page.mouse.down();
await page.mouse.move(box.x + box.width * 0.60, box.y + 60, { steps: 4 });
await page.mouse.up();
const brushed = await inTime(page);
ok('dragging over the timeline selects that time', brushed.length > 100 && brushed.length < events.length / 2 &&
	await count(page) === brushed.length, await count(page), brushed.length, page.url());
await row(page, 'reason', 'SOCKET_RCVBUFF').click();
is('of one reason', await count(page), brushed.filter((e) => e.reason === 'SOCKET_RCVBUFF').length);
const again = await open('busy.html#' + page.url().split('#')[1]);
is('the address has the selection', await count(again), await count(page));
ok('which another page shows', await again.getAttribute('#by-reason tr.on', 'data-key') === 'SOCKET_RCVBUFF');
await again.close();
await page.click('#zoom');
ok('zoomed in, that time is all of the timeline', /zoom=/.test(page.url()) && !/time=/.test(page.url()), page.url());
await page.click('#whole');
await clear(page);
await page.focus('#plot');
for (const key of ['ArrowLeft', 'ArrowLeft', 'Shift+ArrowRight'])
	await page.keyboard.press(key);
ok('arrow keys select a time', await count(page) === (await inTime(page)).length && await count(page) > 0, page.url());
await page.keyboard.press('Escape');
is('Escape shows all again', await count(page), total());
await row(page, 'comm', 'curl').focus();
await page.keyboard.press('Enter');
ok('a row is selected by the keyboard, and keeps the focus', await count(page) === total('--comm', 'curl') &&
	await page.evaluate(() => document.activeElement.closest('tr')?.dataset.key) === 'curl', await count(page));

// ---- events ----
const first = page.locator('#events details').first();
await first.locator('summary').click();
await first.locator('.event').waitFor();
const curl = view('list', '-jx', '-f', 'busy.wd', '--comm', 'curl').find((l) => l.type === 'drop');
const said = await first.textContent();
ok('an event has its packet decoded, its stack and its fields', said.includes(`IPv4: ${curl.src} > ${curl.dst}`) &&
	said.includes(`ports ${curl.sport} > ${curl.dport}`) && said.includes(curl.stack[3]) && said.includes(`ino ${curl.sock.ino}`) &&
	said.includes(curl.mono), said);
ok('nothing was asked for but the page, and nothing went wrong', page.requests.length === 1 && !page.errors.length,
	page.requests, page.errors);
const refused = await page.evaluate(async () => {
	const said = [];
	document.addEventListener('securitypolicyviolation', (e) => said.push(e.effectiveDirective));
	await fetch('http://127.0.0.1:9/').catch(() => {});
	const img = document.body.appendChild(new Image());
	img.src = 'http://127.0.0.1:9/x.png';
	const script = document.body.appendChild(document.createElement('script'));
	script.textContent = 'window.owned = 1';
	await new Promise((done) => setTimeout(done, 500));
	return said.join() + (window.owned ?? '');
});
ok("the page's policy refuses what would", /connect-src/.test(refused) && /img-src/.test(refused) && /script-src/.test(refused) &&
	!/1$/.test(refused), refused);
await page.close();

// ---- names that are markup ----
const evil = await open('evil.html');
const inside = await evil.evaluate(() => [...document.querySelectorAll('body img, body iframe, body script, body b script, body a')].length);
ok('names that are markup are text', inside === 2 && !evil.errors.length && evil.requests.length === 1 &&
	(await evil.textContent('#by-comm')).includes('</script>') && (await evil.textContent('#by-dev')).includes('<!--') &&
	(await evil.textContent('#by-reason')).includes('<!--NO-->'), inside, evil.errors, await evil.textContent('main'));
await evil.close();

// ---- for everybody ----
const wrong = [];
for (const [name, options, fragment] of [
	['light', { colorScheme: 'light' }, ''],
	['dark', { colorScheme: 'dark', reducedMotion: 'reduce' }, '#reason=SOCKET_RCVBUFF'],
	['phone', { colorScheme: 'light', viewport: { width: 390, height: 844 } }, ''],
]) {
	const p = await open('busy.html' + fragment, options);
	await p.locator('#events details summary').first().click();
	await p.locator('#events .event').first().waitFor();
	const found = await p.evaluate(axe + '\n;axe.run(document, { resultTypes: ["violations"] })');
	for (const v of found.violations) {
		console.log(`# ${name}: ${v.impact}: ${v.id}: ${v.nodes.length} times, ${v.nodes[0].html.slice(0, 150)}`);
		if (['serious', 'critical'].includes(v.impact))
			wrong.push(`${name}: ${v.id}`, v.nodes[0].failureSummary);
	}
	const wide = await p.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
	if (wide > 0)
		wrong.push(`${name}: ${wide} pixels too wide`);
	await p.screenshot({ path: join(pictures, name + '.png'), fullPage: true, timeout: WAIT });
	if (name === 'light') {
		await p.evaluate(() => scrollTo(0, 0));
		await p.screenshot({ path: join(pictures, 'first.png'), timeout: WAIT });
		await p.emulateMedia({ media: 'print' });
		if (await p.isVisible('.controls'))
			wrong.push('buttons are printed');
		await p.screenshot({ path: join(pictures, 'print.png'), fullPage: true, timeout: WAIT });
	}
	await p.context().close();
}
ok('axe finds nothing serious, in light, dark and on a phone, and nothing is too wide', !wrong.length, ...wrong);
const named = await open('names.html');
const spaces = await named.textContent('#by-netns'), socks = await named.textContent('#by-sock');
ok('namespaces and sockets have the names of the recording', spaces.includes('docker:web (101)') &&
	socks.includes(' of nginx/42 nginx.service') && socks.includes('docker:web') && !named.errors.length, spaces, socks, named.errors);

// ---- several hosts, whose namespaces have the same number ----
const several = await open('hosts.html');
await row(several, 'netns', '4026531840@web2').click();
const hosts = view('count', '-j', '-f', 'hosts.wd', '--by', 'host').filter((l) => l.type === 'count');
ok('namespaces and devices of several hosts are apart, and that no command selects a host is said', await count(several) === hosts.find((l) => l.host === 'web2').count &&
	await number(several, 'dev', 'lo@4026531840 of web2') === await count(several) && await several.locator('#by-netns tbody tr').count() === hosts.length &&
	(await several.textContent('#by-netns')).includes('4026531840 of web2') && /the host/.test(await several.textContent('p.command')) &&
	!several.errors.length, await several.textContent('main'), several.errors);
await several.context().close();

// ---- many events: of a busy host, and of one where each packet is another flow ----
for (const name of ['large', 'flows']) {
	const p = await open(name + '.html');
	const drops = await count(p), { size } = statSync(join(dir, name + '.html'));
	/* What the page itself takes; how long that is depends on what else the machine does. */
	const seconds = (await p.metrics()).TaskDuration;
	const [kb, cpu, clock, status] = readFileSync(join(dir, name + '.used'), 'utf8').trim().split(' ');
	ok(`${name}: a page of many events, below 20 MB, opens`, drops > 0.9 * process.env.EVENTS && size < 20e6 && !p.errors.length && status === '0',
		drops, size, p.errors, status);
	ok('within 2 seconds of CPU time', seconds < 2, `${seconds} s`);
	console.log(`# ${drops} drops: ${size} bytes, of whydrop ${kb} KB of memory, ${cpu} s of CPU time, ${clock} s; ` +
		`to open, ${Math.round(seconds * 1000)} ms of CPU time, ${p.took} ms until it was loaded`);
	await p.context().close();
}
await browser.close();
process.exit(failed ? 1 : results === PLAN ? 0 : 2);
