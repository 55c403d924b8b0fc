#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""page.py FILE: a page of a report has nothing but what the policy in its head allows."""
import base64
import hashlib
import html.parser
import json
import re
import sys

TAGS = ['html', 'head', 'meta', 'meta', 'meta', 'meta', 'meta', 'meta', 'title', 'style', 'body', 'noscript', 'p', 'code',
        'header', 'main', 'footer', 'script', 'script']


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.attrs, self.text, self.comments, self.now = [], [], {}, [], ''

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attrs += [(tag, k, v) for k, v in attrs]
        self.now = tag if tag != 'script' or not attrs else 'data'

    def handle_endtag(self, tag):
        self.now = ''

    def handle_data(self, data):
        self.text[self.now] = self.text.get(self.now, '') + data

    def handle_comment(self, data):
        self.comments.append(data)


def main():
    text = open(sys.argv[1], encoding='utf-8', errors='strict').read()
    page = Page()
    page.feed(text)
    wrong = []
    if page.tags != TAGS:
        wrong.append(f'elements: {page.tags}')
    if page.comments:
        wrong.append(f'comments: {page.comments}')
    for tag, key, value in page.attrs:
        if key in ('src', 'href', 'action', 'style') or key.startswith('on') or (value and '//' in value):
            wrong.append(f'an attribute: {tag} {key}={value}')
    policy = [v for t, k, v in page.attrs if t == 'meta' and k == 'content' and v.startswith('default-src')]
    digest = {k: "'sha256-" + base64.b64encode(hashlib.sha256(page.text[k].strip('\n').encode()).digest()).decode() + "'"
              for k in ('script', 'style')}
    want = ("default-src 'none'; script-src " + digest['script'] + '; style-src ' + digest['style'] +
            "; base-uri 'none'; form-action 'none'")
    if policy != [want]:
        wrong.append(f'policy {policy}, not {want}')
    for word in ('fetch(', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'sendBeacon', 'import(', 'eval(', 'Function(',
                 'innerHTML', 'outerHTML', 'insertAdjacentHTML', 'document.write', 'localStorage', 'cookie=', '.src='):
        if word in page.text['script']:
            wrong.append(f'the script has {word}')
    for word in re.findall(r'https?://[^\'"` ]+', page.text['script']):
        if word != 'http://www.w3.org/2000/svg':
            wrong.append(f'the script has {word}')
    for word in ('url(', '@import', '@font-face'):
        if word in page.text['style']:
            wrong.append(f'the style has {word}')
    if re.search('[<>&\u2028\u2029]', page.text['data']):
        wrong.append('the data has what could be markup')
    json.loads(page.text['data'])
    print('\n'.join(wrong))
    return bool(wrong)


sys.exit(main())
