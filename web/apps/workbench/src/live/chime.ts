let context: AudioContext | null = null
let lastAt = 0
const MERGE_MILLISECONDS = 3000

/** Browsers allow sound only after a touch or key; call this from one. */
export function unlockSound(): void {
  context ??= new AudioContext()
  if (context.state === 'suspended') void context.resume()
}

/** Two soft notes; several calls within 3 s sound once. */
export function chime(urgent: boolean): void {
  const now = Date.now()
  if (!context || context.state !== 'running' || now - lastAt < MERGE_MILLISECONDS) return
  lastAt = now
  const notes = urgent ? [880, 660, 880] : [660, 880]
  notes.forEach((hertz, index) => playNote(context as AudioContext, hertz, index * 0.13))
}

function playNote(audio: AudioContext, hertz: number, delay: number): void {
  const start = audio.currentTime + delay
  const tone = audio.createOscillator()
  const volume = audio.createGain()
  tone.frequency.value = hertz
  volume.gain.setValueAtTime(0, start)
  volume.gain.linearRampToValueAtTime(0.12, start + 0.02)
  volume.gain.exponentialRampToValueAtTime(0.001, start + 0.32)
  tone.connect(volume).connect(audio.destination)
  tone.start(start)
  tone.stop(start + 0.34)
}
