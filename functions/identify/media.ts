/** Pictures, sound, video and fonts, which are compressed and hide nothing: known by how they begin, whatever they are called. */

const BEGINNINGS: readonly (readonly [offset: number, bytes: string])[] = [
  [0, '\xff\xd8\xff'], // JPEG
  [0, '\x89PNG\r\n\x1a\n'],
  [0, 'GIF8'],
  [8, 'WEBP'],
  [4, 'ftyp'], // MP4, HEIF, AVIF (ISO/IEC 14496-12)
  [0, '\x1aE\xdf\xa3'], // Matroska, WebM
  [0, 'ID3'],
  [0, 'OggS'],
  [0, 'fLaC'],
  [8, 'WAVE'],
  [0, 'wOFF'],
  [0, 'wOF2'],
  [0, 'OTTO'],
  [0, '\x00\x01\x00\x00\x00'], // TrueType
]

export function isMedia(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1')
  return BEGINNINGS.some(([offset, beginning]) => head.startsWith(beginning, offset))
}
