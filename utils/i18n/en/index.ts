import { app } from './app.ts';

/** The source catalogue: its keys are the contract, its placeholders the parameters. One file per area beside this one. */
export const en = { ...app };
export type Source = typeof en;
