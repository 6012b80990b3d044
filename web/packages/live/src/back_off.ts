const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * How long to wait before try number `tries` (0 is the first retry): doubling up to 30 s,
 * and anywhere between half and all of that, so that clients cut together do not come back together.
 */
export function back_off(tries: number, random: () => number = Math.random): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 10));
  return Math.round(whole * (0.5 + random() / 2));
}
