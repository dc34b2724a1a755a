import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { decrypt, isEncrypted } from "../../src/values/sops.ts";

const encrypted = `user: app
password: ENC[AES256_GCM,data:Zm9v,iv:x,tag:y,type:str]
list:
    - ENC[AES256_GCM,data:YmFy,iv:x,tag:y,type:int]
sops:
    mac: ENC[AES256_GCM,data:abc,iv:x,tag:y,type:str]
    version: 3.9.0
`;
const path = process.env["PATH"];
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sops-"));
});
afterEach(() => {
  process.env["PATH"] = path;
  rmSync(folder, { recursive: true });
});

function program(script: string): void {
  writeFileSync(join(folder, "sops"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "sops"), 0o755);
  process.env["PATH"] = `${folder}${delimiter}${path}`;
}

test("a file that SOPS encrypted is known by its code", () => {
  expect(isEncrypted(encrypted)).toBe(true);
  expect(isEncrypted('{"a": 1, "sops":\n {"mac": "ENC[x]"}}')).toBe(false);
  expect(isEncrypted("sops: {enabled: true}")).toBe(false);
  expect(isEncrypted("a: sops")).toBe(false);
});

// As the real one does: it opens the file, which a pipe of Node's can't stand for.
const opensItsFile = 'for path; do :; done; [ -f "$path" ] || exit 1; grep -q "^sops:" < "$path" || exit 1';

test("sops gets the text and no shell; what it decrypts is secret", async () => {
  program(`${opensItsFile}; printf "user: app\\npassword: s3cret word\\nlist:\\n    - 12345\\n"`);
  const secrets: string[] = [];
  const text = await decrypt(encrypted, { file: "prod.enc.yaml", onSecret: (secret) => void secrets.push(secret) });
  expect(text).toBe("user: app\npassword: s3cret word\nlist:\n    - 12345\n");
  expect(secrets).toEqual(["s3cret word", "12345"]);
});

test("why sops fails is told", async () => {
  program("echo 'Failed to get the data key' >&2; exit 128");
  await expect(decrypt(encrypted, { file: "prod.enc.yaml", onSecret: () => {} })).rejects.toMatchObject({
    code: "VALUES_INVALID",
    where: "prod.enc.yaml",
    detail: "Failed to get the data key",
  });
});

test("without sops the error says what to add to the workflow", async () => {
  process.env["PATH"] = folder;
  await expect(decrypt(encrypted, { file: "prod.enc.yaml", onSecret: () => {} })).rejects.toMatchObject({
    message: 'Cannot decrypt "prod.enc.yaml": there is no sops on the PATH',
    hint: expect.stringContaining("- run:"),
  });
});
