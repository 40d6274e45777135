/** JSX for what is drawn once and never changes: elements at once, instead of a description of them. The build gives it to the popup's first script. */

type Child = Node | string | number | boolean | null | undefined | readonly Child[];
type Props = Readonly<Record<string, unknown>> & { children?: Child };

const SVG = 'http://www.w3.org/2000/svg';
const DRAWN: ReadonlySet<string> = new Set(['svg', 'g', 'path', 'circle', 'rect']);

function put(parent: Node, child: Child): void {
  if (Array.isArray(child)) for (const each of child as readonly Child[]) put(parent, each);
  else if (child instanceof Node) parent.appendChild(child);
  else if (typeof child === 'string' || typeof child === 'number') parent.appendChild(document.createTextNode(String(child)));
}

/** @returns the element with its attributes and children, or what the component makes of its properties. */
export function jsx(type: string | ((props: Props) => Node), props: Props): Node {
  if (typeof type === 'function') return type(props);
  const element = DRAWN.has(type) ? document.createElementNS(SVG, type) : document.createElement(type);
  for (const [name, value] of Object.entries(props)) {
    if (name === 'children') put(element, props.children);
    else if (typeof value === 'string' || typeof value === 'number') element.setAttribute(name, String(value));
  }
  return element;
}

export const jsxs = jsx;

/** @returns its children, without an element around them. */
export function Fragment({ children }: Props): Node {
  const fragment = document.createDocumentFragment();
  put(fragment, children);
  return fragment;
}
