import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sprigFunctions } from "../../../src/template/sprig/functions.ts";
import { createTemplateSet } from "../../../src/template/template-set.ts";
import { certificateTemplate, shapesOf } from "./certificate-shape.ts";

const fromHelm: Record<string, string[]> = JSON.parse(
  readFileSync(new URL("certificates.generated.json", import.meta.url), "utf8"),
);

function render(template: string): string {
  const set = createTemplateSet(sprigFunctions);
  set.parse("all", template);
  return set.execute("all", new Map());
}

function pemOf(rendered: string, name: string): string {
  return Buffer.from(new RegExp(`^${name}: (\\S+)$`, "m").exec(rendered)?.[1] ?? "", "base64").toString();
}

const rendered = render(certificateTemplate);

test.each(Object.keys(fromHelm))("%s has the shape that Helm gives it", (name) => {
  expect(shapesOf(rendered)[name]).toEqual(fromHelm[name]);
});

test("what an authority signs can be verified with it", () => {
  const ca = new X509Certificate(pemOf(rendered, "ca"));
  const signed = new X509Certificate(pemOf(rendered, "signed"));
  expect(signed.checkIssued(ca) && signed.verify(ca.publicKey)).toBe(true);
  expect(ca.checkPrivateKey(createPrivateKey(pemOf(rendered, "rsakey")))).toBe(true);
  const days = (Date.parse(signed.validTo) - Date.parse(signed.validFrom)) / 86_400_000;
  expect(days).toBe(10);
});

test("names and addresses are in the certificate", () => {
  const certificate = new X509Certificate(pemOf(rendered, "self"));
  expect(certificate.subjectAltName).toBe(
    "DNS:a.example.com, DNS:*.b, IP Address:10.0.0.1, IP Address:2001:DB8:0:0:0:0:0:1",
  );
  expect(certificate.subject).toBe("CN=self.example.com");
});

test("a key that is not the authority's is refused", () => {
  const template = `{{ $a := genCAWithKey "a" 1 (genPrivateKey "ecdsa") }}{{ $b := genCAWithKey "b" 1 (genPrivateKey "ecdsa") }}
{{ genSignedCert "c" nil nil 1 (buildCustomCert (b64enc $a.Cert) (b64enc $b.Key)) }}`;
  expect(() => render(template)).toThrow("provided PrivateKey doesn't match parent's PublicKey");
});
