import type { Translation } from '../translate.ts';
import type { rehearsal as source } from '../en/rehearsal.ts';

export const rehearsal: Translation<typeof source> = {
  'rehearsal.2015-dns': '2015년 3월 11일: iTunes Store와 App Store, 내부 DNS 오류, 12시간',
  'rehearsal.26-hours': '어느 이용자의 경험: 26시간 동안 iTunes Store 접속 불가',
  'rehearsal.sign-in': '50분 동안 아무도 로그인할 수 없음. 나머지는 정상',
  'rehearsal.own-line': '비교용: 겉모습은 같지만 내 연결의 문제',
  'rehearsal.speed': '{played}을 1분에, 모두 {length}',
  'rehearsal.started': '시작되었습니다. 아이콘과 팝업을 보거나 스토어 페이지를 열어 보세요.',
  'rehearsal.playing': '지금 실행 중: {title}',
  'rehearsal.stop': '중지',
  'rehearsal.failed': '하지 못했습니다: {reason}',
};
