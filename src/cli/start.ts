import { run } from "./run.ts";
import { standardStream } from "./standard-stream.ts";

const cancel = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => cancel.abort());

const out = standardStream(1);
const terminal = { out, err: standardStream(2), env: process.env, isTty: out.isTty, signal: cancel.signal };
void run(process.argv.slice(2), terminal).then((code) => {
  process.exitCode = code;
});
