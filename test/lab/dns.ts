/** Just enough of RFC 1035 for a resolver of twenty names: one question in, addresses and aliases out. */

export const TYPE: Readonly<Record<string, number>> = { A: 1, NS: 2, CNAME: 5, SOA: 6, TXT: 16, AAAA: 28, HTTPS: 65 };
export const RCODE = { noError: 0, servFail: 2, nxDomain: 3 } as const;

export interface Question {
  id: number;
  /** Lower case, without the final dot. */
  name: string;
  type: number;
}

export interface DnsRecord {
  name: string;
  type: 'A' | 'CNAME';
  ttl: number;
  data: string;
}

/** @returns the question of a query packet, null where the packet is no query. */
export function decodeQuery(packet: Buffer): Question | null {
  if (packet.length < 17 || (packet[2]! & 0x80) !== 0) return null;
  const labels: string[] = [];
  let at = 12;
  for (;;) {
    const length = packet[at];
    if (length === undefined || length > 63) return null;
    at += 1;
    if (length === 0) break;
    labels.push(packet.toString('latin1', at, at + length));
    at += length;
  }
  if (at + 4 > packet.length) return null;
  return { id: packet.readUInt16BE(0), name: labels.join('.').toLowerCase(), type: packet.readUInt16BE(at) };
}

function encodeName(name: string): Buffer {
  const parts = name.split('.').filter(Boolean).map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')]));
  return Buffer.concat([...parts, Buffer.from([0])]);
}

/** @returns the answer packet to a question (recursion available, class IN). */
export function encodeAnswer(question: Question, rcode: number, records: readonly DnsRecord[]): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(question.id, 0);
  header.writeUInt16BE(0x8180 | rcode, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  const asked = Buffer.alloc(4);
  asked.writeUInt16BE(question.type, 0);
  asked.writeUInt16BE(1, 2);
  const parts = [header, encodeName(question.name), asked];
  for (const record of records) {
    const data = record.type === 'A' ? Buffer.from(record.data.split('.').map(Number)) : encodeName(record.data);
    const head = Buffer.alloc(10);
    head.writeUInt16BE(TYPE[record.type]!, 0);
    head.writeUInt16BE(1, 2);
    head.writeUInt32BE(record.ttl, 4);
    head.writeUInt16BE(data.length, 8);
    parts.push(encodeName(record.name), head, data);
  }
  return Buffer.concat(parts);
}
