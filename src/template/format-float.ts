/** A float's decimal digits, without leading or trailing zeros, as `0.DIGITS × 10^point`. */
type Decimal = { digits: string; point: number };

const view = new DataView(new ArrayBuffer(8));

/** Go's strconv.FormatFloat of a float64; `precision` -1 asks for the fewest digits that give the same float. */
export function formatFloat(value: number, verb: string, precision: number): string {
  if (Number.isNaN(value)) return "NaN";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const size = Math.abs(value);
  if (size === Number.POSITIVE_INFINITY) return `${sign || "+"}Inf`;
  switch (verb) {
    case "b":
      return sign + binary(size);
    case "x":
      return sign + hexadecimal(size, precision);
    case "X":
      return sign + hexadecimal(size, precision).toUpperCase();
    case "e":
    case "E":
      return sign + exponential(size, precision, verb);
    case "f":
      return sign + fixed(size, precision);
    default:
      return sign + general(size, precision, verb === "G" ? "E" : "e");
  }
}

function exponential(size: number, precision: number, letter: string): string {
  const decimal = precision < 0 ? shortest(size) : rounded(size, { significant: precision + 1 });
  return exponentText(decimal, precision < 0 ? Math.max(decimal.digits.length - 1, 0) : precision, letter);
}

function fixed(size: number, precision: number): string {
  const decimal = precision < 0 ? shortest(size) : rounded(size, { fraction: precision });
  return fixedText(decimal, precision < 0 ? Math.max(decimal.digits.length - decimal.point, 0) : precision);
}

function general(size: number, precision: number, letter: string): string {
  if (precision < 0 && size < 1e6 && Number.isInteger(size)) return String(size);
  const decimal = precision < 0 ? shortest(size) : rounded(size, { significant: precision || 1 });
  const count = decimal.digits.length;
  let limit = precision < 0 ? 6 : precision || 1;
  if (precision >= 0 && limit > count && count >= decimal.point) limit = count;
  const exponent = decimal.point - 1;
  if (exponent < -4 || exponent >= limit) return exponentText(decimal, Math.max(count - 1, 0), letter);
  return fixedText(decimal, Math.max(count - decimal.point, 0));
}

function exponentText({ digits, point }: Decimal, precision: number, letter: string): string {
  const fraction = digits.slice(1).padEnd(precision, "0");
  const exponent = digits === "" ? 0 : point - 1;
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return `${digits[0] ?? "0"}${fraction && `.${fraction}`}${letter}${exponent < 0 ? "-" : "+"}${size}`;
}

function fixedText({ digits, point }: Decimal, precision: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
  if (precision === 0) return whole;
  const fraction = point > 0 ? digits.slice(point) : "0".repeat(-point) + digits;
  return `${whole}.${fraction.slice(0, precision).padEnd(precision, "0")}`;
}

function shortest(size: number): Decimal {
  if (size === 0) return { digits: "", point: 0 };
  const [mantissa = "", exponent = "0"] = size.toExponential().split("e");
  return { digits: mantissa.replace(".", ""), point: Number(exponent) + 1 };
}

// Exact: a float is a fraction of integers, and Go rounds a tie to the even digit, which toFixed does not.
function rounded(size: number, keep: { significant: number } | { fraction: number }): Decimal {
  if (size === 0) return { digits: "", point: 0 };
  const { mantissa, exponent } = split(size);
  let places = "fraction" in keep ? keep.fraction : keep.significant - shortest(size).point;
  let scaled = scale(mantissa, exponent, places);
  // The shortest digits of a tiny float may be a power of ten above it.
  if ("significant" in keep && String(scaled).length < keep.significant) scaled = scale(mantissa, exponent, ++places);
  const digits = String(scaled);
  if (scaled === 0n) return { digits: "", point: 0 };
  return { digits: digits.replace(/0+$/, ""), point: digits.length - places };
}

// mantissa × 2^exponent × 10^places, rounded half to even.
function scale(mantissa: bigint, exponent: number, places: number): bigint {
  let top = mantissa;
  let bottom = 1n;
  if (exponent >= 0) top <<= BigInt(exponent);
  else bottom <<= BigInt(-exponent);
  if (places >= 0) top *= 10n ** BigInt(places);
  else bottom *= 10n ** BigInt(-places);
  const whole = top / bottom;
  const twice = (top % bottom) * 2n;
  return twice > bottom || (twice === bottom && whole % 2n === 1n) ? whole + 1n : whole;
}

function split(size: number): { mantissa: bigint; exponent: number } {
  view.setFloat64(0, size);
  const bits = view.getBigUint64(0);
  const biased = Number(bits >> 52n) & 0x7ff;
  const fraction = bits & 0xfffffffffffffn;
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | (1n << 52n), exponent: biased - 1075 };
}

function binary(size: number): string {
  const { mantissa, exponent } = split(size);
  return `${mantissa}p${exponent < 0 ? "" : "+"}${exponent}`;
}

function hexadecimal(size: number, precision: number): string {
  let { mantissa, exponent } = split(size);
  if (mantissa === 0n) exponent = 0;
  else {
    while (mantissa >> 52n === 0n) {
      mantissa <<= 1n;
      exponent--;
    }
    exponent += 52;
  }
  if (precision >= 0 && precision < 13) {
    const kept = scale(mantissa, -(13 - precision) * 4, 0);
    mantissa = kept << BigInt((13 - precision) * 4);
    if (mantissa >> 53n !== 0n) {
      mantissa >>= 1n;
      exponent++;
    }
  }
  const digits = (mantissa & 0xfffffffffffffn).toString(16).padStart(13, "0");
  const fraction = precision < 0 ? digits.replace(/0+$/, "") : digits.slice(0, precision).padEnd(precision, "0");
  const power = `${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  return `0x${mantissa >> 52n}${fraction && `.${fraction}`}p${power}`;
}
