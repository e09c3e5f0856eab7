// The same as read_warc.c's list and time, with npm's warcio: node warcio_read.mjs list|time N FILE…
import { createHash } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { WARCParser } from "warcio";

const [what, times, ...files] = process.argv.slice(2);
const wanted = new Set(["response", "resource", "conversion"]);
let members = 0, bytes = 0, us = 0;

async function* chunks(data) {
  for (let at = 0; at < data.length; at += 65536) yield data.subarray(at, at + 65536);
}

for (const file of files) {
  const data = readFileSync(file);
  const begin = process.hrtime.bigint();
  for (let n = 0; n < Number(times); n++) {
    try {
      for await (const record of new WARCParser(chunks(data))) {
        if (!wanted.has(record.warcType)) { await record.skipFully(); continue; }
        const body = await record.readFully(true);
        if (body.length === 0) continue;
        members++;
        bytes += body.length;
        if (what === "list")
          console.log([record.warcTargetURI, body.length,
                       createHash("sha1").update(body).digest("hex")].join("\t"));
      }
    } catch (error) {
      if (what === "list") console.error(`${file}: ${error.message}`);
    }
  }
  us += Number((process.hrtime.bigint() - begin) / 1000n);
}
if (what === "time") console.log(`${members} ${bytes} ${us}`);
