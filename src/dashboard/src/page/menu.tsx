import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** A panel that opens below its label, and closes where the reader goes elsewhere. */
export function Menu({ label, isOpen, onToggle, children }: {
  label: ComponentChildren;
  isOpen: boolean;
  onToggle: (isOpen: boolean) => void;
  children: ComponentChildren;
}) {
  const menu = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (!isOpen) {
      return;
    }
    const elsewhere = (event: Event) => {
      if (!menu.current!.contains(event.target as Node)) {
        onToggle(false);
      }
    };
    document.addEventListener("pointerdown", elsewhere);
    document.addEventListener("focusin", elsewhere);
    return () => {
      document.removeEventListener("pointerdown", elsewhere);
      document.removeEventListener("focusin", elsewhere);
    };
  }, [isOpen, onToggle]);
  return (
    <details
      class="menu"
      ref={menu}
      open={isOpen}
      onToggle={(event) => {
        if (event.currentTarget.open !== isOpen) {
          onToggle(event.currentTarget.open);
        }
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          // The browser tells later that it has opened the menu, and may not have told yet.
          event.currentTarget.open = false;
          onToggle(false);
          event.currentTarget.querySelector("summary")!.focus();
        }
      }}
    >
      <summary>{label}</summary>
      {children}
    </details>
  );
}
