/** What Go and the validator that Helm uses find wrong with an address of a machine or a person. */

export function ipv4Problem(text: string): string | undefined {
  const groups = text.split(".");
  if (groups.length !== 4) return "expected four decimals";
  for (const group of groups) {
    if (group.length > 1 && group.startsWith("0")) return "leading zeros";
    if (!/^[+-]?\d+$/.test(group)) return `parsing "${group}": invalid syntax`;
    const number = Number(group);
    if (number < 0 || number > 255) return "decimal must be between 0 and 255";
  }
  return undefined;
}

export function ipv6Problem(text: string): string | undefined {
  if (!text.includes(":")) return "missing colon";
  if (text.includes("%")) return "zone id is not a part of ipv6 address";
  const last = text.slice(text.lastIndexOf(":") + 1);
  const isMixed = last.includes(".");
  if (isMixed && !/^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(last)) return "no valid IPv4 address at its end";
  if (isMixed && ipv4Problem(last) !== undefined) return "no valid IPv4 address at its end";
  const plain = isMixed ? text.replace(last, "0:0") : text;
  const halves = plain.split("::");
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  if (halves.length > 2 || groups.some((group) => !/^[\da-f]{1,4}$/i.test(group))) return "invalid IPv6 address";
  return groups.length === 8 || (halves.length === 2 && groups.length < 8) ? undefined : "invalid IPv6 address";
}

export function hostnameProblem(text: string): string | undefined {
  const name = text.replace(/\.$/, "");
  if (Buffer.byteLength(name) > 253) return "more than 253 characters long";
  for (const label of name.split(".")) {
    const { length } = Buffer.from(label);
    if (length < 1 || length > 63) return "label must be 1 to 63 characters long";
    if (label.startsWith("-")) return "label starts with hyphen";
    if (label.endsWith("-")) return "label ends with hyphen";
    if (!/^[a-zA-Z0-9-]*$/.test(label)) return "invalid character";
  }
  return undefined;
}

export function emailProblem(text: string): string | undefined {
  if (Buffer.byteLength(text) > 254) return "more than 255 characters long";
  const at = text.lastIndexOf("@");
  if (at < 0) return "missing @";
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  return localPartProblem(local) ?? domainProblem(domain);
}

function localPartProblem(local: string): string | undefined {
  if (Buffer.byteLength(local) > 64) return "local part more than 64 characters long";
  if (local.length > 1 && local.startsWith('"') && local.endsWith('"')) {
    const isPlain = !/[\\"]/.test(local.slice(1, -1));
    return isPlain ? undefined : "backslash and quote are not allowed within quoted local part";
  }
  if (local.startsWith(".")) return "starts with dot";
  if (local.endsWith(".")) return "ends with dot";
  if (local.includes("..")) return "consecutive dots";
  return /^[a-zA-Z0-9.!#$%&'*+\-/=?^_`{|}~]*$/.test(local) ? undefined : "invalid character";
}

function domainProblem(domain: string): string | undefined {
  if (!domain.startsWith("[") || !domain.endsWith("]")) {
    const problem = hostnameProblem(domain);
    return problem && `invalid domain: ${problem}`;
  }
  const address = domain.slice(1, -1);
  const isNew = address.startsWith("IPv6:");
  const problem = isNew ? ipv6Problem(address.slice(5)) : ipv4Problem(address);
  return problem && `invalid ${isNew ? "ipv6" : "ipv4"} address: ${problem}`;
}
