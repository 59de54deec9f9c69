/** What rich.js uses of Trix, which brings no types. */
declare module 'trix' {
  const Trix: { config: { blockAttributes: Record<string, object> } };
  export default Trix;
  export type EditorElement = HTMLElement & {
    editorController: { inputController: { scheduledRender: number | null; render(): void } };
  };
}
