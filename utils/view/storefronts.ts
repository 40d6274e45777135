/** ISO 3166 codes of the countries that have a storefront, as the vendor's own list of storefronts names them. */
const STOREFRONTS: readonly string[] = (
  'ad ae af ag ai al am ao ar at au az ba bb bd be bf bg bh bj bm bn bo br bs bt bw by bz ca ' +
  'cd cf cg ch ci cl cm cn co cr cv cy cz de dk dm do dz ec ee eg es et fi fj fm fr ga gb gd ' +
  'ge gh gm gn gr gt gw gy hk hn hr hu id ie il in iq is it jm jo jp ke kg kh kn kr kw ky kz ' +
  'la lb lc li lk lr lt lu lv ly ma mc md me mg mk ml mm mn mo mr ms mt mu mv mw mx my mz na ' +
  'ne ng ni nl no np nr nz om pa pe pg ph pk pl ps pt pw py qa ro rs ru rw sa sb sc se sg si ' +
  'sk sl sn sr st sv sz tc td th tj tm tn to tr tt tw tz ua ug us uy uz vc ve vg vn vu ws xk ' +
  'ye za zm zw '
).trim().split(' ');

/** @returns the storefronts with their names in a language, in its order. */
export function storefrontsIn(language: string): { code: string; name: string }[] {
  const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'code' });
  return STOREFRONTS.map((code) => ({ code, name: names.of(code.toUpperCase()) ?? code })).sort((a, b) => a.name.localeCompare(b.name, language));
}
