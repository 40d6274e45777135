import { Fragment, render } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { jsx, jsxs } from 'preact/jsx-runtime';
import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';

/**
 * Preact, once for all that shows something. Pages are made of modules and the banner, which is put into other people's pages, must not be: each would
 * carry a copy. So it is a script of its own that runs before them; the build has `import … from 'preact'` mean this one (`wxt.config.ts`).
 */
export default defineUnlistedScript(() => {
  (globalThis as { tsunagaruPreact?: object }).tsunagaruPreact = { Fragment, render, useEffect, useLayoutEffect, useMemo, useRef, useState, jsx, jsxs };
});
