'use strict';
// Reads certificates of the npm package with Node's own parser and holds them against the manifest.
const crypto = require('node:crypto');
const fs = require('node:fs');
const fixtures = require('relayproof-fixtures');

const { files, presented } = fixtures.fixture('core', 'valid-both');
const leaf = new crypto.X509Certificate(fs.readFileSync(files.chain));
const names = presented.filter((name) => name.kind === 'DNS-ID').map((name) => `DNS:${name.value}`);
if (leaf.subjectAltName !== names.join(', ')) throw new Error(`${leaf.subjectAltName} is not ${names.join(', ')}`);
if (!leaf.checkPrivateKey(crypto.createPrivateKey(fs.readFileSync(files.key)))) throw new Error('the key does not fit');
let refused = false;
try {
  fixtures.fixture('core', 'no-such-fixture');
} catch (error) {
  refused = error instanceof RangeError;
}
if (!refused) throw new Error('an unknown id is not refused');
console.log(`${fixtures.sets.join(', ')}: read`);
