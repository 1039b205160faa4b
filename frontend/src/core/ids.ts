const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const ALPHABET = `${LETTERS}0123456789`;

/** A node's id: 12 characters `[a-z0-9]`, the first a letter, so that it can end a resource's name. */
export function newNodeId(): string {
  let id = pick(LETTERS);
  while (id.length < 12) id += pick(ALPHABET);
  return id;
}

/** A UUID 4: the id of an edge, an operation or a key press. */
export function newUuid(): string {
  // crypto.randomUUID exists in secure contexts only, and a team server may be reached over plain HTTP.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** One character, each equally likely: bytes past the last whole multiple are thrown away. */
function pick(alphabet: string): string {
  const limit = 256 - (256 % alphabet.length);
  const byte = new Uint8Array(1);
  do crypto.getRandomValues(byte);
  while ((byte[0] as number) >= limit);
  return alphabet.charAt((byte[0] as number) % alphabet.length);
}
