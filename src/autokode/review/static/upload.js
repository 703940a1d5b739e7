// Brings a person's files to the server in small pieces; each piece is asked for again until it is there.

import { root } from "./page.js";
import { ask, decide } from "./server.js";

const PIECE = 192 * 1024; // bytes

/** Send a file; `told` hears the share that is there. Gives the file's sign, or null if it was refused. */
export async function upload(file, name = file.webkitRelativePath || file.name, told = () => {}) {
  const begun = await decide("incoming", { name, size: file.size });
  if (!begun) return null;
  for (let at = 0; at < file.size; at += PIECE) {
    const piece = file.slice(at, at + PIECE);
    const response = await sent(`${root}incoming/${begun.sign}?at=${at}`, piece) || await sent(`${root}incoming/${begun.sign}?at=${at}`, piece);
    if (!response?.ok) {
      await ask("news"); // says that the server is gone, if it is
      return null;
    }
    told((at + piece.size) / file.size);
  }
  return begun.sign;
}

const sent = (address, piece) => (
  fetch(address, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: piece }).catch(() => null));

/** The files in what a person dropped, folders walked through: [file, its name with the folders above it]. */
export async function filesIn(dropped) {
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...dropped.files].map((file) => [file, file.name]);
  return (await Promise.all(entries.map((entry) => walked(entry, "")))).flat();
}

async function walked(entry, above) {
  const name = above + entry.name;
  if (entry.isFile) return [[await new Promise((found, lost) => { entry.file(found, lost); }), name]];
  const reader = entry.createReader();
  const within = [];
  for (;;) { // a browser gives a hundred at a time
    const some = await new Promise((found, lost) => { reader.readEntries(found, lost); });
    if (!some.length) break;
    within.push(...some);
  }
  return (await Promise.all(within.map((one) => walked(one, `${name}/`)))).flat();
}
