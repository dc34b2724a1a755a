import { stripVTControlCharacters } from "node:util";

type Output = { write(text: string): void; columns?: number };

/**
 * Lines that change in place below those that stay. Where the output is no terminal each change is a line of its own.
 */
export class LiveLines {
  readonly #output: Output;
  #lines = new Map<string, string>();
  #drawn = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Writes lines that stay, above those that change. */
  print(lines: readonly string[]): void {
    this.#erase();
    for (const line of lines) this.#output.write(`${line}\n`);
    this.#draw();
  }

  /** Sets the line of that key. */
  update(key: string, line: string): void {
    if (this.#output.columns === undefined) {
      this.#output.write(`${line}\n`);
      return;
    }
    this.#erase();
    this.#lines.set(key, line);
    this.#draw();
  }

  /** Lets the changing lines stand as they are. */
  settle(): void {
    this.#lines.clear();
    this.#drawn = 0;
  }

  #erase(): void {
    if (this.#drawn > 0) this.#output.write(`\u001b[${this.#drawn}A\u001b[J`);
    this.#drawn = 0;
  }

  // A line that wrapped would be two to erase.
  #draw(): void {
    for (const line of this.#lines.values()) this.#output.write(`${clip(line, this.#output.columns ?? 80)}\n`);
    this.#drawn = this.#lines.size;
  }
}

/** At most `columns` visible characters; colours are kept whole. */
function clip(line: string, columns: number): string {
  if (stripVTControlCharacters(line).length < columns) return line;
  let width = 0;
  let clipped = "";
  for (const part of line.split(/(\p{Cc}\[\d+m)/u)) {
    const isColor = part !== stripVTControlCharacters(part);
    const fitting = isColor ? part : part.slice(0, Math.max(0, columns - 1 - width));
    if (!isColor) width += fitting.length;
    clipped += fitting;
  }
  return clipped;
}
