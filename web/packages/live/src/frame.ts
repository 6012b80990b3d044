/** One JSON object on the socket, in either direction. */
export interface Frame {
  type: string;
  [key: string]: unknown;
}

/** The text of `value`, or "" when it is not text. */
export function read_text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The number in `value`, or `otherwise` when it is not a finite number. */
export function read_number(value: unknown, otherwise = 0): number {
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}

/** The frame in `data`, or null when it is not one. */
export function parse_frame(data: unknown): Frame | null {
  if (typeof data !== "string") return null;
  try {
    const frame: unknown = JSON.parse(data);
    if (typeof frame !== "object" || frame === null) return null;
    return typeof (frame as Frame).type === "string" ? (frame as Frame) : null;
  } catch {
    return null;
  }
}
