export * from '../../utils/view/examples.ts';
