import { render } from "preact";
import { App } from "./page/app";
import { start } from "./page";

start();
render(<App />, document.getElementById("page")!);
