import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Translate } from '../../utils/i18n/translate.ts';

export const SECTIONS = ['checks', 'notify', 'pages', 'opinion', 'price', 'look', 'rehearsal', 'data'] as const;

export function Section({ id, t, children }: { id: (typeof SECTIONS)[number]; t: Translate; children: ComponentChildren }) {
  return (
    <section id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t(`options.${id}`)}</h2>
      <div class="panel">{children}</div>
    </section>
  );
}

interface Named {
  id: string;
  label: string;
  hint: string;
  /** Why it cannot be changed here; the control is then shown as it stands. */
  fixed?: string | undefined;
}

/** The line under a setting's name. */
function Hint({ id, hint, fixed }: Omit<Named, 'label'>) {
  return <p id={`${id}-hint`}>{hint}{fixed !== undefined && <> <strong class="fixed">{fixed}</strong></>}</p>;
}

/** A setting: its name and one line that explains it, the control beside them. The fieldset is there to switch it off; read aloud it would be a group without a name. */
export function Row({ id, label, hint, fixed, children }: Named & { children: ComponentChildren }) {
  return (
    <div class="setting">
      <div class="words">
        <label for={id}>{label}</label>
        <Hint id={id} hint={hint} fixed={fixed} />
      </div>
      <fieldset class="control" role="none" disabled={fixed !== undefined}>{children}</fieldset>
    </div>
  );
}

/** The same for several controls that belong together. @param apart each of them can be fixed by itself */
export function Group({ id, label, hint, fixed, apart, children }: Named & { apart?: boolean; children: ComponentChildren }) {
  return (
    <div class="setting" role="group" aria-labelledby={id} aria-describedby={`${id}-hint`}>
      <div class="words">
        <span class="label" id={id}>{label}</span>
        <Hint id={id} hint={hint} fixed={fixed} />
      </div>
      <fieldset class="control" role="none" disabled={!apart && fixed !== undefined}>{children}</fieldset>
    </div>
  );
}

export function Switch({ on, set, ...named }: Named & { on: boolean; set(on: boolean): void }) {
  return (
    <Row {...named}>
      <input id={named.id} class="switch" type="checkbox" role="switch" checked={on} aria-describedby={`${named.id}-hint`} onChange={(event) => set(event.currentTarget.checked)} />
    </Row>
  );
}

export interface Choice<T extends string | number> {
  value: T;
  label: string;
}

export function Select<T extends string | number>({ id, value, choices, set, label, fixed }: { id: string; value: T; choices: readonly Choice<T>[]; set(value: T): void; label?: string; fixed?: string | undefined }) {
  return (
    <select id={id} disabled={fixed !== undefined} aria-label={label} aria-describedby={label ? undefined : `${id}-hint`} value={String(value)} onChange={(event) => {
      const chosen = choices.find((choice) => String(choice.value) === event.currentTarget.value);
      if (chosen) set(chosen.value);
    }}>
      {choices.map((choice) => <option key={choice.value} value={String(choice.value)}>{choice.label}</option>)}
    </select>
  );
}

export function Pick<T extends string | number>({ value, choices, set, ...named }: Named & { value: T; choices: readonly Choice<T>[]; set(value: T): void }) {
  return <Row {...named}><Select id={named.id} value={value} choices={choices} set={set} /></Row>;
}

/** A number within bounds: what lies outside, or is no number, is not taken, and the words next to the field say so. */
export function Amount({ id, value, min, max, set, label, t }: { id: string; value: number; min: number; max: number; set(value: number): void; label?: string; t: Translate }) {
  // What was typed and is not taken stays in the field, beside the words that say why.
  const [wrong, setWrong] = useState<string | null>(null);
  const [stored, setStored] = useState(value);
  if (stored !== value) {
    setStored(value);
    setWrong(null);
  }
  return (
    <>
      <input id={id} type="number" inputMode="decimal" value={wrong ?? value} min={min} max={max} step="any" required aria-label={label} aria-invalid={wrong !== null} aria-describedby={`${label ? '' : `${id}-hint `}${id}-flaw`}
        onChange={(event) => {
          const next = event.currentTarget.valueAsNumber;
          const good = Number.isFinite(next) && next >= min && next <= max;
          setWrong(good ? null : event.currentTarget.value);
          if (good) set(next);
        }} />
      <span class="field-flaw" id={`${id}-flaw`} role="status">{wrong !== null && t('options.bounds', { low: min, high: max, kept: value })}</span>
    </>
  );
}
