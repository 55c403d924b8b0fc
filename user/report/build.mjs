#!/usr/bin/env node
// SPDX-License-Identifier: GPL-2.0-only
// Makes the page of reports of its sources: build [FILE], report.html beside it by default.
// Needs esbuild of the version in package.json: npm ci --ignore-scripts
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const modules = process.env.WHYDROP_MODULES ?? here;
const esbuild = createRequire(join(modules, 'x.js'))('esbuild');
const read = (name) => readFileSync(join(here, name), 'utf8');
const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const script = (await esbuild.build({
	entryPoints: [join(here, 'src/main.ts')],
	bundle: true, minify: true, write: false, charset: 'ascii', format: 'iife', target: 'es2020',
})).outputFiles[0].text.trim();
const style = (await esbuild.transform(read('style.css'), { loader: 'css', minify: true })).code.trim();

if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style))
	throw new Error('the script or the style would end too early');

// By this, tests/report finds without node that the page is of other sources.
const sources = ['build.mjs', 'package.json', 'page.html', ...readdirSync(join(here, 'src')).sort().map((f) => `src/${f}`), 'style.css'];
const parts = {
	SOURCES: createHash('sha256').update(sources.map(read).join('')).digest('hex').slice(0, 16),
	POLICY: "default-src 'none'; script-src " + hash(script) + '; style-src ' + hash(style) +
		"; base-uri 'none'; form-action 'none'",
	STYLE: style,
	SCRIPT: script,
};
writeFileSync(process.argv[2] ?? join(here, 'report.html'),
	read('page.html').replace(/@(POLICY|SOURCES|STYLE|SCRIPT)@/g, (_, name) => parts[name]));
