/**
 * Makes keys with the real GnuPG, signs a chart with each by the real Helm, and writes all of it to
 * test/chart/provenance/signed.generated.json. Secret keys are made for one run and not kept.
 *
 *     node scripts/signed-chart.ts
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { helmBinaries } from "./helm-binaries.ts";

export type SignedCharts = {
  /** In base64: GnuPG's own file, and the same keys as `gpg --export` writes them. */
  keybox: string;
  keyring: string;
  armored: string;
  charts: { signer: string; fingerprint: string; archive: string; provenance: string }[];
};

const folder = mkdtempSync(join(tmpdir(), "signed-chart-"));
const home = join(folder, "gnupg");
mkdirSync(home, { mode: 0o700 });
const env = { ...process.env, GNUPGHOME: home, HOME: folder };
const gpg = (...words: string[]) => execFileSync("gpg", ["--batch", "--quiet", ...words], { env, stdio: "pipe" });
const quiet = ["--pinentry-mode", "loopback", "--passphrase", ""];

try {
  const signers = { "Rsa Signer <rsa@signer.test>": "rsa2048", "Ed Signer <ed@signer.test>": "ed25519" };
  for (const [name, kind] of Object.entries(signers)) gpg(...quiet, "--quick-gen-key", name, kind, "sign", "never");
  writeFileSync(join(folder, "secret.gpg"), gpg(...quiet, "--export-secret-keys"));
  mkdirSync(join(folder, "shop"));
  writeFileSync(join(folder, "shop/Chart.yaml"), "apiVersion: v2\nname: shop\nversion: 1.0.0\n");
  const charts = Object.keys(signers).map((signer) => {
    const words = ["package", "shop", "--sign", "--key", signer, "--keyring", "secret.gpg"];
    execFileSync(helmBinaries["4"], words, { cwd: folder, env, stdio: "pipe" });
    const listed = gpg("--with-colons", "--list-keys", signer).toString();
    return {
      signer,
      fingerprint: /^fpr:+([0-9A-F]+):/m.exec(listed)?.[1] ?? "",
      archive: readFileSync(join(folder, "shop-1.0.0.tgz"), "base64"),
      provenance: readFileSync(join(folder, "shop-1.0.0.tgz.prov"), "utf8"),
    };
  });
  const signed: SignedCharts = {
    keybox: readFileSync(join(home, "pubring.kbx"), "base64"),
    keyring: gpg("--export").toString("base64"),
    armored: gpg("--export", "--armor").toString(),
    charts,
  };
  const file = new URL("../test/chart/provenance/signed.generated.json", import.meta.url);
  writeFileSync(file, `${JSON.stringify(signed, null, 1)}\n`);
} finally {
  execFileSync("gpgconf", ["--kill", "all"], { env });
  rmSync(folder, { recursive: true });
}
