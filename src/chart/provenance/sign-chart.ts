import type { PrivateKey } from "openpgp";
import { SlipwayError } from "../../base/error.ts";
import { sha256 } from "../../base/sha256.ts";
import { writeYamlPlain } from "../../base/yaml/write.ts";
import { metadataYaml } from "../chart-yaml.ts";
import type { PackedChart } from "../package/package-chart.ts";
import type { ChartMetadata } from "../types.ts";
import { readKeyring } from "./keyring.ts";
import { reasonOf } from "./reason.ts";

type Signer = { name: string; keyring: string; passphrase: string | undefined };

/** The provenance file of a packed chart: its Chart.yaml and its digest, signed so that Helm verifies it. */
export async function signChart(packed: PackedChart, metadata: ChartMetadata, signer: Signer): Promise<string> {
  const { createCleartextMessage, sign, enums } = await import("openpgp");
  const key = await unlocked(await findKey(signer), signer);
  const files = { files: { [packed.fileName]: `sha256:${sha256(packed.bytes)}` } };
  const text = `${metadataYaml(metadata)}\n...\n${writeYamlPlain(files)}`;
  const message = await createCleartextMessage({ text });
  try {
    return await sign({ message, signingKeys: key, config: { preferredHashAlgorithm: enums.hash.sha512 } });
  } catch (cause) {
    throw new SlipwayError("INPUT_INVALID", `Cannot sign with the key of "${signer.name}": ${reasonOf(cause)}`, {
      cause,
    });
  }
}

/** The one secret key whose owner's name is, or else has, the text. */
async function findKey({ name, keyring }: Signer): Promise<PrivateKey> {
  const keys = (await readKeyring(keyring)).filter((key): key is PrivateKey => key.isPrivate());
  const exact = keys.filter((key) => key.getUserIDs().includes(name));
  const found = exact.length > 0 ? exact : keys.filter((key) => key.getUserIDs().some((id) => id.includes(name)));
  const [key] = found;
  if (key !== undefined && found.length === 1) return key;
  const what = found.length > 1 ? `has more than one secret key for "${name}"` : `has no secret key for "${name}"`;
  throw new SlipwayError("INPUT_INVALID", `The keyring "${keyring}" ${what}`, {
    where: keyring,
    hint:
      found.length > 1
        ? "Write the whole of the name that the key shows."
        : "GnuPG keeps secret keys elsewhere: write them to a file with `gpg --export-secret-keys > secret.gpg`, and name it with --keyring secret.gpg.",
  });
}

async function unlocked(key: PrivateKey, { name, passphrase }: Signer): Promise<PrivateKey> {
  if (key.isDecrypted()) return key;
  const { decryptKey } = await import("openpgp");
  try {
    return await decryptKey({ privateKey: key, passphrase: passphrase ?? "" });
  } catch (cause) {
    throw new SlipwayError("INPUT_INVALID", `Cannot unlock the secret key of "${name}"`, {
      hint: "Name the file with its passphrase with --passphrase-file.",
      cause,
    });
  }
}
