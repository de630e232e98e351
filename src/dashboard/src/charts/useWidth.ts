import { useLayoutEffect, useState } from "preact/hooks";

/** Width of the room that an element has, in whole pixels; null until it is known. */
export function useWidth(container: { readonly current: Element | null }): number | null {
  const [width, setWidth] = useState<number | null>(null);
  useLayoutEffect(() => {
    const element = container.current!;
    const measure = () => setWidth(Math.floor(element.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [container]);
  return width;
}
