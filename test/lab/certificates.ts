import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isIPv4 } from 'node:net';

/** PEM texts; one key serves all. */
export interface Certificates {
  key: string;
  /** The authority that the browser is told to trust. */
  authority: string;
  /** By host name: what a healthy host shows. */
  good: Record<string, string>;
  expired: string;
  wrongName: string;
  unknownAuthority: string;
}

function openssl(directory: string, ...args: string[]): void {
  execFileSync('openssl', args, { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
}

/** @returns the time so many days from now as openssl reads it. */
function day(offset: number): string {
  return `${new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
}

function names(hosts: readonly string[]): string {
  return hosts.map((host) => (isIPv4(host) ? `IP:${host}` : `DNS:${host}`)).join(',');
}

/**
 * Makes the private authority and all certificates of one lab with the openssl command.
 * @param directory an existing folder; the files stay there, `ca.pem` among them.
 * @param together hosts whose healthy certificate names all of them
 */
export function makeCertificates(directory: string, hosts: readonly string[], together: readonly string[] = []): Certificates {
  const read = (file: string): string => readFileSync(join(directory, file), 'utf8');
  const key = ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out'];
  openssl(directory, ...key, 'leaf.key');
  for (const [name, subject] of [['ca', '/O=Tsunagaru lab/CN=Tsunagaru lab authority'], ['other', '/O=Somebody else/CN=Untrusted authority']] as const) {
    openssl(directory, ...key, `${name}.key`);
    openssl(directory, 'req', '-x509', '-new', '-key', `${name}.key`, '-out', `${name}.pem`, '-days', '300', '-subj', subject,
      '-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign,cRLSign');
  }
  const leaf = (file: string, authority: 'ca' | 'other', common: string, alternative: readonly string[]): string => {
    openssl(directory, 'req', '-x509', '-new', '-CA', `${authority}.pem`, '-CAkey', `${authority}.key`, '-key', 'leaf.key', '-out', file, '-days', '180',
      '-subj', `/O=Tsunagaru lab/CN=${common}`, '-addext', `subjectAltName=${names(alternative)}`, '-addext', 'basicConstraints=critical,CA:FALSE',
      '-addext', 'extendedKeyUsage=serverAuth');
    return read(file);
  };
  const good = Object.fromEntries(hosts.map((host) => [host, leaf(`good-${host}.pem`, 'ca', host, together.includes(host) ? together : [host])]));

  // Only `openssl ca` takes dates in the past (OpenSSL 3.0 has no -not_before for req).
  mkdirSync(join(directory, 'issued'));
  writeFileSync(join(directory, 'index.txt'), '');
  writeFileSync(join(directory, 'ca.cnf'), [
    '[ca]', 'default_ca = lab', '[lab]', 'database = index.txt', 'new_certs_dir = issued', 'rand_serial = yes', 'default_md = sha256', 'policy = any',
    'x509_extensions = leaf', '[any]', 'commonName = supplied', '[leaf]', `subjectAltName = ${names(hosts)}`, 'basicConstraints = critical,CA:FALSE',
    'extendedKeyUsage = serverAuth',
  ].join('\n'));
  openssl(directory, 'req', '-new', '-key', 'leaf.key', '-out', 'expired.csr', '-subj', '/CN=itunes.apple.com');
  openssl(directory, 'ca', '-batch', '-notext', '-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key', '-in', 'expired.csr', '-out', 'expired.pem',
    '-startdate', day(-200), '-enddate', day(-2));

  return {
    key: read('leaf.key'),
    authority: read('ca.pem'),
    good,
    expired: read('expired.pem'),
    wrongName: leaf('wrong.pem', 'ca', 'a248.e.akamai.net', ['a248.e.akamai.net', '*.akamaized.net']),
    unknownAuthority: leaf('unknown.pem', 'other', 'itunes.apple.com', hosts),
  };
}
