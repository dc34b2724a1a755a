/** Filled in when the bundle is built. */
export const version: string = process.env["SLIPWAY_VERSION"] ?? "0.0.0-source";
