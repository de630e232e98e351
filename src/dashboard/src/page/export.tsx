import { signal } from "@preact/signals";
import { exportCsv, exportPng, exportSvg } from "../charts";
import { currency, edits, projected, projection, revision, view } from "../page";
import { Menu } from "./menu";

const isOpen = signal(false);

/** With edits that nobody has saved it is no revision. */
function about() {
  const now = new Date();
  return { revision: Object.keys(edits.value).length > 0 ? null : revision.value, on: { year: now.getFullYear(), month: now.getMonth() + 1, day: now.getDate() } };
}

/** The projection on the page as a file: picture or figures. */
export function Export() {
  const isReady = projected.value !== null && currency.value === "current";
  const ways: readonly (readonly [string, () => unknown])[] = [
    ["PNG, a picture", () => exportPng(projection.value!, view.value, about())],
    ["SVG, a picture to scale", () => exportSvg(projection.value!, view.value, about())],
    ["CSV, the figures", () => exportCsv(projection.value!, about())],
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
