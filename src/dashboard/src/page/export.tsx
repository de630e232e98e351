import { signal } from "@preact/signals";
import { exportCsv, exportPng, exportSvg } from "../charts";
import { currency, projection, view } from "../page";
import { Menu } from "./menu";

const isOpen = signal(false);

/** The projection on the page as a file: picture or figures. */
export function Export() {
  const shown = projection.value;
  const isReady = shown !== null && currency.value === "current";
  const ways: readonly (readonly [string, () => unknown])[] = [
    ["PNG, a picture", () => exportPng(shown!, view.value)],
    ["SVG, a picture to scale", () => exportSvg(shown!, view.value)],
    ["CSV, the figures", () => exportCsv(shown!)],
    ["Print, or PDF", () => print()],
  ];
  return (
    <Menu label="Export" isOpen={isOpen.value} onToggle={(open) => { isOpen.value = open; }}>
      <ul>
        {ways.map(([label, save]) => (
          <li key={label}>
            <button
              type="button"
              disabled={!isReady}
              onClick={() => {
                isOpen.value = false;
                void save();
              }}
            >
              {label}
            </button>
          </li>
        ))}
      </ul>
    </Menu>
  );
}
