// The ids that the graph gives its claims and evidences: 24 hexadecimal digits of BLAKE2b over their content.

const WORD = (1n << 64n) - 1n;
const START = [
  0x6a09e667f3bcc908n, 0xbb67ae8584caa73bn, 0x3c6ef372fe94f82bn, 0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n, 0x9b05688c2b3e6c1fn, 0x1f83d9abfb41bd6bn, 0x5be0cd19137e2179n,
];
// SIGMA of RFC 7693, a hexadecimal digit for each number.
const ORDER = [
  "0123456789abcdef", "ea489fd61c02b753", "b8c052fdae367194", "7931dcbe265a40f8", "905724afe1bc683d",
  "2c6a0b834d75fe19", "c51fed4a0763928b", "db7ec13950f4862a", "6fe9b308c2d714a5", "a2847615fb9e3cd0",
].map((row) => [...row].map((digit) => parseInt(digit, 16)));

const turned = (x, n) => ((x >> n) | (x << (64n - n))) & WORD;

function mixed(v, [a, b, c, d], x, y) {
  v[a] = (v[a] + v[b] + x) & WORD;
  v[d] = turned(v[d] ^ v[a], 32n);
  v[c] = (v[c] + v[d]) & WORD;
  v[b] = turned(v[b] ^ v[c], 24n);
  v[a] = (v[a] + v[b] + y) & WORD;
  v[d] = turned(v[d] ^ v[a], 16n);
  v[c] = (v[c] + v[d]) & WORD;
  v[b] = turned(v[b] ^ v[c], 63n);
}

const LANES = [[0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15], [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14]];

/** BLAKE2b (RFC 7693) of bytes, without a key, as `size` bytes in hexadecimal. */
function blake2b(bytes, size) {
  const state = START.slice(), padded = new Uint8Array(Math.max(128, Math.ceil(bytes.length / 128) * 128));
  padded.set(bytes);
  state[0] ^= 0x01010000n ^ BigInt(size);
  const words = new DataView(padded.buffer);
  for (let at = 0; at < padded.length; at += 128) {
    const last = at + 128 >= padded.length;
    const v = [...state, ...START];
    v[12] ^= BigInt(last ? bytes.length : at + 128);
    if (last) v[14] ^= WORD;
    const block = Array.from({ length: 16 }, (_, i) => words.getBigUint64(at + 8 * i, true));
    for (let round = 0; round < 12; round++) {
      LANES.forEach((lane, i) => mixed(v, lane, block[ORDER[round % 10][2 * i]], block[ORDER[round % 10][2 * i + 1]]));
    }
    for (let i = 0; i < 8; i++) state[i] ^= v[i] ^ v[i + 8];
  }
  return state.map((word) => word.toString(16).padStart(16, "0").match(/../g).reverse().join("")).join("").slice(0, 2 * size);
}

const contentId = (...parts) => blake2b(new TextEncoder().encode(parts.join("\x1f")), 12);

/** An id as the last part of an IRI: itself when it is plain, else a hash of it. */
const localId = (id) => (/^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9_])?$/.test(id) ? id : "x-" + contentId(id));
