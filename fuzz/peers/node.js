#!/usr/bin/env node
// Node's check of a host name (tls.checkServerIdentity), for `relayproof match --table --compare fuzz/peers/node.js`.
const tls = require('node:tls');

// As Node itself writes subjectAltName.
const written = (name) => (/^[!#-&(-+\--[\]-~]*$/.test(name) ? name : JSON.stringify(name));

function matches({pattern, presented, kind}) {
  const certificate = kind === 'CN' ? {subject: {CN: presented}} : {subject: {}, subjectaltname: `DNS:${written(presented)}`};
  return tls.checkServerIdentity(pattern, certificate) === undefined;
}

require('node:readline').createInterface({input: process.stdin}).on('line', (line) => {
  const question = JSON.parse(line);
  const declined = question.presented === undefined ? 'reads no certificates here'
    : question.pattern.startsWith('*') ? 'a wildcard is no host name' : undefined;
  console.log(JSON.stringify({id: question.id, ...(declined ? {skip: declined} : {match: matches(question)})}));
});
