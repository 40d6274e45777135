import type { Catalogue } from '../translate.ts';
import { app } from './app.ts';

export const ja: Catalogue = { ...app };
