// Photos are made small on the device: a full line in a disaster carries 300 kB, not 8 MB. The
// camera's notes (place, time) stay with the photo: the town needs them, and takes them out.

const MOST_PX = 1600;
const SMALL_BYTES = 400_000;
const QUALITY = 0.82;
const ORIENTATION = 0x0112;

/** The photo to send: {bytes, type, name}; the file as it is where it cannot be made smaller. */
export async function toSend(file) {
  const original = { bytes: await file.arrayBuffer(), type: file.type, name: file.name };
  try {
    return (await reduced(file, original.bytes)) ?? original;
  } catch {
    return original;
  }
}

async function reduced(file, bytes) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, MOST_PX / Math.max(picture.width, picture.height));
  if (scale === 1 && file.size <= SMALL_BYTES && file.type === "image/jpeg") return null;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const small = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!small || (scale === 1 && small.size >= file.size)) return null;
  const whole = new Blob([withNotes(await small.arrayBuffer(), notesOf(bytes))]);
  return { bytes: await whole.arrayBuffer(), type: "image/jpeg", name: "photo.jpg" };
}

/** The Exif segment (APP1) of a JPEG with its orientation set to upright; null without one. */
export function notesOf(bytes) {
  const view = new DataView(bytes);
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 10 <= view.byteLength && view.getUint8(at) === 0xff; ) {
    const marker = view.getUint8(at + 1);
    const length = view.getUint16(at + 2) + 2;
    if (marker === 0xda || at + length > view.byteLength) return null;
    if (marker === 0xe1 && view.getUint32(at + 4) === 0x45786966) {
      const notes = bytes.slice(at, at + length);
      setUpright(new DataView(notes, 10));
      return notes;
    }
    at += length;
  }
  return null;
}

/** The pixels are drawn upright already: orientation 1 in the first directory (TIFF 6.0). */
function setUpright(tiff) {
  const little = tiff.getUint16(0) === 0x4949;
  const start = tiff.getUint32(4, little);
  const count = tiff.getUint16(start, little);
  for (let i = 0; i < count; i += 1) {
    const entry = start + 2 + 12 * i;
    if (tiff.getUint16(entry, little) === ORIENTATION) tiff.setUint16(entry + 8, 1, little);
  }
}

/** The JPEG with the notes behind its first marker. */
function withNotes(jpeg, notes) {
  if (!notes) return jpeg;
  return new Blob([jpeg.slice(0, 2), notes, jpeg.slice(2)]);
}
