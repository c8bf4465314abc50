'use strict';

const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, 'fixtures');

/** Names of the sets. */
const sets = fs.readdirSync(root).sort();

/** Path of a set's folder; throws RangeError for a set that is not there. */
function folder(set) {
  if (!sets.includes(set)) throw new RangeError(`there is no fixture set "${set}"; known: ${sets.join(', ')}`);
  return path.join(root, set);
}

/** The manifest of a set (relayproof.fixtures/1). */
function manifest(set) {
  return JSON.parse(fs.readFileSync(path.join(folder(set), 'manifest.json'), 'utf8'));
}

/** One certificate of a set by its id, its files as absolute paths; throws RangeError for an id that is not there. */
function fixture(set, id) {
  const found = manifest(set).certificates.find((certificate) => certificate.id === id);
  if (!found) throw new RangeError(`there is no fixture "${id}" in the set ${set}`);
  const files = Object.entries(found.files).map(([what, name]) => [what, path.join(folder(set), name)]);
  return { ...found, files: Object.fromEntries(files) };
}

module.exports = { sets, folder, manifest, fixture };
