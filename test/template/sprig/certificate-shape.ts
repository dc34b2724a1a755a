import { readDer } from "../../../src/template/sprig/der.ts";

/** The template that the real Helm and we render to compare certificates. */
export const certificateTemplate = `{{- $ca := genCA "my-ca" 365 }}
{{- $k := genPrivateKey "ecdsa" }}
{{- $ed := genPrivateKey "ed25519" }}
{{- $eca := genCAWithKey "ec*ca" 36500 $k }}
ca: {{ $ca.Cert | b64enc }}
self: {{ (genSelfSignedCert "self.example.com" (list "10.0.0.1" "2001:db8::1") (list "a.example.com" "*.b") 30).Cert | b64enc }}
signed: {{ (genSignedCert "signed" nil (list "x") 10 $ca).Cert | b64enc }}
empty: {{ (genSelfSignedCert "" (list "::ffff:1.2.3.4") nil 10).Cert | b64enc }}
ecca: {{ $eca.Cert | b64enc }}
ecsigned: {{ (genSignedCertWithKey "é" nil nil 10 $eca $ed).Cert | b64enc }}
ed: {{ (genCAWithKey "ed" 1 $ed).Cert | b64enc }}
rsakey: {{ $ca.Key | b64enc }}
eckey: {{ $k | b64enc }}
edkey: {{ $ed | b64enc }}
dsakey: {{ genPrivateKey "dsa" | b64enc }}
`;

/** Each PEM text's label and elements by name; keys, signatures, numbers and times are masked. */
export function shapesOf(rendered: string): Record<string, string[]> {
  const shapes: Record<string, string[]> = {};
  for (const [, name = "", text = ""] of rendered.matchAll(/^([a-z]+): (\S{20,})$/gm)) {
    const lines = Buffer.from(text, "base64").toString().trim().split("\n");
    const widths = new Set(lines.slice(1, -2).map((line) => line.length));
    shapes[name] = [`${lines[0]} ${[...widths]}`, ...shape(Buffer.from(lines.slice(1, -1).join(""), "base64"), 0)];
  }
  return shapes;
}

function shape(bytes: Buffer, depth: number): string[] {
  return readDer(bytes).flatMap(({ tag, content }) => {
    const head = `${" ".repeat(depth)}${tag.toString(16)}`;
    if ((tag & 0x20) !== 0) return [head, ...shape(content, depth + 1)];
    if (tag === 4 && content.length > 1 && content.length !== 32) {
      const inner = nested(content, depth);
      if (inner) return [head, ...inner];
    }
    return [content.length > 12 || tag === 0x17 || tag === 0x18 ? `${head} …` : `${head} ${content.toString("hex")}`];
  });
}

function nested(content: Buffer, depth: number): string[] | undefined {
  if (content.length === 20) return undefined;
  try {
    return shape(content, depth + 1);
  } catch {
    return undefined;
  }
}
