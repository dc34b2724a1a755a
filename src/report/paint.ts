export type Color = "red" | "green" | "yellow" | "cyan" | "gray" | "bold";
export type Paint = (color: Color, text: string) => string;

const codes: Record<Color, [number, number]> = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
  gray: [90, 39],
  bold: [1, 22],
};

export const noPaint: Paint = (_, text) => text;

export const ansiPaint: Paint = (color, text) => {
  const [on, off] = codes[color];
  return `\u001b[${on}m${text}\u001b[${off}m`;
};
