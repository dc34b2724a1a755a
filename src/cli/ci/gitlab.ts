import type { CiForm } from "./form.ts";

const erase = "\u001b[0K";

/** Sections of GitLab's job log. What is wrong with which file goes into a report: `--code-quality`. */
export function gitlab(now: () => number = Date.now): CiForm {
  let count = 0;
  const marker = (what: "start" | "end", more = "") =>
    `${erase}section_${what}:${Math.floor(now() / 1000)}:slipway_${process.pid}_${count}${more}\r${erase}`;
  return {
    open(title) {
      count += 1;
      return `${marker("start", "[collapsed=true]")}${title}\n`;
    },
    close: () => `${marker("end")}\n`,
    neutral: (text) => text.replace(/section_(?=(start|end):)/g, "section_\u200b"),
    publish: async () => [],
  };
}
