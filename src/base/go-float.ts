/** Go's `strconv.FormatFloat(value, 'g', -1, 64)`: what `%v` and YAML print for a float64 (`1e+06`, `0.1`, `+Inf`). */
export function formatGoFloat(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude < 1e6 && magnitude >= 1e-4) return String(value);
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  // JavaScript's shortest digits are Go's, but Go writes two digits of exponent at least, and from 21 digits on as well.
  return padExponent(value.toExponential());
}

function padExponent(text: string): string {
  const at = text.indexOf("e");
  const exponent = text.slice(at + 2);
  return exponent.length > 1 ? text : `${text.slice(0, at + 2)}0${exponent}`;
}

/** As encoding/json writes a float64: exponents only below 1e-6 and from 1e21 on, and without padding. */
export function formatJsonFloat(value: number): string {
  if (Object.is(value, -0)) return "-0";
  // The two agree on digits, on where exponents begin and on their form.
  return String(value);
}

/** The shortest text that reads back as the same float32, in the form of `%g`. */
export function formatGoFloat32(value: number): string {
  const rounded = Math.fround(value);
  if (rounded === 0 || !Number.isFinite(rounded)) return formatGoFloat(rounded);
  for (let digits = 1; digits <= 9; digits++) {
    const candidate = Number(rounded.toPrecision(digits));
    if (Math.fround(candidate) === rounded) return formatGoFloat(candidate);
  }
  return formatGoFloat(rounded);
}
