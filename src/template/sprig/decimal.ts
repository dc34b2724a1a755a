import { FunctionError } from "../function.ts";

/** `value` · 10^`exponent`, as the decimal library that the float functions count with. */
export type Decimal = { value: bigint; exponent: number };

const divisionDigits = 16;

/** The shortest digits that read back as this float. */
export function fromFloat(value: number): Decimal {
  if (!Number.isFinite(value)) {
    const name = Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    throw new FunctionError(`Cannot create a Decimal from ${name}`);
  }
  const [mantissa = "0", exponent = "0"] = value.toExponential().split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  return { value: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

export function toFloat({ value, exponent }: Decimal): number {
  return value === 0n ? 0 : Number(`${value}e${exponent}`);
}

export function add(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  return { value: scaled(a, exponent) + scaled(b, exponent), exponent };
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  return add(a, { value: -b.value, exponent: b.exponent });
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { value: a.value * b.value, exponent: a.exponent + b.exponent };
}

/** To 16 decimal places; a half is rounded away from zero. */
export function divide(a: Decimal, b: Decimal): Decimal {
  if (b.value === 0n) throw new FunctionError("decimal division by 0");
  const shift = a.exponent - b.exponent + divisionDigits;
  const dividend = shift >= 0 ? a.value * power(shift) : a.value;
  const divisor = shift >= 0 ? b.value : b.value * power(-shift);
  const quotient = dividend / divisor;
  const remainder = dividend % divisor;
  const away = 2n * abs(remainder) >= abs(divisor) ? 1n : 0n;
  const value = a.value < 0n !== b.value < 0n ? quotient - away : quotient + away;
  return { value, exponent: -divisionDigits };
}

function scaled({ value, exponent }: Decimal, target: number): bigint {
  return value * power(exponent - target);
}

function power(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
