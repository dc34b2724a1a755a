// Makes the pictures of docs/images anew: runs the action on a sandbox and a fake GitHub, and has a browser draw what it wrote.
//   node scripts/pictures.ts [the path of chromium]
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { eventRows } from "../test/github/event-rows.ts";
import { runEvents, type Told } from "../test/github/run-events.ts";
import { writeBundles } from "./bundle.ts";
import { type Frame, pageOf } from "./pictures/page.ts";

type Picture = { row: string; frame: Frame; of: (told: Told) => string | undefined };

const pictures: Record<string, Picture> = {
  "rolled-back": { row: "push-breaks", frame: { kind: "summary" }, of: ({ finished }) => finished.summary },
  "plan-comment": {
    row: "pull-request-opened",
    frame: { kind: "comment" },
    of: ({ github }) => github.comments[0]?.body,
  },
  "preview-comment": {
    row: "preview-opened",
    frame: { kind: "comment" },
    of: ({ github }) => github.comments[0]?.body,
  },
  "drift-issue": {
    row: "drift-is-found",
    frame: { kind: "issue", title: "Drift of shop in namespace shop" },
    of: ({ github }) => github.issues[0]?.body,
  },
};

const chromium = process.argv[2] ?? "chromium";
const folder = mkdtempSync(join(tmpdir(), "slipway-pictures-"));
const target = "docs/images";

function browse(page: string, ...args: string[]): string {
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1"];
  return execFileSync(chromium, [...flags, ...args, pathToFileURL(page).href], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}

function draw(name: string, markdown: string, frame: Frame): void {
  const page = join(folder, `${name}.html`);
  writeFileSync(page, pageOf(markdown, frame));
  const [, height = "600"] = /data-height="(\d+)"/.exec(browse(page, "--window-size=900,400", "--dump-dom")) ?? [];
  const file = resolve(target, `${name}.png`);
  browse(page, `--window-size=900,${height}`, `--screenshot=${file}`);
  console.log(`${target}/${name}.png: 900 x ${height}`);
}

mkdirSync(target, { recursive: true });
try {
  await writeBundles(folder, ["action"]);
  for (const [name, { row, frame, of }] of Object.entries(pictures)) {
    const events = eventRows[row];
    if (events === undefined) throw new Error(`There is no row ${row}`);
    const markdown = of(await runEvents(events, { bundle: join(folder, "action.js"), folder }));
    if (markdown === undefined) throw new Error(`${row} wrote nothing to draw`);
    draw(name, markdown, frame);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
