// Which bytes a Range header asks for (RFC 9110, 14.2): the rule of portal/audio/ranges.py, for a copy on the device.
// Pure: header and size in, [first, last] out; null for the whole file, "unsatisfiable" for 416. No input throws.

const LONGEST_RANGE = 200;
const ONE_RANGE = /^bytes=[ \t]*([0-9]*)-([0-9]*)[ \t]*$/i;

function askedFor(header, size) {
  if (!header || header.length > LONGEST_RANGE) return null;
  const found = ONE_RANGE.exec(header.trim());
  if (!found) return null;
  const [, first, last] = found;
  if (first) return spanFrom(Number(first), last ? Number(last) : null, size);
  return last ? spanAtEnd(Number(last), size) : null;
}

function spanFrom(first, last, size) {
  if (last !== null && last < first) return null;
  if (first >= size) return "unsatisfiable";
  return [first, Math.min(last ?? size - 1, size - 1)];
}

function spanAtEnd(length, size) {
  if (length === 0 || size === 0) return "unsatisfiable";
  return [Math.max(0, size - length), size - 1];
}
