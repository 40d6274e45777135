import { expect, test } from 'vitest';
import { statedCauses } from './stated-cause.ts';

test.each([
  ['Flushing the DNS cache or changing to another resolver may help.', ['dns']],
  ['We have determined that an authentication certificate has expired.', ['tls-certificate']],
  ['Elevated errors for customers in one location, caused by a cooling-related failure.', ['fire-cooling']],
  ['データセンターの停電により、サービスをご利用いただけません。', ['power']],
  ['Since 07:24 our systems have had a failure due to a cyber attack from outside.', ['overload-ddos']],
  ['アクセス集中によりつながりにくくなっています。', ['overload-ddos']],
  ['An intruder attempted to secure personal information.', ['security-shutdown']],
  ['The delays are caused by a core switch failure.', ['network-device']],
  ['決済会社の障害により購入できません。', ['payment-external']],
  ['A configuration change has been rolled back.', ['configuration', 'application-release']],
])('%s → %j', (text, causes) => {
  expect(statedCauses(text)).toEqual(causes);
});

test.each([
  'Some users are affected. Users may be experiencing a problem with this service.',
  'Users may be unable to play new releases.',
  'Users may be unable to upgrade iCloud storage.',
  'Please do not switch such a device on.',
  'ユーザは、このサービスで問題が起きている可能性があります。',
  'ニューリリースが再生できない場合があります。',
  '',
])('names nothing: %s', (text) => {
  expect(statedCauses(text)).toEqual([]);
});
