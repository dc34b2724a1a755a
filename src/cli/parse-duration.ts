const unitMs: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 0.001, µs: 0.001, ns: 0.000001 };

/** Go's durations (`1h30m`, `90s`, `1.5m`), and plain seconds, in milliseconds; `undefined` where the text is neither. */
export function parseDuration(text: string): number | undefined {
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  if (!/^(\d+(\.\d*)?(h|ms|m|s|us|µs|ns))+$/.test(text) || text.length > 64) return undefined;
  let ms = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d*)?)(h|ms|m|s|us|µs|ns)/g))
    ms += Number(number) * (unitMs[unit ?? ""] ?? 0);
  return Number.isFinite(ms) ? ms : undefined;
}
